"""From where a recommendation is made: a model, a plan, a moment and what is known."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from serving.errors import ServingError
from serving.ledger.previous import Previous
from serving.plan import Plan
from serving.tiers.assign import Assignment, tiers_alone
from serving.tiers.inputs import Floats
from serving.tiers.ladder import TIERS
from training.bundle import Bundle, Scores


@dataclass(frozen=True)
class Standpoint:
    """One end of a bridge: `cutoff` and `known_at` (default: the cutoff) are in µs UTC.

    `plan` None leaves the tier out; `overrides` are tiers set by hand, by customer id, which no plan changes, and
    `previous` the tiers that customers had then, which a plan may keep.
    """

    bundle: Bundle
    plan: Plan | None
    cutoff: int
    known_at: int | None = None
    overrides: Mapping[str, str] | None = None
    previous: Mapping[str, Previous] | None = None

    @property
    def known_by(self) -> int:
        """Until when (µs UTC) this standpoint has learnt of things."""
        return self.cutoff if self.known_at is None else self.known_at

    def tiers_of(self, scores: Scores, features: Floats, bundle: Bundle) -> tuple[str | None, ...]:
        """The tiers that the plan alone gives customers with these scores and features, shape (n, f), of a model."""
        if self.plan is None:
            return (None,) * len(features)
        return tiers_alone(self.plan, scores, features, bundle)

    def kept_of(
        self, customers: Sequence[str], scores: Scores, features: Floats, bundle: Bundle
    ) -> tuple[str | None, ...]:
        """The tiers that customers kept although the plan alone gives another one; None for everybody else."""
        if self.plan is None or not self.previous:
            return (None,) * len(features)
        seen = Assignment(self.plan, customers, scores, features, bundle, self.cutoff, "en", self.previous)
        places = zip(seen.settled.tolist(), seen.by_policy.tolist(), strict=True)
        return tuple(TIERS[settled] if settled != alone else None for settled, alone in places)

    def override_of(self, customer: str) -> str | None:
        """The tier that somebody set by hand."""
        return (self.overrides or {}).get(customer)


def require_one_question(before: Standpoint, after: Standpoint) -> None:
    """Raises ServingError unless both models answer the same question of the same book."""
    one, other = before.bundle, after.bundle
    if (one.book, one.settings) != (other.book, other.settings):
        raise ServingError(
            f"models {one.version} and {other.version} answer different questions (another book, horizon, currency or "
            "meaning of value), so that no bridge leads from one to the other; choose models of the same settings"
        )
