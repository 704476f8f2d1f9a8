"""How an override stands at a moment."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from serving.ledger.override import Override, Withdrawal

State = Literal["in_force", "superseded", "to_come", "expired", "withdrawn"]

ENDED: tuple[State, ...] = ("expired", "withdrawn")


@dataclass(frozen=True, slots=True)
class Entry:
    """An override with its withdrawal, if any, and its state.

    A `superseded` one is in its time while a later recorded one of the same customer is too; it is in force again
    should that one end first.
    """

    override: Override
    withdrawal: Withdrawal | None
    state: State


def entries(overrides: Sequence[Override], withdrawals: Iterable[Withdrawal], cutoff: int) -> list[Entry]:
    """The overrides, in the order in which they were recorded, as they stand at `cutoff` (µs UTC)."""
    ends = {withdrawal.override_id: withdrawal for withdrawal in withdrawals}
    active = [each for each in overrides if _state(each, ends.get(each.id), cutoff) == "in_force"]
    latest = {each.customer_id: each.id for each in active}
    return [_entry(each, ends.get(each.id), cutoff, latest) for each in overrides]


def _entry(override: Override, end: Withdrawal | None, cutoff: int, latest: Mapping[str, int]) -> Entry:
    state = _state(override, end, cutoff)
    if state == "in_force" and latest[override.customer_id] != override.id:
        state = "superseded"
    return Entry(override, end, state)


def _state(override: Override, end: Withdrawal | None, cutoff: int) -> State:
    if end is not None and end.ends <= cutoff:
        return "withdrawn"
    if cutoff < override.starts:
        return "to_come"
    return "in_force" if cutoff < override.expires else "expired"
