"""Trends: a window against the one before it, and against the customer's own average."""

from features.families.trends import TREND_WINDOWS
from features.kernel.arithmetic import orders_between, ratio, spend_between
from features.kernel.columns import ALWAYS, AT, NEVER, Floats, Records, columns
from features.kernel.engagement import interactions
from features.kernel.pieces import piece

ORDERS_TREND = columns(*(f"orders_trend_{days}d" for days in TREND_WINDOWS))
SPEND_TREND = columns(*(f"spend_trend_{days}d" for days in TREND_WINDOWS))
QUARTER = 91
MONTH = 30


@piece
def habit_ratio(orders: Records) -> float:
    """Orders of the last 91 days over 91 days at the average rate since the first order's day."""
    if len(orders) == 0:
        return NEVER
    record = orders[0].age + 1 if orders[0].age >= QUARTER else QUARTER
    return orders_between(orders, 0, QUARTER - 1) * record / (len(orders) * QUARTER)


@piece
def acceleration(orders: Records, first_age: int) -> float:
    """Second difference of the orders in three windows of 91 days; undefined unless the record covers them."""
    if first_age < 3 * QUARTER - 1:
        return NEVER
    newest = orders_between(orders, 0, QUARTER - 1)
    middle = orders_between(orders, QUARTER, 2 * QUARTER - 1)
    return newest - 2.0 * middle + orders_between(orders, 2 * QUARTER, 3 * QUARTER - 1)


@piece
def interactions_habit(others: Records, first_age: int) -> float:
    """Interactions of the last 30 days over 30 days at the average rate since the first event's day."""
    record = first_age + 1 if first_age >= MONTH else MONTH
    return ratio(interactions(others, MONTH - 1) * record, interactions(others, ALWAYS) * MONTH)


@piece
def trends(row: Floats, orders: Records, others: Records, first_age: int, minor_units: float) -> None:
    """Writes the family "trends"; the column "spend" must stand already.

    A trend is undefined where the record does not cover both windows, or where both are empty.
    """
    for k in range(len(TREND_WINDOWS)):
        days = TREND_WINDOWS[k]
        row[ORDERS_TREND[k]] = NEVER
        row[SPEND_TREND[k]] = NEVER
        if first_age >= 2 * days - 1:
            row[ORDERS_TREND[k]] = ratio(orders_between(orders, 0, days - 1), orders_between(orders, 0, 2 * days - 1))
            row[SPEND_TREND[k]] = ratio(spend_between(orders, 0, days - 1), spend_between(orders, 0, 2 * days - 1))
    row[AT.spend_share_91d] = ratio(spend_between(orders, 0, QUARTER - 1) / minor_units, row[AT.spend])
    row[AT.orders_habit_ratio_91d] = habit_ratio(orders)
    record = orders[0].age + 1 if len(orders) > 0 and orders[0].age >= QUARTER else QUARTER
    row[AT.spend_habit_ratio_91d] = row[AT.spend_share_91d] * record / QUARTER
    row[AT.interactions_habit_ratio_30d] = interactions_habit(others, first_age)
    row[AT.orders_acceleration_91d] = acceleration(orders, first_age)
