"""The answer about one customer; `to_dict` gives exactly the fields that HTTP and the batch file show."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic_core import to_json as written

from serving.indicators.answer import Indicators
from serving.playbook.answer import Action, Service
from serving.reasons.parts import Reasons
from serving.tiers.verdict import Tier

EXACT = 1e-9
"""So small a share of the largest number involved is a rounding error."""


def to_json(plain: Any) -> str:
    """Plain values as JSON: every digit of a number, every letter as it is. ValueError for a number that is none."""
    return json_bytes(plain).decode()


def json_bytes(plain: Any) -> bytes:
    """The same in UTF-8."""
    text = written(plain, inf_nan_mode="constants")
    if b"NaN" in text or b"Infinity" in text:
        json.dumps(plain, allow_nan=False)  # tells such a number from a text that has the word
    return text


@dataclass(frozen=True, slots=True)
class Ahead:
    """A score for another horizon, in the score's unit; null where the score itself is."""

    horizon_days: int
    value: float | None

    def to_dict(self) -> dict[str, Any]:
        return {"horizon_days": self.horizon_days, "value": self.value}


Horizons = tuple[Ahead, ...]
"""A score for every horizon that the model knows, ascending; empty where it knows its main horizon alone."""


@dataclass(frozen=True, slots=True)
class Money:
    """Money expected in the horizon, with the 90 % (`low`, `high`) and the 80 % interval of what will come.

    The intervals are null where the model gives none. Ends lie below zero where returns may outweigh purchases.
    """

    value: float
    low: float | None
    high: float | None
    low_80: float | None
    high_80: float | None
    currency: str
    horizon_days: int
    by_horizon: Horizons = ()

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "low": self.low,
            "high": self.high,
            "low_80": self.low_80,
            "high_80": self.high_80,
            "currency": self.currency,
            "horizon_days": self.horizon_days,
            "by_horizon": _plain(self.by_horizon),
        }


@dataclass(frozen=True, slots=True)
class Chance:
    """A probability in the horizon; null where the question makes no sense for the customer."""

    value: float | None
    horizon_days: int
    by_horizon: Horizons = ()

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "horizon_days": self.horizon_days, "by_horizon": _plain(self.by_horizon)}


@dataclass(frozen=True, slots=True)
class Conversion:
    """The probability of an event of one of the `event_types` in the horizon; empty where nobody named them.

    `value` is null where no such event had ever happened when the model was trained.
    `expected_days` is the median number of days to it, null where it is beyond 730 or unknown.
    """

    value: float | None
    horizon_days: int
    event_types: tuple[str, ...]
    by_horizon: Horizons = ()
    expected_days: float | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "value": self.value,
            "horizon_days": self.horizon_days,
            "event_types": list(self.event_types),
            "by_horizon": _plain(self.by_horizon),
            "expected_days": self.expected_days,
        }


def _plain(horizons: Horizons) -> list[dict[str, Any]]:
    return [ahead.to_dict() for ahead in horizons]


@dataclass(frozen=True, eq=False, slots=True)
class Breakdown:
    """All of a score's contributions in its `unit`: a currency, or "probability".

    `base_value + contributions.sum()` is `score` up to a rounding error of 1e-9 of the largest of them.
    `contributions` has shape (f,), in the order of `features`.
    """

    unit: str
    base_value: float
    contributions: NDArray[np.float64]
    score: float
    features: tuple[str, ...]

    def adds_up_to(self, score: float) -> bool:
        """Whether base value and contributions are this score."""
        apart = abs(self.base_value + float(self.contributions.sum()) - score)
        largest = max(abs(score), abs(self.base_value))
        return apart <= EXACT * largest or apart <= EXACT * float(np.abs(self.contributions).max(initial=largest))


@dataclass(frozen=True, slots=True)
class Recommendation:
    """Scores, tier, reasons and actions for one customer at a cutoff (local ISO time).

    `actions` stand by falling priority; without a tier there are none, and no `service`. `reasons` are null for a
    score that the customer does not have, and for somebody unknown. `breakdowns` holds the whole explanation of
    every score that the customer has, `feature_hash` is what the models saw (`fingerprints`); both stay in Python.
    `indicators` are null for somebody unknown.
    """

    customer_id: str
    lifetime_value: Money
    conversion: Conversion
    churn: Chance
    tier: Tier | None
    reasons: Mapping[str, Reasons | None]
    actions: tuple[Action, ...]
    degraded: tuple[str, ...]
    model_version: str
    plan_version: str | None
    cutoff: str
    breakdowns: Mapping[str, Breakdown]
    indicators: Indicators | None = None
    service: Service | None = None
    playbook_version: str | None = None
    feature_hash: str | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "lifetime_value": self.lifetime_value.to_dict(),
            "conversion": self.conversion.to_dict(),
            "churn": self.churn.to_dict(),
            "tier": self.tier.to_dict() if self.tier else None,
            "reasons": {score: told.to_dict() if told else None for score, told in self.reasons.items()},
            "indicators": self.indicators.to_dict() if self.indicators else None,
            "actions": [action.to_dict() for action in self.actions],
            "service": self.service.to_dict() if self.service else None,
            "degraded": list(self.degraded),
            "model_version": self.model_version,
            "plan_version": self.plan_version,
            "playbook_version": self.playbook_version,
            "cutoff": self.cutoff,
        }
