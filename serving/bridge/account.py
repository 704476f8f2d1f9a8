"""The bridge between two recommendations as it is told; `to_dict` gives plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class FeatureChange:
    """By how much a feature's contribution to a score changed, in the score's unit, and what the model saw."""

    feature: str
    difference: float
    text: str

    def to_dict(self) -> dict[str, Any]:
        return {"feature": self.feature, "difference": self.difference, "text": self.text}


@dataclass(frozen=True, slots=True)
class GroupChange:
    """The change of all contributions of a group together, and of its strongest features one by one."""

    group: str
    title: str
    difference: float
    features: tuple[FeatureChange, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "group": self.group,
            "title": self.title,
            "difference": self.difference,
            "features": [feature.to_dict() for feature in self.features],
        }


@dataclass(frozen=True, slots=True)
class Step:
    """One of the steps: by how much the score differs after it.

    `base_difference` is the change of the score's starting point, which no feature explains; it and the
    differences of the groups add up to `difference`. Groups that nothing changed are left out. In the
    step `first_known` the score starts from the book's average, and the groups are the reasons of the new score.
    """

    name: str
    title: str
    difference: float
    base_difference: float
    groups: tuple[GroupChange, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "title": self.title,
            "difference": self.difference,
            "base_difference": self.base_difference,
            "groups": [group.to_dict() for group in self.groups],
        }


@dataclass(frozen=True, slots=True)
class ScoreBridge:
    """From a score to the later one, in `unit`: a currency, or "probability".

    `before` and the differences of the steps add up to `after`. A score that is null on the way (nobody churns who
    never bought) has no steps.
    """

    unit: str
    horizon_days: int
    before: float | None
    after: float | None
    steps: tuple[Step, ...]
    text: str

    @property
    def is_still(self) -> bool:
        """Whether no step moved the score."""
        return self.before == self.after and not any(step.difference for step in self.steps)

    def to_dict(self) -> dict[str, Any]:
        return {
            "unit": self.unit,
            "horizon_days": self.horizon_days,
            "before": self.before,
            "after": self.after,
            "steps": [step.to_dict() for step in self.steps],
            "text": self.text,
        }


@dataclass(frozen=True, slots=True)
class TierBridge:
    """From a tier to the later one, and what had a part in it.

    `before` and `after` are the tiers that were assigned. Leaving out what somebody set by hand
    (`override_before`, `override_after`) and what was kept although the plan alone gave another tier (`kept_before`,
    `kept_after`), the old plan gives the old value `by_plan_before`, the new value
    `by_scores`, and the new plan gives the new value `by_plan_after`. `moves` are the steps after which the old plan
    gives another tier than before them, each with that tier. The old tier of a customer who was unknown then is that
    of the book's average, and the text does not tell it.
    """

    before: str | None
    after: str | None
    by_plan_before: str | None
    by_scores: str | None
    by_plan_after: str | None
    override_before: str | None
    override_after: str | None
    kept_before: str | None
    kept_after: str | None
    moves: tuple[tuple[str, str], ...]
    text: str

    @property
    def is_still(self) -> bool:
        """Whether neither the scores nor the plan nor a hand moved the tier."""
        plans = {self.by_plan_before, self.by_scores, self.by_plan_after}
        return len(plans) == 1 and (self.override_before, self.kept_before) == (self.override_after, self.kept_after)

    def to_dict(self) -> dict[str, Any]:
        moves = [{"step": step, "tier": tier} for step, tier in self.moves]
        return {name: getattr(self, name) for name in self.__slots__} | {"moves": moves}


@dataclass(frozen=True, slots=True)
class End:
    """One end of a bridge: when (local ISO times), by which model and plan; `known` tells whether any event of the
    customer was on record."""

    cutoff: str
    known_at: str
    model_version: str
    plan_version: str | None
    known: bool
    degraded: tuple[str, ...]

    def is_first(self, before: "End") -> bool:
        """Whether the customer is on record at this end, and was not at the other."""
        return self.known and not before.known

    def to_dict(self) -> dict[str, Any]:
        return {
            "cutoff": self.cutoff,
            "known_at": self.known_at,
            "model_version": self.model_version,
            "plan_version": self.plan_version,
            "known": self.known,
            "degraded": list(self.degraded),
        }


@dataclass(frozen=True, slots=True)
class Bridge:
    """Why a customer's scores and tier changed between two recommendations.

    `summary` says it in sentences, one where nothing changed; `notes` what the reader should bear in mind.
    """

    customer_id: str
    before: End
    after: End
    scores: Mapping[str, ScoreBridge]
    tier: TierBridge | None
    summary: tuple[str, ...]
    notes: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.customer_id,
            "before": self.before.to_dict(),
            "after": self.after.to_dict(),
            "scores": {name: score.to_dict() for name, score in self.scores.items()},
            "tier": self.tier.to_dict() if self.tier else None,
            "summary": list(self.summary),
            "notes": list(self.notes),
        }
