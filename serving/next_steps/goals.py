"""What a next step is to bring about."""

from dataclasses import dataclass
from typing import Literal

from serving.next_steps.answer import Goal, Replayed
from serving.plan import Plan
from serving.playbook import URGENT_CHURN
from serving.policy import TIERS, assign


@dataclass(frozen=True, slots=True)
class TierGoal:
    """A higher tier to reach, or the highest to keep, and the lifetime value (currency) that it starts at."""

    target: str
    cut: float
    goal: Literal["tier", "keep"] = "tier"

    def is_reached(self, seen: Replayed) -> bool:
        return seen.tier is not None and TIERS.index(seen.tier) <= TIERS.index(self.target)

    def progress(self, seen: Replayed) -> float:
        """Higher is nearer."""
        return seen.lifetime_value


@dataclass(frozen=True, slots=True)
class ChurnGoal:
    """A churn below this probability."""

    target: float
    goal: Goal = "churn"

    def is_reached(self, seen: Replayed) -> bool:
        return seen.churn is not None and seen.churn < self.target

    def progress(self, seen: Replayed) -> float:
        """Higher is nearer."""
        return -1.0 if seen.churn is None else -seen.churn


def tier_goal(now: Replayed, plan: Plan) -> TierGoal | None:
    """The next tier up; None for a customer of the highest."""
    higher = assign(now.lifetime_value, plan).next_up
    return TierGoal(higher.name, higher.value) if higher else None


def keep_goal(now: Replayed, plan: Plan) -> TierGoal | None:
    """The highest tier for a customer who is in it; None for all others."""
    cut = plan.cuts[TIERS[0]]
    return TierGoal(TIERS[0], cut, "keep") if now.tier == TIERS[0] and cut is not None else None


def churn_goal(now: Replayed, below: float | None) -> ChurnGoal | None:
    """A churn `below` the level that the caller gives, else below the tier's urgent one for whoever is not.

    None where there is none to lower: for whoever never bought, and without a level.
    """
    if now.churn is None:
        return None
    if below is not None:
        return ChurnGoal(below)
    urgent = URGENT_CHURN.get(now.tier) if now.tier else None
    return ChurnGoal(urgent) if urgent is not None and now.churn >= urgent else None
