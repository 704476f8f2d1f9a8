"""Relationship: how long and how well the customer is known."""

from features.kernel.pieces import piece

from features.kernel.arithmetic import days_between
from features.kernel.columns import AT, NEVER, Floats
from features.kernel.desk import Moment, Seen


@piece
def relationship(row: Floats, seen: Seen, moment: Moment) -> None:
    """Writes the family "relationship"."""
    row[AT.events] = seen.events
    row[AT.tenure_days] = NEVER
    row[AT.last_event_age_days] = NEVER
    if seen.events > 0:
        row[AT.tenure_days] = days_between(seen.first_time, moment.cutoff)
        row[AT.last_event_age_days] = days_between(seen.last_time, moment.cutoff)
