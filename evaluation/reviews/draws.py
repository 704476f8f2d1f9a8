"""Bootstrap over customers of figures that are sums over customers, or one sum over another."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from evaluation.comparison import DRAWS
from evaluation.interval import Estimate, estimate

Floats = NDArray[np.float64]

BLOCK = 50
"""Draws that are summed at once, to spare memory."""


class Draws:
    """The customers themselves, then customers drawn with replacement (Efron 1979): the same for every figure."""

    def __init__(self, customers: int, seed: int, draws: int = DRAWS) -> None:
        self._customers, self._seed, self._draws = customers, seed, draws

    def sums(self, values: Floats) -> Floats:
        """The sums of values, shape (k, n), over the customers and over every draw, shape (1 + draws, k)."""
        drawn = (self._times[start : start + BLOCK].astype(np.float64) @ values.T for start in self._starts)
        return np.concatenate([values.sum(axis=1)[None, :], *drawn])

    def ratios(self, part: Floats, whole: Floats) -> list[Estimate]:
        """Sums of `part` over those of `whole`, both (k, n), with intervals; nan where the whole is nothing."""
        return [estimate(column) for column in over(self.sums(part), self.sums(whole)).T]

    @property
    def _starts(self) -> range:
        return range(0, self._draws, BLOCK)

    @cached_property
    def _times(self) -> NDArray[np.uint16]:
        """How often each customer was drawn, shape (draws, n)."""
        n, rng = self._customers, np.random.default_rng(self._seed)
        times = np.zeros((self._draws, n), dtype=np.uint16)
        for row in times:
            row[:] = np.bincount(rng.integers(0, max(n, 1), n), minlength=n)
        return times


def over(part: Floats, whole: Floats) -> Floats:
    """Part over whole, of any shape; nan where the whole is not above nothing."""
    ratio = np.full(part.shape, np.nan)
    np.divide(part, whole, out=ratio, where=whole > 0)
    return ratio
