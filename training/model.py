"""One target's model: a start from theory, trees on top, a calibrator, all on the link scale."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import logit

from training.explanation import Explanation, constant
from training.sample import MONEY
from training.theory.buy_till_you_die import Offset
from training.trees.forest import Forest

Floats = NDArray[np.float64]
Scale = Literal["log", "logit"]


@dataclass(frozen=True)
class TargetModel:
    """raw = slope · (start + offset(x) + trees(x)); the score is exp(raw) or 1/(1+exp(−raw)).

    `offset` is None where theory has nothing to say (a conversion that is no purchase); `inputs` are the
    positions of its four inputs among the features. A positive `slope` keeps the calibrator increasing. All
    of it speaks of the `trained_days`; a stretch leads from there to other horizons, by theory, or without one by
    the constant hazard of the `typical` chance of the event.
    """

    target: str
    trees: Forest
    start: float
    offset: Offset | None
    inputs: tuple[int, ...]
    slope: float
    typical: float
    trained_days: int

    @property
    def scale(self) -> Scale:
        return scale_of(self.target)

    def raw(self, features: Floats) -> Floats:
        """Scores of (n, f) features at the trained horizon on the link scale, shape (n,)."""
        offset = 0.0 if self.offset is None else self.offset.trained(features[:, self.inputs])
        return self.slope * (self.start + offset + self.trees.predict(features))

    def stretch(self, features: Floats, days: int) -> Floats:
        """What a horizon of `days` adds to the raw score of the trained one, shape (n,)."""
        if days == self.trained_days:
            return np.zeros(len(features))
        if self.offset is not None:
            return self.offset.stretch(features[:, self.inputs], days)
        longer = -np.expm1(np.log1p(-self.typical) * days / self.trained_days)
        return np.full(len(features), float(logit(longer) - logit(self.typical)))

    def explain(self, features: Floats) -> Explanation:
        """Of the raw score at the trained horizon: exact TreeSHAP of the trees (path-dependent), and exact Shapley
        values of the offset."""
        shares = self.trees.explain_with_sum(features)
        base = np.full(len(features), self.start + self.trees.base_value)
        explained = Explanation(base, shares[:, :-1], base + shares[:, -1]).times(self.slope)
        if self.offset is None:
            return explained
        return self._with_theory(explained, self.offset.explain(features[:, self.inputs], self.slope))

    def explain_longer(self, explained: Explanation, features: Floats, shorter: int, longer: int) -> Explanation:
        """Of the raw score at a `longer` horizon, from that at a `shorter` one (days)."""
        if self.offset is None:
            added = self.stretch(features, longer) - self.stretch(features, shorter)
            return explained.plus(constant(added, features))
        return self._with_theory(explained, self.offset.explain_stretch(features[:, self.inputs], shorter, longer))

    def _with_theory(self, explained: Explanation, theory: tuple[float, Floats]) -> Explanation:
        """With the theory's part of base and contributions added, and to the score what these two amount to."""
        base, shares = theory
        contributions = explained.contributions.copy()
        contributions[:, self.inputs] += shares
        return Explanation(explained.base_value + base, contributions, explained.score + (base + shares.sum(axis=1)))


def scale_of(target: str) -> Scale:
    """The link scale that a model of this name works on."""
    return "log" if target in MONEY else "logit"
