"""The ways to read one column as a ranking: by its value, by whether it is known at all, by its levels."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
How = Literal["value", "known", "levels"]

FOLDS = 5
SMOOTHING = 20.0  # rows of the mean outcome that every level is given
MOST_LEVELS = 40  # a number with no more values may be a code that hides its order


@dataclass(frozen=True)
class Reading:
    """How a column ranks an outcome: `ranks` (n,), the higher the more of it, with their normalized Gini."""

    how: How
    gini: float
    ranks: Floats


def gini(sums: Floats, ranks: Floats, counts: Floats) -> float:
    """The Gini, up to a factor, of groups of `counts` rows (g,) with an outcome of `sums` (g,), sorted by `ranks`.

    It is proportional to the covariance of the outcome with the mean rank of its ties.
    """
    order = np.argsort(ranks, kind="stable")  # most come sorted, which this one sees
    placed, weights = ranks[order], counts[order]
    starts = np.flatnonzero(np.concatenate(([True], placed[1:] != placed[:-1])))
    sizes = np.add.reduceat(weights, starts)
    middles = np.cumsum(sizes) - sizes / 2.0 - weights.sum() / 2.0
    return float((np.add.reduceat(sums[order], starts) * middles).sum())


@dataclass(frozen=True)
class Column:
    """One column's rows as `codes` (n,) into its different `values` (m,), ascending, a missing one last.

    `folds` (n,) number the folds of the customers, as levels are never judged by their own customers.
    """

    values: Floats
    codes: Ints
    folds: Ints
    category: bool

    @classmethod
    def of(cls, column: Floats, folds: Ints, category: bool) -> "Column":
        """From the column's rows, shape (n,)."""
        values, codes = np.unique(column, return_inverse=True)
        return cls(values, codes, folds, category)

    def best_reading(self, outcome: Floats, whole: float) -> Reading:
        """The reading that ranks the outcome (n,) best, whose own Gini is `whole`; for a column of two values or more.

        A missing value may stand before all others or after them, or tell by being missing.
        """
        return max(self._readings(outcome, whole), key=lambda reading: reading.gini)

    def _readings(self, outcome: Floats, whole: float) -> Iterator[Reading]:
        if not self.category:
            sums = np.bincount(self.codes, outcome).astype(np.float64)
            counts = np.bincount(self.codes).astype(np.float64)
            for how, places in self._orders():
                found = gini(sums, places, counts) / whole
                yield Reading(how, abs(found), np.copysign(1.0, found) * places[self.codes])
        if self.category or len(self.values) <= MOST_LEVELS:
            yield self._by_level(outcome, whole)

    def _orders(self) -> Iterator[tuple[How, Floats]]:
        """Where each value may stand, shape (m,)."""
        places, missing = np.arange(len(self.values), dtype=np.float64), np.isnan(self.values)
        if missing[-1]:
            yield "known", (~missing).astype(np.float64)
            yield "value", np.where(missing, -1.0, places)
        yield "value", places

    def _by_level(self, outcome: Floats, whole: float) -> Reading:
        """By the smoothed mean outcome of the level (missing is one) in the other folds."""
        size = len(self.values)
        cells = self.folds * size + self.codes
        sums = np.bincount(cells, outcome, FOLDS * size).astype(np.float64).reshape(FOLDS, size)
        counts = np.bincount(cells, minlength=FOLDS * size).reshape(FOLDS, size).astype(np.float64)
        others, rows = sums.sum(0) - sums, counts.sum(0) - counts
        # one prior for all: a prior by fold would tell which fold a row is in, and so what that fold lacks
        means = (others + SMOOTHING * outcome.mean()) / (rows + SMOOTHING)
        found = gini(sums.ravel(), means.ravel(), counts.ravel()) / whole
        return Reading("levels", found, means[self.folds, self.codes])
