"""Windows and fading sums; a window of w days holds the ages 0 to w - 1, the cutoff's own day being age 0."""

from features.families.windows import ACTIVE_DAY_WINDOWS, HALF_LIVES, WINDOWS
from features.kernel.arithmetic import days_with_orders, orders_between, spend_between, weight
from features.kernel.columns import AT, Floats, Records, columns
from features.kernel.desk import Scales
from features.kernel.pieces import piece

ORDERS_IN = columns(*(f"orders_{days}d" for days in WINDOWS))
SPEND_IN = columns(*(f"spend_{days}d" for days in WINDOWS))
ACTIVE_DAYS_IN = columns(*(f"active_days_{days}d" for days in ACTIVE_DAY_WINDOWS))
DECAYED_ORDERS = columns(*(f"decayed_orders_{days}d" for days in HALF_LIVES))
DECAYED_SPEND = columns(*(f"decayed_spend_{days}d" for days in HALF_LIVES))

WEEK = 7
WEEKS = 13


@piece
def weeks_with_orders(orders: Records) -> int:
    """Of the last 13 weeks, each ending on the cutoff's day of the week, those with an order."""
    met = 0
    found = 0
    for k in range(len(orders)):
        week = orders[k].age // WEEK
        if week < WEEKS and not (met >> week) & 1:
            met |= 1 << week
            found += 1
    return found


@piece
def decayed(row: Floats, orders: Records, scales: Scales) -> None:
    """Writes the sums that fade: whole-numbered weights by age, one division at the end."""
    decay = scales.decay
    for half_life in range(len(HALF_LIVES)):
        weights = spend = 0
        for k in range(len(orders)):
            share = weight(decay, half_life, orders[k].age)
            weights += share
            spend += share * orders[k].amount
        row[DECAYED_ORDERS[half_life]] = weights / decay[half_life, 0]
        row[DECAYED_SPEND[half_life]] = spend / (decay[half_life, 0] * scales.minor_units)


@piece
def windows(row: Floats, orders: Records, scales: Scales) -> None:
    """Writes the family "windows"."""
    for k in range(len(WINDOWS)):
        row[ORDERS_IN[k]] = orders_between(orders, 0, WINDOWS[k] - 1)
        row[SPEND_IN[k]] = spend_between(orders, 0, WINDOWS[k] - 1) / scales.minor_units
    for k in range(len(ACTIVE_DAY_WINDOWS)):
        row[ACTIVE_DAYS_IN[k]] = days_with_orders(orders, ACTIVE_DAY_WINDOWS[k] - 1)
    row[AT.active_weeks_91d] = weeks_with_orders(orders)
    decayed(row, orders, scales)
