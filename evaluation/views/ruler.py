"""An axis for values of any spread: linear, or from some value on logarithmic to both sides of nothing."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_BEYOND = 0.005
"""The share of values that may stand beyond either end of the axis."""

HEAVY = 2.5
"""A tail so many times as long as the middle half of the values is heavy."""

WIDEST = 1e6
"""The largest value is at most so many times as large as the one from which on the axis is logarithmic."""

APART = 0.21
"""Numbers on the axis stand at least this share of its length apart."""


@dataclass(frozen=True)
class Ruler:
    """From `low` at 0 to `high` at 1; logarithmic beyond `bend` on both sides of zero, None: nowhere."""

    low: float
    high: float
    bend: float | None

    def at(self, values: Floats) -> Floats:
        """Where values of shape (n,) stand; beyond 0 and 1 those outside."""
        first, last = self._bent(np.array([self.low, self.high]))
        if first == last:
            return np.full(len(values), 0.5)
        return np.asarray((self._bent(values) - first) / (last - first))

    def ticks(self) -> list[float]:
        """Round values to write beside the axis, ascending."""
        kept: list[float] = []
        for value in self._round():
            place = self.at(np.array([value, *kept]))
            if self.low <= value <= self.high and (abs(place[1:] - place[0]) >= APART).all():
                kept.append(value)
        return sorted(kept)

    def _bent(self, values: Floats) -> Floats:
        return values if self.bend is None else np.arcsinh(values / self.bend)

    def _round(self) -> list[float]:
        """Candidates, the most welcome first."""
        if self.low == self.high:
            return [self.low]
        if self.bend is None:
            from matplotlib.ticker import MaxNLocator

            return [float(value) for value in MaxNLocator(5).tick_values(self.low, self.high)]
        last = math.ceil(math.log10(max(abs(self.low), abs(self.high), self.bend)))
        first = math.floor(math.log10(self.bend))
        decades = [10.0**power for power in range(last, first - 1, -1)]
        between = [factor * decade for factor in (3.0, 2.0, 5.0) for decade in decades]
        return [0.0, *(sign * size for size in (*decades, *between) for sign in (1.0, -1.0))]


def ruler_for(values: Floats) -> Ruler:
    """An axis that shows nearly all of the values, shape (n,), without nan."""
    low, early, late, high = np.quantile(values, [MOST_BEYOND, 0.25, 0.75, 1.0 - MOST_BEYOND]).tolist()
    if max(high - late, early - low) <= HEAVY * (late - early):
        return Ruler(low, high, None)
    sizes = np.abs(values[values != 0.0])
    bend = max(float(np.quantile(sizes, 0.25)), float(sizes.max()) / WIDEST)
    return Ruler(low, high, bend)
