"""Intervals of the money that a customer really brings: conformalised, narrow where the past was predictable."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit

Floats = NDArray[np.float64]
Shape = tuple[Floats, Floats]
"""Centre and stretch, each of shape (n,)."""

LEVELS = (80, 90)
"""In percent, ascending."""

GRID = np.linspace(0.0, 1.0, 401)
THIRDS = 3
LEAST_IN_THIRD = 100
NEAR = 1e-6
STEPS = 40


@dataclass(frozen=True)
class Ranges:
    """The distribution of what a customer brings, given the `value` expected and the chance of nothing at all.

    With probability `nothing` it is 0. Else asinh(money / unit) lies around asinh(m / unit), where m is the
    value divided by 1 − nothing; it is shifted by `location` and stretched by `spread`, both linear in 1,
    |asinh(m / unit)| and the log-odds of nothing, no further than from the `least` to the `most` ever seen of each, and
    `residuals` (401,) are the quantiles of what then is left.
    `silence` are intercept and slope, on log(value / unit), of the log-odds of bringing anything, for customers
    without a churn of their own. `confidence` holds, for each level in percent, the probability to ask of this
    distribution so that so many were covered in the past, at each of the `knots`, log-odds of nothing,
    ascending. Money never lies below the `floor`; where there is none, it lies around m on its own scale, unshifted:
    on that of asinh what may fall on either side of 0 has two humps, and intervals without measure.
    """

    unit: float
    location: tuple[float, ...]
    spread: tuple[float, ...]
    least: tuple[float, ...]
    most: tuple[float, ...]
    residuals: tuple[float, ...]
    silence: tuple[float, float]
    knots: tuple[float, ...]
    confidence: Mapping[int, tuple[float, ...]]
    floor: float | None

    @classmethod
    def fit(
        cls, value: Floats, silent: Floats, money: Floats, customers: NDArray[np.int64], *, may_be_negative: bool
    ) -> Self:
        """From rows that no tree had seen, arrays of shape (n,): the `value` predicted, the predicted chance of no
        purchase (nan without one), the `money` that came (currency), and the customer of the row.

        Split conformal prediction (Lei, G'Sell, Rinaldo, Tibshirani and Wasserman 2018) in the level of a
        predictive distribution (Chernozhukov, Wüthrich and Zhu 2021), apart for customers who are likely,
        less likely and unlikely to bring anything.
        """
        came = money != 0.0
        unit = float(np.median(np.abs(money[came]))) / 10.0
        silence = _silence(value / unit, came)
        floor = None if may_be_negative else 0.0
        draft = cls(
            unit, (0.0,) * 3, (0.0,) * 3, (0.0,) * 3, (0.0,) * 3, (0.0,) * len(GRID), silence, (0.0,), {}, floor
        )
        nothing = draft.nothing(value, silent)
        inputs = draft.inputs(value, nothing)[:, came]
        missed = draft.scaled(money[came]) - draft.scaled(value[came] / (1.0 - nothing[came]))
        location = np.zeros(3) if may_be_negative else _regressed(missed, inputs)
        left = missed - _line(location, inputs)
        spread = _regressed(np.log(np.abs(left) + NEAR), inputs)
        residuals = np.quantile(left / np.exp(_line(spread, inputs)), GRID)
        found = {"location": location, "spread": spread, "residuals": residuals}
        found |= {"least": inputs.min(axis=1), "most": inputs.max(axis=1)}
        plain = asdict(draft) | {name: tuple(numbers.tolist()) for name, numbers in found.items()}
        return cls(**plain)._conformal(value, nothing, money, customers)

    def nothing(self, value: Floats, silent: Floats) -> Floats:
        """The chance of no money at all, shape (n,): that of no purchase, or what the value alone says of it."""
        alone = expit(-(self.silence[0] + self.silence[1] * _log(value / self.unit)))
        return _between(np.where(np.isnan(silent), alone, silent), NEAR, 1.0 - NEAR)

    def inputs(self, value: Floats, nothing: Floats) -> Floats:
        """What location and spread are linear in, shape (3, n)."""
        size = np.abs(np.arcsinh(value / (1.0 - nothing) / self.unit))
        return np.stack([np.ones(len(value)), size, logit(nothing)])

    def scaled(self, money: Floats) -> Floats:
        """Money as it is shifted and stretched, shape (n,): what may be negative on its own scale, else by asinh."""
        return money / self.unit if self.floor is None else np.arcsinh(money / self.unit)

    def unscaled(self, scaled: Floats) -> Floats:
        """The money (currency) that `scaled` made so."""
        return self.unit * (scaled if self.floor is None else np.sinh(scaled))

    def intervals(self, value: Floats, silent: Floats) -> dict[int, tuple[Floats, Floats]]:
        """By level in percent, (low, high) in currency, each (n,), that hold what comes that many times of a hundred,
        and the value.

        A level holds the levels below it: who may bring nothing has an interval from 0, whose upper end alone could
        come out lower than that of a smaller one that leaves both ends out.
        """
        nothing = self.nothing(value, silent)
        odds = logit(nothing)
        shape = self._shape(value, nothing)
        low, high, found = value, value, {}
        for level in LEVELS:
            ends = self._central(shape, nothing, np.interp(odds, *self._confidence[level]))
            low, high = np.minimum(low, ends[0]), np.maximum(high, ends[1])
            found[level] = low, high
        return found

    def to_dict(self) -> dict[str, Any]:
        plain = asdict(self)
        return plain | {"confidence": {str(level): asked for level, asked in self.confidence.items()}}

    @classmethod
    def from_dict(cls, plain: Mapping[str, Any]) -> Self:
        confidence = {int(level): tuple(asked) for level, asked in plain["confidence"].items()}
        parts = {key: tuple(part) if isinstance(part, Sequence) else part for key, part in plain.items()}
        return cls(**parts | {"confidence": confidence})

    def _central(self, shape: Shape, nothing: Floats, probability: Floats) -> tuple[Floats, Floats]:
        """The interval that holds `probability`: as much is left out below as above, unless nothing at all is so
        likely that it bounds the interval below; then all is left out above."""
        centre, stretch = shape
        if self.floor is None:
            negative = (1.0 - nothing) * np.interp(-centre / stretch, self._left, GRID)
        else:
            negative = np.zeros(len(nothing))
        below = (1.0 - probability) / 2.0
        bounded = (negative <= below) & (below <= negative + nothing)
        low = np.where(bounded, 0.0, self._quantile(centre, stretch, nothing, negative, below))
        above = np.where(bounded, probability + negative, 1.0 - below)
        return low, self._quantile(centre, stretch, nothing, negative, np.minimum(above, 1.0))

    @cached_property
    def _left(self) -> Floats:
        """The residuals as one array: asking for two intervals reads them four times."""
        return np.array(self.residuals)

    @cached_property
    def _confidence(self) -> dict[int, tuple[Floats, Floats]]:
        """Knots and the probabilities to ask there, by level."""
        return {level: (np.array(self.knots), np.array(asked)) for level, asked in self.confidence.items()}

    @cached_property
    def _seen(self) -> tuple[Floats, Floats]:
        """The least and the most of the inputs, each of shape (3, 1)."""
        return np.array(self.least)[:, None], np.array(self.most)[:, None]

    def _shape(self, value: Floats, nothing: Floats) -> Shape:
        inputs = self.inputs(value, nothing)
        seen = _between(inputs, *self._seen)
        centre = self.scaled(value / (1.0 - nothing)) + _line(self.location, seen)
        return centre, np.exp(_line(self.spread, seen))

    def _quantile(self, centre: Floats, stretch: Floats, nothing: Floats, negative: Floats, share: Floats) -> Floats:
        """The money below which `share` (n,) of what may come lies."""
        within = np.where(share <= negative, share, share - nothing) / (1.0 - nothing)
        money = self.unscaled(centre + stretch * np.interp(within, GRID, self._left))
        money = np.where((share > negative) & (share <= negative + nothing), 0.0, money)
        return money if self.floor is None else np.maximum(money, self.floor)

    def _conformal(self, value: Floats, nothing: Floats, money: Floats, customers: NDArray[np.int64]) -> Self:
        parts = _thirds(nothing, customers)
        knots = tuple(float(np.median(logit(nothing[part]))) for part in parts)
        confidence = {
            level: tuple(self._asked(level, value[part], nothing[part], money[part], customers[part]) for part in parts)
            for level in LEVELS
        }
        return type(self)(**asdict(self) | {"knots": knots, "confidence": confidence})

    def _asked(self, level: int, value: Floats, nothing: Floats, money: Floats, customers: NDArray[np.int64]) -> float:
        """The probability to ask so that `level` percent are covered; a little more where customers are few."""
        people = len(np.unique(customers))
        wanted = min(level / 100.0 * (people + 1.0) / people, 1.0)
        least, most = 0.0, 1.0
        shape = self._shape(value, nothing)
        for _ in range(STEPS):
            asked = (least + most) / 2.0
            low, high = self._central(shape, nothing, np.full(len(value), asked))
            covered = ((np.minimum(low, value) <= money) & (money <= np.maximum(high, value))).mean()
            least, most = (least, asked) if covered >= wanted else (asked, most)
        return most


def _thirds(nothing: Floats, customers: NDArray[np.int64]) -> list[NDArray[np.intp]]:
    """The rows by rising chance of nothing, in three parts; in one where customers are few."""
    few = len(np.unique(customers)) < THIRDS * LEAST_IN_THIRD
    return np.array_split(np.argsort(nothing, kind="stable"), 1 if few else THIRDS)


def _silence(ratio: Floats, came: NDArray[np.bool_]) -> tuple[float, float]:
    """Intercept and slope of a logistic regression of bringing anything on the log of the value, lightly held."""

    def loss(line: Floats) -> float:
        z = line[0] + line[1] * _log(ratio)
        return float(np.logaddexp(0.0, z).sum() - z[came].sum() + 0.5 * (line @ line))

    found = minimize(loss, np.zeros(2), method="L-BFGS-B", bounds=[(-30.0, 30.0), (0.0, 5.0)])
    return float(found.x[0]), float(found.x[1])


def _regressed(values: Floats, inputs: Floats) -> Floats:
    """The weights (3,) of least squares."""
    return np.asarray(np.linalg.lstsq(inputs.T, values, rcond=None)[0])


def _log(ratio: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(ratio, NEAR)))


def _between(values: Floats, least: float | Floats, most: float | Floats) -> Floats:
    """As `np.clip`, in a fifth of the time for one customer."""
    return np.minimum(np.maximum(values, least), most)


def _line(weights: Sequence[float] | Floats, inputs: Floats) -> Floats:
    """Added in fixed order: a row's bytes do not depend on its neighbours."""
    return np.asarray(weights[0] * inputs[0] + weights[1] * inputs[1] + weights[2] * inputs[2])
