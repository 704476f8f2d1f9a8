"""Relationship: how long and how well the customer is known."""

from features.kernel.arithmetic import days_between
from features.kernel.columns import AT, NEVER, Floats
from features.kernel.desk import Seen
from features.kernel.pieces import piece


@piece
def relationship(row: Floats, seen: Seen, cutoff: int) -> None:
    """Writes the family "relationship"."""
    count = seen.purchases + seen.returns + seen.others
    row[AT.events] = count
    row[AT.tenure_days] = days_between(seen.first_time, cutoff) if count > 0 else NEVER
    row[AT.last_event_age_days] = days_between(seen.last_time, cutoff) if count > 0 else NEVER
