"""Customers alike at the same moment: among them an honest feature has little left to tell, a leak nearly all."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.audit.yardstick import ACTIVITY, PURCHASES
from training.sample import Sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Strata = NDArray[np.int16]

BANDS = 6


def alike(sample: Sample) -> Strata:
    """A number for every row, shape (n,), equal for rows of one snapshot and of the same bands of recency,
    frequency and money; before the first purchase, of recency, frequency and tenure of any activity."""
    bought = np.nan_to_num(sample.features[:, sample.names.index(PURCHASES[1])]) > 0
    keys = np.unique(sample.snapshots, return_inverse=True)[1]
    for purchases, activity in zip(PURCHASES, ACTIVITY, strict=True):
        for rows, name in ((bought, purchases), (~bought, activity)):
            keys[rows] = keys[rows] * BANDS + _bands(sample.features[rows, sample.names.index(name)])
    # small numbers are sorted by radix, in a fraction of the time
    return np.unique(2 * keys + bought, return_inverse=True)[1].astype(np.int16)


@dataclass(frozen=True)
class Ranking:
    """The rows sorted by rank within strata, once for all draws: `order` (n,), where runs of equal rank `starts` (g,)
    and whose `stratum` (g,) they are; `strata` (n,) are those of the rows."""

    strata: Strata
    order: NDArray[np.intp]
    starts: NDArray[np.intp]
    stratum: Strata

    @classmethod
    def of(cls, strata: Strata, ranks: Floats) -> "Ranking":
        """From the rows' strata and ranks, shape (n,)."""
        order = np.argsort(ranks)
        order = order[np.argsort(strata[order], kind="stable")]
        placed, within = ranks[order], strata[order]
        fresh = (placed[1:] != placed[:-1]) | (within[1:] != within[:-1])
        starts = np.flatnonzero(np.concatenate(([True], fresh)))
        return cls(strata, order, starts, within[starts])

    def covariance(self, outcome: Floats, times: Floats) -> float:
        """Of an outcome with its mean rank among ties within its stratum, up to a factor; each row counts so many
        `times`, both of shape (n,)."""
        counted = times[self.order]
        sizes = np.add.reduceat(counted, self.starts)
        sums = np.add.reduceat(counted * outcome[self.order], self.starts)
        totals = np.bincount(self.strata, times)
        centres = np.cumsum(totals) - totals / 2.0
        return float((sums * (np.cumsum(sizes) - sizes / 2.0 - centres[self.stratum])).sum())


@dataclass(frozen=True)
class Within:
    """How well ranks order an outcome (n,) over the pairs of one stratum: a normalized Gini, draw by draw.

    For an outcome of 0 and 1 it is 2 · AUC − 1 over the comparable pairs.
    """

    outcome: Floats
    ranking: Ranking
    perfect: Ranking

    @classmethod
    def of(cls, strata: Strata, outcome: Floats, ranks: Floats) -> "Within":
        """From the rows' strata, outcome and ranks, shape (n,)."""
        return cls(outcome, Ranking.of(strata, ranks), Ranking.of(strata, outcome))

    def gini(self, times: Floats) -> float:
        """With each row counted so many `times`, shape (n,); nan where no stratum has two outcomes."""
        whole = self.perfect.covariance(self.outcome, times)
        return self.ranking.covariance(self.outcome, times) / whole if whole > 0 else np.nan


def _bands(values: Floats) -> Ints:
    """Each value's band of about equal counts, those without one in the first, shape (n,)."""
    codes = np.unique(np.nan_to_num(values, nan=-np.inf), return_inverse=True)[1]
    counts = np.bincount(codes)
    shares = (np.cumsum(counts) - counts / 2.0) / max(len(values), 1)
    return (shares[codes] * BANDS).astype(np.int64)
