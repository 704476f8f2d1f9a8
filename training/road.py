"""How the score of a horizon is explained: from the trained horizon, over the rungs that lead there."""

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.explanation import Explanation
from training.ladder import MOST_CHANCE, Ladder, Rung, around
from training.model import TargetModel

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Road(ABC):
    """From a model's trained horizon to others, for (n, f) features; its scores are those of the ladder."""

    model: TargetModel
    ladder: Ladder
    features: Floats

    def at(self, days: int) -> Explanation:
        """The score at a horizon of `days`, explained in its own unit."""
        learnt = {rung.days: rung for rung in self.ladder.rungs}
        if days == self.model.trained_days:
            return self._start()
        if days in learnt:
            return self._over(learnt[days])
        known = sorted({self.model.trained_days, *learnt})
        if days > known[-1]:
            return self._beyond(known[-1], days)
        early, late, way = around(known, days)
        return self._between(self.at(early) if early else None, self.at(late), way)

    @abstractmethod
    def _start(self) -> Explanation: ...

    @abstractmethod
    def _over(self, rung: Rung) -> Explanation: ...

    @abstractmethod
    def _beyond(self, longest: int, days: int) -> Explanation: ...

    @abstractmethod
    def _between(self, early: Explanation | None, late: Explanation, way: float) -> Explanation:
        """`way` of the way from the early horizon, or from now, to the late one."""


class MoneyRoad(Road):
    """Money in currency, as `Ladder.money` tells it."""

    def _start(self) -> Explanation:
        return self.model.explain(self.features).exp()

    def _over(self, rung: Rung) -> Explanation:
        share = rung.explain(self.features).log()
        return self.at(rung.neighbour).log().plus(share if rung.goes_down else share.times(-1.0)).exp()

    def _beyond(self, longest: int, days: int) -> Explanation:
        return self.model.explain_longer(self.at(longest).log(), self.features, longest, days).exp()

    def _between(self, early: Explanation | None, late: Explanation, way: float) -> Explanation:
        come = late.times(way)
        return come.plus(early.times(1.0 - way)) if early else come


class ChanceRoad(Road):
    """The chance of the model's event, as `Ladder.chances` tells it: the event of churn is the purchase."""

    def _start(self) -> Explanation:
        return self.model.explain(self.features).times(self._sign).expit().clipped(0.0, MOST_CHANCE)

    def _over(self, rung: Rung) -> Explanation:
        before, share = self.at(rung.neighbour), rung.explain(self.features).log()
        if rung.goes_down:
            return before.log().plus(share).exp().clipped(0.0, MOST_CHANCE)
        return before.complement().log().plus(share).exp().complement().clipped(0.0, MOST_CHANCE)

    def _beyond(self, longest: int, days: int) -> Explanation:
        odds = self.at(longest).logit().times(self._sign)
        longer = self.model.explain_longer(odds, self.features, longest, days)
        return longer.times(self._sign).expit().clipped(0.0, MOST_CHANCE)

    def _between(self, early: Explanation | None, late: Explanation, way: float) -> Explanation:
        survived = late.complement().log().times(way)
        if early:
            survived = survived.plus(early.complement().log().times(1.0 - way))
        return survived.exp().complement()

    @property
    def _sign(self) -> float:
        return -1.0 if self.model.target == "churn" else 1.0
