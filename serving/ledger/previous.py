"""The tier that a customer had before: what a policy with a memory remembers."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Previous:
    """A tier, `since` when the customer has had it without interruption (µs UTC), and the tier before that move.

    `moved_from` is None where no earlier tier is on record.
    """

    tier: str
    since: int
    moved_from: str | None
