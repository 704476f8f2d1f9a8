"""How the score of a horizon is explained: from the trained horizon, over the rungs that lead there."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import cached_property

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

    @cached_property
    def link(self) -> Explanation:
        """The raw score at the trained horizon, explained on the scale of the link."""
        return self.model.explain(self.features)

    def at(self, days: int) -> Explanation:
        """What comes within `days`, explained on the scale of the road."""
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
        return self.link.exp()

    def _over(self, rung: Rung) -> Explanation:
        share = rung.explain(self.features).log()
        return self.at(rung.neighbour).log().plus(share if rung.goes_down else share.times(-1.0)).exp()

    def _beyond(self, longest: int, days: int) -> Explanation:
        return self.model.explain_longer(self.at(longest).log(), self.features, longest, days).exp()

    def _between(self, early: Explanation | None, late: Explanation, way: float) -> Explanation:
        come = late.times(way)
        return come.plus(early.times(1.0 - way)) if early else come


class ChanceRoad(Road):
    """The chance of the model's event, as `Ladder.chances` tells it: the event of churn is the purchase.

    Carried as the logarithm of the chance without the event, which neither a small nor a large chance rounds away.
    """

    def chance(self, days: int) -> Explanation:
        """The chance of the event within `days`."""
        if days == self.model.trained_days:
            return self.link.times(self._sign).expit()
        return self.at(days).log_complement().exp()

    def without(self, days: int) -> Explanation:
        """The chance of no event within `days`."""
        if days == self.model.trained_days:
            return self.link.times(-self._sign).expit()
        return self.at(days).exp()

    def _start(self) -> Explanation:
        return self._from_odds(self.link)

    def _over(self, rung: Rung) -> Explanation:
        before, share = self.at(rung.neighbour), rung.explain(self.features).log()
        if rung.goes_down:
            return _bounded(before.log_complement().plus(share).log_complement())
        return _bounded(before.plus(share))

    def _beyond(self, longest: int, days: int) -> Explanation:
        shorter = self.at(longest)
        odds = shorter.log_complement().less(shorter).times(self._sign)
        return self._from_odds(self.model.explain_longer(odds, self.features, longest, days))

    def _between(self, early: Explanation | None, late: Explanation, way: float) -> Explanation:
        passed = late.times(way)
        return passed.plus(early.times(1.0 - way)) if early else passed

    def _from_odds(self, odds: Explanation) -> Explanation:
        return _bounded(odds.times(-self._sign).log_expit())

    @property
    def _sign(self) -> float:
        return -1.0 if self.model.target == "churn" else 1.0


def _bounded(survival: Explanation) -> Explanation:
    return survival.clipped(float(np.log1p(-MOST_CHANCE)), 0.0)
