"""How fast the excess conversion after a signal fades: its half-life."""

from dataclasses import dataclass

import numpy as np

from evaluation.signals.cases import Cases, Flags, Floats, Ints
from evaluation.signals.sample import Sample, sums

WINDOWS = 6
SHORTEST_REACH, LONGEST_REACH = 91, 365
STEP = 0.02  # half-lives are tried 2 % apart, far less than any interval is wide


def reach_of(days: int) -> int:
    """How many days back a signal with a window of `days` days is followed."""
    return min(max(WINDOWS * days, SHORTEST_REACH), LONGEST_REACH)


@dataclass(frozen=True)
class Wake:
    """The customer-cutoffs `rows` whose signal was complete at most `reach` days before: `day` whole days since,
    their stratum and whether they converted."""

    reach: int
    rows: Ints
    day: Ints
    stratum: Ints
    converted: Flags

    @classmethod
    def of(cls, cases: Cases, age: Floats, reach: int) -> "Wake":
        """From the days since the signal, shape (r,), nan for never."""
        rows = np.flatnonzero(age < reach)
        return cls(reach, rows, age[rows].astype(np.int64), cases.stratum[rows], cases.converted[rows])

    def excess(self, sample: Sample) -> tuple[Floats, Floats]:
        """Per day since the signal, shape (reach,): conversions beyond the expected, and customer-cutoffs.

        Expected is the rate of the same stratum without the signal in the last `reach` days; whoever has no
        such peer is left out.
        """
        weights, strata = sample.weights[self.rows], len(sample.asked)
        peers = sample.asked - sums(self.stratum, weights, strata)
        converted = sample.converted - sums(self.stratum, weights * self.converted, strata)
        rate = converted / np.maximum(peers, 1)
        weights = np.where(peers[self.stratum] > 0, weights, 0.0)
        beyond = weights * (self.converted - rate[self.stratum])
        return sums(self.day, beyond, self.reach), sums(self.day, weights, self.reach)


def fade(excess: Floats, count: Floats) -> tuple[Floats, Floats]:
    """(a, h) of excess(age) = a · 2^(−age / h) for each of m samples, by least squares over customer-cutoffs.

    `excess` and `count` are of shape (m, reach), as `Wake.excess` gives them. For a given h the best a is a
    ratio of sums, so h alone is searched for, from 1 day to the reach: variable projection, Golub and Pereyra
    (1973). nan without any customer-cutoff.
    """
    reach = excess.shape[1]
    tried = half_lives(reach)
    curves = 2.0 ** (-(np.arange(reach) + 0.5) / tried[:, None])
    above, below = excess @ curves.T, count @ (curves**2).T
    explained = np.divide(above**2, below, out=np.zeros_like(above), where=below > 0)
    best = explained.argmax(axis=1)
    picked = np.arange(len(excess)), best
    a = np.divide(above[picked], below[picked], out=np.full(len(excess), np.nan), where=below[picked] > 0)
    return a, np.where(np.isnan(a), np.nan, tried[best])


def half_lives(reach: int) -> Floats:
    """The half-lives that are tried, in days, ascending."""
    return np.geomspace(1.0, reach, 1 + int(np.ceil(np.log(reach) / np.log1p(STEP))))
