"""Windows and decayed sums; a window of w days holds the ages 0 to w - 1, the cutoff's own day being age 0."""

import numpy as np
from features.kernel.pieces import piece

from features.families.windows import ACTIVE_DAY_WINDOWS, HALF_LIVES, WINDOWS
from features.kernel.arithmetic import days_with_orders, orders_between, spend_between, weight
from features.kernel.columns import AT, Floats, Ints, columns
from features.kernel.desk import Desk, Orders

ORDERS_IN = columns(*(f"orders_{days}d" for days in WINDOWS))
SPEND_IN = columns(*(f"spend_{days}d" for days in WINDOWS))
ACTIVE_DAYS_IN = columns(*(f"active_days_{days}d" for days in ACTIVE_DAY_WINDOWS))
DECAYED_ORDERS = columns(*(f"decayed_orders_{days}d" for days in HALF_LIVES))
DECAYED_SPEND = columns(*(f"decayed_spend_{days}d" for days in HALF_LIVES))

WEEK = 7
WEEKS = 13


@piece
def weeks_with_orders(orders: Orders, count: int) -> int:
    """Of the last 13 weeks, each ending on the cutoff's day of the week, those with an order."""
    weeks = np.int64(0)
    found = 0
    for k in range(count):
        week = orders.age[k] // WEEK
        if week < WEEKS and not (weeks >> week) & 1:
            weeks |= np.int64(1) << week
            found += 1
    return found


@piece
def decayed(row: Floats, orders: Orders, count: int, decay: Ints, minor_units: float) -> None:
    """Writes the sums that fade: whole-numbered weights by age, one division at the end."""
    for half_life in range(len(HALF_LIVES)):
        weights = spend = np.int64(0)
        for k in range(count):
            counts = weight(decay, half_life, orders.age[k])
            weights += counts
            spend += counts * orders.amount[k]
        row[DECAYED_ORDERS[half_life]] = weights / decay[half_life, 0]
        row[DECAYED_SPEND[half_life]] = spend / (decay[half_life, 0] * minor_units)


@piece
def windows(row: Floats, desk: Desk, count: int, decay: Ints, minor_units: float) -> None:
    """Writes the family "windows"."""
    orders = desk.orders
    for k in range(len(WINDOWS)):
        row[ORDERS_IN[k]] = orders_between(orders, count, 0, WINDOWS[k] - 1)
        row[SPEND_IN[k]] = spend_between(orders, count, 0, WINDOWS[k] - 1) / minor_units
    for k in range(len(ACTIVE_DAY_WINDOWS)):
        row[ACTIVE_DAYS_IN[k]] = days_with_orders(orders, count, ACTIVE_DAY_WINDOWS[k] - 1)
    row[AT.active_weeks_91d] = weeks_with_orders(orders, count)
    decayed(row, orders, count, decay, minor_units)
