"""What a next step is to bring about."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from serving.next_steps.answer import Goal, Replayed
from serving.tiers.inputs import VALUE
from serving.tiers.ladder import TIERS
from serving.tiers.verdict import Neighbour, Tier


@dataclass(frozen=True, slots=True)
class TierGoal:
    """A higher tier to reach, or the highest to keep: the lifetime value (currency) that it starts at, None where the
    policy looks at other things, and the conditions in words."""

    target: str
    cut: float | None
    condition: str
    goal: Literal["tier", "keep"] = "tier"

    def is_reached(self, seen: Replayed) -> bool:
        return seen.tier is not None and TIERS.index(seen.tier) <= TIERS.index(self.target)

    def progress(self, seen: Replayed) -> tuple[float, float]:
        """Higher is nearer: first the tier, then the value."""
        return -TIERS.index(seen.tier) if seen.tier else -len(TIERS), seen.lifetime_value


@dataclass(frozen=True, slots=True)
class ChurnGoal:
    """A churn below this probability."""

    target: float
    goal: Goal = "churn"

    def is_reached(self, seen: Replayed) -> bool:
        return seen.churn is not None and seen.churn < self.target

    def progress(self, seen: Replayed) -> tuple[float, float]:
        """Higher is nearer."""
        return -1.0 if seen.churn is None else -seen.churn, 0.0


def tier_goal(standing: Tier) -> TierGoal | None:
    """The next tier up; for a customer of the highest, to keep it where there is a lower one."""
    if standing.next_up:
        return TierGoal(standing.next_up.name, _cut(standing.next_up), standing.next_up.text)
    if standing.by_policy == TIERS[0] and standing.next_down:
        return TierGoal(TIERS[0], _cut(standing.next_down), standing.next_down.text, "keep")
    return None


def _cut(neighbour: Neighbour) -> float | None:
    """The lifetime value that separates, where nothing else does."""
    looked_at = [condition.input for condition in neighbour.conditions]
    return neighbour.conditions[0].value if looked_at == [VALUE.name] else None


def churn_goal(now: Replayed, below: float | None, urgent_churn: Mapping[str, float]) -> ChurnGoal | None:
    """A churn `below` the level that the caller gives, else below the tier's urgent one for whoever is not.

    None where there is none to lower: for whoever never bought, and without a level.
    """
    if now.churn is None:
        return None
    if below is not None:
        return ChurnGoal(below)
    urgent = urgent_churn.get(now.tier) if now.tier else None
    return ChurnGoal(urgent) if urgent is not None and now.churn >= urgent else None
