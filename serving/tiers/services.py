"""What each tier's service is assumed to bring: profit gained over no service at all, in the book's currency."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np

from data.settings.tiers.profit import ExpectedProfit
from serving.tiers.inputs import CHURN, VALUE, Columns, Floats

Effect = Literal["low", "mid", "high"]
ENDS: Mapping[Effect, tuple[float, float]] = {"low": (1.0, 0.0), "mid": (0.5, 0.5), "high": (0.0, 1.0)}


@dataclass(frozen=True)
class Services:
    """By tier, the highest first: `hours` and `cost` of a customer, the ends of the assumed `growth` and `retention`;
    `margin` is the share of value that is profit."""

    margin: float
    hours: Sequence[float]
    cost: Sequence[float]
    growth: Sequence[Sequence[float]]
    retention: Sequence[Sequence[float]]

    @classmethod
    def of(cls, settings: ExpectedProfit, value: str) -> "Services":
        """Those of a book whose value is gross, net or margin."""
        services = settings.services
        return cls(
            margin=settings.margin or (1.0 if value == "margin" else 0.3),
            hours=[each.hours for each in services],
            cost=[each.cost for each in services],
            growth=[list(each.growth) for each in services],
            retention=[list(each.retention) for each in services],
        )

    @classmethod
    def of_plan(cls, plain: Mapping[str, Any]) -> "Services":
        """Those of a plan."""
        return cls(**plain)

    def gains(self, columns: Columns, effect: Effect = "mid") -> Floats:
        """The profit of every service for every customer, shape (n, tiers), at one end of the assumed effects.

        Service that raises the log-odds of the next purchase by r changes its chance 1 − c by r c (1 − c), to first
        order; who buys brings value / (1 − c). With the growth g of the value, profit = margin × value × (g + r c) −
        cost. A value below 0 cannot grow. Who never bought has everything to win: c = 1.
        """
        value = np.fmax(columns[VALUE.name], 0.0)[:, None]
        churn = np.fmin(np.maximum(columns[CHURN.name], 0.0), 1.0)[:, None]
        growth, retention, cost = self._tables[effect]
        return np.asarray(self.margin * value * (growth + retention * churn) - cost)

    def gains_of(self, value: float, churn: float, effect: Effect = "mid") -> tuple[float, ...]:
        """The same for one customer, to the last bit and without arrays; nan is no value, or never bought."""
        worth = self.margin * (0.0 if math.isnan(value) else max(value, 0.0))
        chance = 1.0 if math.isnan(churn) else min(max(churn, 0.0), 1.0)
        each = self._services[effect]
        return tuple([worth * (growth + retention * chance) - cost for growth, retention, cost in each])

    @cached_property
    def _tables(self) -> dict[Effect, tuple[Floats, Floats, Floats]]:
        """Growth, retention and cost of every tier as arrays."""
        cost = np.array(self.cost)
        return {effect: (np.array(each[0]), np.array(each[1]), cost) for effect, each in self._assumed.items()}

    @cached_property
    def _services(self) -> dict[Effect, list[tuple[float, float, float]]]:
        """Growth, retention and cost of every tier, one by one."""
        return {effect: list(zip(*each, self.cost, strict=True)) for effect, each in self._assumed.items()}

    @cached_property
    def _assumed(self) -> dict[Effect, tuple[list[float], list[float]]]:
        """Growth and retention of every tier, at either end of the ranges and in the middle."""
        found: dict[Effect, tuple[list[float], list[float]]] = {}
        for effect, (low, high) in ENDS.items():
            growth, retention = (
                [low * least + high * most for least, most in ends] for ends in (self.growth, self.retention)
            )
            found[effect] = growth, retention
        return found
