"""Contributions that add up to a score, and how they are carried from one scale to another, and joined."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, exprel, log_expit

Floats = NDArray[np.float64]
Curve = Callable[[Floats], Floats]

NEAR = 0.5
"""A quotient this near to 1 has a logarithm that is told by what it is more or less than 1; one further off, where 1
itself would round it away, by the two logarithms."""


@dataclass(frozen=True)
class Explanation:
    """`base_value + contributions.sum(axis=1) == score` for every row, all three on one scale.

    `contributions` has shape (n, f) in the order of the features; `base_value` and `score` shape (n,). What
    comes out of `Bundle.explain` is in currency or a probability. Contributions are kept as they were found, `shares`,
    beside what to multiply those of each row with, `factor` (n,): a change of scale leaves the large table alone.
    """

    base_value: Floats
    shares: Floats
    score: Floats
    factor: Floats | None = None

    @cached_property
    def contributions(self) -> Floats:
        """Each feature's share of the score, shape (n, f)."""
        return self.shares if self.factor is None else self.shares * self.factor[:, None]

    def exp(self) -> "Explanation":
        """From a logarithm to the quantity itself."""
        moved = self.score - self.base_value
        return self._through(np.exp, np.exp(self.base_value) * exprel(moved))

    def log(self) -> "Explanation":
        """From a positive quantity to its logarithm."""
        return self._through(np.log, _secant_of_log(self.base_value, self.score))

    def expit(self) -> "Explanation":
        """From log-odds to the probability."""
        return self._through(expit, _secant_of_expit(self.base_value, self.score))

    def log_expit(self) -> "Explanation":
        """From log-odds to the logarithm of the probability, which may be next to 1."""
        logs = _secant_of_log(expit(self.base_value), expit(self.score))
        return self._through(log_expit, logs * _secant_of_expit(self.base_value, self.score))

    def log_complement(self) -> "Explanation":
        """From the logarithm of a probability to that of the opposite, which may be next to 0 or to 1."""
        base, score = -np.expm1(self.base_value), -np.expm1(self.score)
        falls = np.exp(self.base_value) * exprel(self.score - self.base_value)
        return self._through(_log_of_complement, -falls * _secant_of_log(base, score))

    def clipped(self, low: float, high: float) -> "Explanation":
        """From a number to the nearest one between two ends."""
        moved = self.score - self.base_value
        kept = _clip(self.score, low, high) - _clip(self.base_value, low, high)
        return self._through(
            lambda x: _clip(x, low, high), np.divide(kept, moved, out=np.ones_like(kept), where=moved != 0.0)
        )

    def _through(self, curve: Curve, secant: Floats) -> "Explanation":
        """The explanation of curve(score): each contribution times the slope of the secant from base to score, the
        curve's own slope where they are one.

        The secants are written so that nothing cancels, however near the two are. This is an exact re-expression,
        not the Shapley value of the curved game.
        """
        return Explanation(curve(self.base_value), self.shares, curve(self.score), self._times(secant))

    def times(self, factor: float | Floats) -> "Explanation":
        """A multiple, the same for all rows or one a row."""
        return Explanation(self.base_value * factor, self.shares, self.score * factor, self._times(factor))

    def _times(self, factor: float | Floats) -> Floats:
        if self.factor is not None:
            return self.factor * factor
        return np.full(len(self.score), factor) if isinstance(factor, float) else factor

    def plus(self, other: "Explanation") -> "Explanation":
        """The explanation of the sum of two scores."""
        return Explanation(
            self.base_value + other.base_value, self.contributions + other.contributions, self.score + other.score
        )

    def less(self, other: "Explanation") -> "Explanation":
        """The explanation of the difference of two scores."""
        return self.plus(other.times(-1.0))

    def where(self, rows: NDArray[np.bool_], other: "Explanation") -> "Explanation":
        """This explanation for the rows, shape (n,), and the other one elsewhere."""
        return Explanation(
            np.where(rows, self.base_value, other.base_value),
            np.where(rows[:, None], self.contributions, other.contributions),
            np.where(rows, self.score, other.score),
        )

    def residual(self) -> Floats:
        """|base + contributions − score| in units of the largest number involved, shape (n,)."""
        total = self.base_value + self.contributions.sum(axis=1)
        sizes = np.abs(self.contributions).max(axis=1, initial=0.0)
        scale = np.maximum.reduce([np.abs(self.base_value), np.abs(self.score), sizes])
        return np.asarray(np.abs(total - self.score) / np.where(scale > 0.0, scale, 1.0))


def _clip(values: Floats, low: float, high: float) -> Floats:
    return np.minimum(np.maximum(values, low), high)


def _log_of_complement(logs: Floats) -> Floats:
    """log(1 − exp(x)) of negative numbers: of a chance that 1 would round away, too (Mächler 2012, log1mexp)."""
    small = logs < -np.log(2.0)
    next_to_one = np.log1p(-np.exp(np.where(small, logs, -1.0)))
    below = np.log(-np.expm1(np.where(small, -1.0, logs)))
    return np.where(small, next_to_one, below)


def constant(score: Floats, features: Floats) -> Explanation:
    """Of a score that no feature moves; `score` has shape (n,), `features` (n, f)."""
    return Explanation(score, np.zeros_like(features), score)


def _secant_of_expit(base: Floats, score: Floats) -> Floats:
    return np.asarray(expit(score) * expit(-base) * exprel(base - score))


def _secant_of_log(base: Floats, score: Floats) -> Floats:
    """(log(score) − log(base)) / (score − base) of positive numbers, 1 / base where they are one."""
    moved = (score - base) / base
    near = np.abs(moved) < NEAR
    if near.all():
        return _near_secant_of_log(base, moved)
    apart = np.divide(np.log(score) - np.log(base), score - base, out=np.zeros_like(moved), where=~near)
    return np.where(near, _near_secant_of_log(base, np.where(near, moved, 0.0)), apart) if near.any() else apart


def _near_secant_of_log(base: Floats, moved: Floats) -> Floats:
    return np.asarray(np.divide(np.log1p(moved), moved, out=np.ones_like(moved), where=moved != 0.0) / base)
