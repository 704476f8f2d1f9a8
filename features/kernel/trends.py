"""Trends: a window against the one before it, and against the customer's own average."""

from features.kernel.pieces import piece

from features.families.trends import TREND_WINDOWS
from features.kernel.arithmetic import orders_between, ratio, spend_between
from features.kernel.columns import AT, NEVER, Floats, columns
from features.kernel.desk import Desk, Orders, Seen

ORDERS_TREND = columns(*(f"orders_trend_{days}d" for days in TREND_WINDOWS))
SPEND_TREND = columns(*(f"spend_trend_{days}d" for days in TREND_WINDOWS))
QUARTER = 91


@piece
def habit_ratio(orders: Orders, count: int) -> float:
    """Orders of the last 91 days over 91 days at the average rate since the first order's day."""
    if count == 0:
        return NEVER
    recent = orders_between(orders, count, 0, QUARTER - 1)
    return recent * max(orders.age[0] + 1, QUARTER) / (count * QUARTER)


@piece
def trends(row: Floats, desk: Desk, seen: Seen, minor_units: float) -> None:
    """Writes the family "trends"; the column "spend" must stand already.

    A trend is undefined where the record does not cover both windows, or where both are empty.
    """
    orders, count = desk.orders, seen.orders
    for k in range(len(TREND_WINDOWS)):
        days = TREND_WINDOWS[k]
        row[ORDERS_TREND[k]] = row[SPEND_TREND[k]] = NEVER
        if seen.first_age >= 2 * days - 1:
            recent = orders_between(orders, count, 0, days - 1)
            row[ORDERS_TREND[k]] = ratio(recent, orders_between(orders, count, 0, 2 * days - 1))
            spent = spend_between(orders, count, 0, days - 1)
            row[SPEND_TREND[k]] = ratio(spent, spend_between(orders, count, 0, 2 * days - 1))
    recent_spend = spend_between(orders, count, 0, QUARTER - 1) / minor_units
    row[AT.spend_share_91d] = ratio(recent_spend, row[AT.spend])
    row[AT.orders_habit_ratio_91d] = habit_ratio(orders, count)
