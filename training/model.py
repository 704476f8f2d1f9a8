"""One target's model: a start from theory, trees on top, a calibrator, all on the link scale."""

from dataclasses import dataclass
from typing import Literal

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from training.buy_till_you_die import Offset

Floats = NDArray[np.float64]
Scale = Literal["log", "logit"]

FEW_ROWS = 64
ALL_THREADS = 0


@dataclass(frozen=True)
class Explanation:
    """Contributions on the link scale: `base_value + contributions.sum(axis=1) == raw` for every row.

    `contributions` has shape (n, f) in the order of the features; `base_value` and `raw` shape (n,).
    """

    scale: Scale
    base_value: Floats
    contributions: Floats
    raw: Floats

    def mirrored(self) -> "Explanation":
        """The explanation of the opposite event: log-odds change their sign."""
        return Explanation(self.scale, -self.base_value, -self.contributions, -self.raw)

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
    """raw = intercept + slope · (start + offset(x) + trees(x)); the score is exp(raw) or 1/(1+exp(−raw)).

    `offset` is None where theory has nothing to say (a conversion that is no purchase); `inputs` are the
    positions of its four inputs among the features. A positive `slope` keeps the calibrator increasing.
    """

    target: str
    booster: lgb.Booster
    start: float
    offset: Offset | None
    inputs: tuple[int, ...]
    slope: float
    intercept: float
    horizon_days: int

    @property
    def scale(self) -> Scale:
        return "log" if self.target == "lifetime_value" else "logit"

    def raw(self, features: Floats) -> Floats:
        """Link-scale scores of (n, f) features, shape (n,)."""
        trees = np.asarray(self.booster.predict(features, raw_score=True, num_threads=_threads(features)))
        offset = 0.0 if self.offset is None else self.offset.served(features[:, self.inputs])
        return self.intercept + self.slope * (self.start + offset + trees)

    def predict(self, features: Floats) -> Floats:
        """Scores in their own unit (currency, or probability), shape (n,)."""
        return inverse_link(self.raw(features), self.scale)

    def explain(self, features: Floats) -> Explanation:
        """Exact TreeSHAP of the trees (path-dependent) and exact Shapley values of the offset."""
        shares = np.asarray(self.booster.predict(features, pred_contrib=True, num_threads=_threads(features)))
        base, contributions = self.start + shares[:, -1], shares[:, :-1].copy()
        if self.offset is not None:
            offset_base, offset_shares = self.offset.shapley(features[:, self.inputs])
            base = base + offset_base
            for column, position in enumerate(self.inputs):
                contributions[:, position] += offset_shares[:, column]
        return Explanation(
            self.scale, self.intercept + self.slope * base, self.slope * contributions, self.raw(features)
        )


def inverse_link(raw: Floats, scale: Scale) -> Floats:
    """Money from its logarithm, or a probability from its log-odds."""
    if scale == "log":
        return np.exp(raw)
    return np.asarray(1.0 / (1.0 + np.exp(-raw)))


def _threads(features: Floats) -> int:
    """Waking the other threads costs more than predicting a few rows; the bytes are the same."""
    return 1 if len(features) < FEW_ROWS else ALL_THREADS
