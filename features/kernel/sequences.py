"""Sequences: the last gaps and the last order values, newest first."""

from features.families.sequences import ORDINALS
from features.kernel.arithmetic import days_between, ratio
from features.kernel.columns import AT, NEVER, Floats, Ints, Records, columns
from features.kernel.pieces import piece

GAPS = columns(*(f"{name}_gap_days" for name, _, _ in ORDINALS))
VALUE_RATIOS = columns(*(f"{name}_value_ratio" for name, _, _ in ORDINALS))
LAST = len(ORDINALS)


@piece
def last_gaps(row: Floats, orders: Records) -> None:
    """Writes the last three gaps, each undefined where there are too few orders."""
    for k in range(LAST):
        newer = len(orders) - 1 - k
        row[GAPS[k]] = days_between(orders[newer - 1].time, orders[newer].time) if newer > 0 else NEVER


@piece
def gap_ratio(orders: Records) -> float:
    """The mean of the last three gaps over the mean of all; undefined below three gaps."""
    count = len(orders)
    if count <= LAST:
        return NEVER
    recent = days_between(orders[count - 1 - LAST].time, orders[count - 1].time) / LAST
    return ratio(recent, days_between(orders[0].time, orders[count - 1].time) / (count - 1))


@piece
def last_values(row: Floats, values: Ints, minor_units: float) -> None:
    """Writes the last order value, and the last three against the mean of all orders with a price."""
    count = len(values)
    row[AT.last_order_value] = values[count - 1] / minor_units if count > 0 else NEVER
    for k in range(LAST):
        place = count - 1 - k
        value = values[place] / minor_units if place >= 0 else NEVER
        row[VALUE_RATIOS[k]] = ratio(value, row[AT.average_order_value])


@piece
def sequences(row: Floats, orders: Records, values: Ints, minor_units: float) -> None:
    """Writes the family "sequences"; the column "average_order_value" must stand already."""
    last_gaps(row, orders)
    row[AT.recent_gap_ratio] = gap_ratio(orders)
    last_values(row, values, minor_units)
