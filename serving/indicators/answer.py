"""What is told of one customer's indicators."""

from dataclasses import dataclass
from typing import Any, Literal

Level = Literal["none", "watch", "alert", "unknown"]

LEVELS: tuple[Level, ...] = ("none", "watch", "alert")
"""The levels of a risk by their number."""

UNKNOWN: Level = "unknown"
"""The level of a risk that cannot be told, whose number is nan."""


@dataclass(frozen=True, slots=True)
class ValueParts:
    """Four-part value: money per year in `currency`, strategic value from 0 to 100, null where it cannot be told.

    `net_value` is the current value less the service cost; money and ratings are never added up.
    """

    current_value: float | None
    growth_potential: float | None
    strategic_value: float | None
    service_cost: float | None
    net_value: float | None
    currency: str
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "current_value": self.current_value,
            "growth_potential": self.growth_potential,
            "strategic_value": self.strategic_value,
            "service_cost": self.service_cost,
            "net_value": self.net_value,
            "currency": self.currency,
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class HealthPart:
    """A part of relationship health, 0 to 100, and the share of the whole that it has; null and 0 where it cannot
    be told."""

    name: str
    title: str
    value: float | None
    weight: float

    def to_dict(self) -> dict[str, Any]:
        return {"name": self.name, "title": self.title, "value": self.value, "weight": self.weight}


@dataclass(frozen=True, slots=True)
class Health:
    """Relationship health, 0 to 100; null where no part that counts can be told."""

    value: float | None
    parts: tuple[HealthPart, ...]
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"value": self.value, "parts": [part.to_dict() for part in self.parts], "text": self.text}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A feature that speaks for a risk, and the fact in words."""

    feature: str
    value: float
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"feature": self.feature, "value": self.value, "text": self.text}


@dataclass(frozen=True, slots=True)
class Risk:
    """What one rule of the risk scan found; no cause is claimed."""

    name: str
    title: str
    level: Level
    text: str
    evidence: tuple[Evidence, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "level": self.level,
            "text": self.text,
            "evidence": [one.to_dict() for one in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Indicators:
    """All indicators of one customer."""

    value_parts: ValueParts
    health: Health
    risks: tuple[Risk, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "value_parts": self.value_parts.to_dict(),
            "health": self.health.to_dict(),
            "risks": [risk.to_dict() for risk in self.risks],
        }
