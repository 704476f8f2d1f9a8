"""The answer about the next step; `to_dict` gives its fields as plain JSON values."""

from dataclasses import dataclass
from typing import Any, Literal

Goal = Literal["tier", "keep", "churn"]
Finding = Literal["steps", "none_within_reach", "reached_already", "reached_without", "highest_tier", "never_bought"]
"""`reached_without`: time alone would lead there, so that no step may claim it; `never_bought`: there is no churn."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the models say at a moment: money, two probabilities (null as in a recommendation) and the tier."""

    lifetime_value: float
    conversion: float | None
    churn: float | None
    tier: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "lifetime_value": self.lifetime_value,
            "conversion": self.conversion,
            "churn": self.churn,
            "tier": self.tier,
        }


@dataclass(frozen=True, slots=True)
class AssumedEvent:
    """One event of a step, at a local ISO time; `amount` is the money of its lines, null where it has none.

    `like` is the local ISO time of the customer's own event that it repeats, null where it is the book's usual one.
    """

    type: str
    role: str
    time: str
    lines: int
    amount: float | None
    like: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "type": self.type,
            "role": self.role,
            "time": self.time,
            "lines": self.lines,
            "amount": self.amount,
            "like": self.like,
        }


@dataclass(frozen=True, slots=True)
class Step:
    """Assumed events, and the scores at `cutoff` (local ISO time, the end of their time limit) with and without."""

    events: tuple[AssumedEvent, ...]
    within_days: int
    cost: float
    cutoff: str
    replayed: Replayed
    without: Replayed
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "events": [event.to_dict() for event in self.events],
            "within_days": self.within_days,
            "cost": self.cost,
            "cutoff": self.cutoff,
            "with": self.replayed.to_dict(),
            "without": self.without.to_dict(),
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class Way:
    """What was found for a goal: a `tier` to reach or to `keep`, or a level (probability) to bring `churn` below.

    `steps` are the cheapest first; where none is within reach, `nearest` is what came nearest. `tried` counts the
    combinations of events that were replayed.
    """

    goal: Goal
    target: str | float | None
    finding: Finding
    steps: tuple[Step, ...]
    nearest: Step | None
    tried: int
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "goal": self.goal,
            "target": self.target,
            "finding": self.finding,
            "steps": [step.to_dict() for step in self.steps],
            "nearest": self.nearest.to_dict() if self.nearest else None,
            "tried": self.tried,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class NextSteps:
    """The ways to each goal of one customer, as of a cutoff (local ISO time), where the scores are `now`."""

    customer_id: str
    cutoff: str
    currency: str
    now: Replayed
    ways: tuple[Way, ...]
    note: str
    degraded: tuple[str, ...]
    model_version: str
    plan_version: str | None

    def to_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "cutoff": self.cutoff,
            "currency": self.currency,
            "now": self.now.to_dict(),
            "ways": [way.to_dict() for way in self.ways],
            "note": self.note,
            "degraded": list(self.degraded),
            "model_version": self.model_version,
            "plan_version": self.plan_version,
        }
