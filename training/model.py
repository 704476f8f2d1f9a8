"""One target's model: a start from theory, trees on top, a calibrator, all on the link scale."""

from dataclasses import dataclass
from typing import Literal

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from training.sample import MONEY
from training.theory.buy_till_you_die import Offset

Floats = NDArray[np.float64]
Scale = Literal["log", "logit", "money"]

FEW_ROWS = 64
ALL_THREADS = 0


@dataclass(frozen=True)
class Explanation:
    """Contributions on the scale `scale`: `base_value + contributions.sum(axis=1) == raw` for every row.

    On "money" they are in currency, on the others on the link scale. `contributions` has shape (n, f) in the order
    of the features; `base_value` and `raw` shape (n,).
    """

    scale: Scale
    base_value: Floats
    contributions: Floats
    raw: Floats

    def mirrored(self) -> "Explanation":
        """The explanation of the opposite event: log-odds change their sign."""
        return Explanation(self.scale, -self.base_value, -self.contributions, -self.raw)

    def shifted_to(self, raw: Floats) -> "Explanation":
        """The same contributions to another raw score, (n,): what differs goes into the base."""
        return Explanation(self.scale, self.base_value + raw - self.raw, self.contributions, raw)

    def in_money(self) -> "Explanation":
        """Contributions to exp(raw): each is its share of the logarithm times the slope of the secant."""
        score, base = np.exp(self.raw), np.exp(self.base_value)
        moved = self.raw - self.base_value
        secant = np.where(np.abs(moved) > 1e-12, np.expm1(moved) * base / np.where(moved == 0.0, 1.0, moved), score)
        return Explanation("money", base, self.contributions * secant[:, None], score)

    def less(self, other: "Explanation") -> "Explanation":
        """The explanation of the difference of two amounts, both explained on the log scale."""
        mine, taken = self.in_money(), other.in_money()
        return Explanation(
            "money",
            mine.base_value - taken.base_value,
            mine.contributions - taken.contributions,
            mine.raw - taken.raw,
        )

    def where(self, rows: NDArray[np.bool_], other: "Explanation") -> "Explanation":
        """This explanation for the rows, shape (n,), and the other one elsewhere."""
        return Explanation(
            self.scale,
            np.where(rows, self.base_value, other.base_value),
            np.where(rows[:, None], self.contributions, other.contributions),
            np.where(rows, self.raw, other.raw),
        )


@dataclass(frozen=True)
class TargetModel:
    """raw = slope · (start + offset(x) + trees(x)) + stretch(x); the score is exp(raw) or
    1/(1+exp(−raw)).

    `offset` is None where theory has nothing to say (a conversion that is no purchase); `inputs` are the
    positions of its four inputs among the features. A positive `slope` keeps the calibrator increasing. Trees
    and calibrator speak of the `trained_days`; the stretch leads from there to the `horizon_days` that are
    served, by theory, or without one by the constant hazard of the `typical` chance of the event.
    """

    target: str
    booster: lgb.Booster
    start: float
    offset: Offset | None
    inputs: tuple[int, ...]
    slope: float
    typical: float
    trained_days: int
    horizon_days: int

    @property
    def scale(self) -> Scale:
        return scale_of(self.target)

    def raw(self, features: Floats) -> Floats:
        """Link-scale scores of (n, f) features, shape (n,)."""
        return self.raw_trained(features) + self.stretch(features, self.horizon_days)

    def raw_trained(self, features: Floats) -> Floats:
        """The same at the trained horizon."""
        trees = np.asarray(self.booster.predict(features, raw_score=True, num_threads=threads(features)))
        offset = 0.0 if self.offset is None else self.offset.trained(features[:, self.inputs])
        return self.slope * (self.start + offset + trees)

    def stretch(self, features: Floats, days: int) -> Floats:
        """What a horizon of `days` adds to the raw score of the trained one, shape (n,)."""
        if days == self.trained_days:
            return np.zeros(len(features))
        if self.offset is not None:
            return self.offset.stretch(features[:, self.inputs], days)
        longer = -np.expm1(np.log1p(-self.typical) * days / self.trained_days)
        return np.full(len(features), float(logit(longer) - logit(self.typical)))

    def predict(self, features: Floats) -> Floats:
        """Scores in their own unit (currency, or probability), shape (n,)."""
        return inverse_link(self.raw(features), self.scale)

    def explain(self, features: Floats) -> Explanation:
        """Exact TreeSHAP of the trees (path-dependent) and exact Shapley values of the offset."""
        shares = np.asarray(self.booster.predict(features, pred_contrib=True, num_threads=threads(features)))
        base = self.slope * (self.start + shares[:, -1])
        contributions = self.slope * shares[:, :-1]
        if self.offset is None:
            base = base + self.stretch(features, self.horizon_days)
        else:
            offset_base, offset_shares = self.offset.shapley(features[:, self.inputs], self.slope)
            base = base + offset_base
            for column, position in enumerate(self.inputs):
                contributions[:, position] += offset_shares[:, column]
        return Explanation(self.scale, base, contributions, self.raw(features))


def scale_of(target: str) -> Scale:
    """The link scale that a model of this name works on."""
    return "log" if target in MONEY else "logit"


def inverse_link(raw: Floats, scale: Scale) -> Floats:
    """Money from its logarithm, or a probability from its log-odds."""
    if scale == "log":
        return np.exp(raw)
    return np.asarray(1.0 / (1.0 + np.exp(-raw)))


def threads(features: Floats) -> int:
    """Waking the other threads costs more than predicting a few rows; the bytes are the same."""
    return 1 if len(features) < FEW_ROWS else ALL_THREADS
