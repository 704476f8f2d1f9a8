"""The tier that a named person gave a customer, for a reason and a time."""

from dataclasses import dataclass

UNRECORDED = 0
"""The id of an override that the ledger has not taken yet."""


@dataclass(frozen=True, slots=True)
class Override:
    """A tier in force from `starts` until just before `expires`, `recorded` when it was said (all µs UTC).

    The rest is what the models said then, so that it can be measured afterwards: the lifetime value (currency), the
    churn (a probability, None for who never bought), and the tier (None without a plan).
    """

    id: int
    customer_id: str
    tier: str
    by: str
    reason: str
    starts: int
    expires: int
    recorded: int
    value_then: float
    churn_then: float | None
    model_version: str
    tier_then: str | None


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The end that a named person put to an override, at `ends` (µs UTC)."""

    override_id: int
    by: str
    reason: str
    ends: int
    recorded: int
