"""Loyalty: years and quarters with an order, counted back from the cutoff's day."""

from features.kernel.arithmetic import ratio
from features.kernel.columns import AT, Floats, Records
from features.kernel.pieces import piece

YEAR = 365
PERIOD = 91


@piece
def periods_with_orders(orders: Records, days: int) -> int:
    """How many periods of so many days hold an order."""
    found = 0
    last = -1
    for k in range(len(orders)):
        period = orders[k].age // days
        found += period != last
        last = period
    return found


@piece
def loyalty(row: Floats, orders: Records) -> None:
    """Writes the family "loyalty"."""
    streak = 0
    for k in range(len(orders) - 1, -1, -1):
        period = orders[k].age // PERIOD
        if period > streak:
            break
        streak = period + 1
    row[AT.buying_years] = periods_with_orders(orders, YEAR)
    row[AT.buying_streak_91d] = streak
    periods = orders[0].age // PERIOD + 1 if len(orders) > 0 else 0
    row[AT.buying_period_share] = ratio(periods_with_orders(orders, PERIOD), periods)
