"""Sequences: the last gaps and the last order values, newest first."""

from features.kernel.pieces import piece

from features.families.sequences import ORDINALS
from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, NEVER, Floats, columns
from features.kernel.desk import Desk, Orders, Seen

GAPS = columns(*(f"{name}_gap_days" for name, _, _ in ORDINALS))
VALUE_RATIOS = columns(*(f"{name}_value_ratio" for name, _, _ in ORDINALS))
LAST = len(ORDINALS)


@piece
def last_gaps(row: Floats, orders: Orders, count: int) -> None:
    """Writes the last three gaps, each undefined where there are too few orders."""
    for k in range(LAST):
        newer = count - 1 - k
        row[GAPS[k]] = days_between(orders.time[newer - 1], orders.time[newer]) if newer > 0 else NEVER


@piece
def gap_ratio(orders: Orders, count: int) -> float:
    """The mean of the last three gaps over the mean of all; undefined below three gaps."""
    if count <= LAST:
        return NEVER
    recent = days_between(orders.time[count - 1 - LAST], orders.time[count - 1]) / LAST
    return ratio(recent, days_between(orders.time[0], orders.time[count - 1]) / (count - 1))


@piece
def last_values(row: Floats, orders: Orders, count: int, minor_units: float) -> None:
    """Writes the last order value, and the last three against the mean of all orders with a price."""
    row[AT.last_order_value] = orders.values[count - 1] / minor_units if count > 0 else NEVER
    for k in range(LAST):
        place = count - 1 - k
        value = orders.values[place] / minor_units if place >= 0 else NEVER
        row[VALUE_RATIOS[k]] = ratio(value, row[AT.average_order_value])


@piece
def sequences(row: Floats, desk: Desk, seen: Seen, minor_units: float) -> None:
    """Writes the family "sequences"; the column "average_order_value" must stand already."""
    last_gaps(row, desk.orders, seen.orders)
    row[AT.recent_gap_ratio] = gap_ratio(desk.orders, seen.orders)
    last_values(row, desk.orders, seen.values, minor_units)
