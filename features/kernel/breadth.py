"""Breadth: how many different things were bought, and how many for the first time lately."""

import numpy as np
from numpy.typing import NDArray

from features.families.breadth import NEW_DAYS
from features.kernel.arithmetic import ratio
from features.kernel.columns import AT, Floats, Ints
from features.kernel.desk import Events
from features.kernel.distinct import Table, distinct, emptied, number_of, size_for
from features.kernel.pieces import piece


@piece
def variety(
    table: Table, column: NDArray[np.uint64], days: NDArray[np.int32], rows: Ints, today: int
) -> tuple[int, int, int]:
    """Of the values that a column has in these rows: how many differ, how many of those are new, how many there are."""
    slots, stamp, size = table.slots, emptied(table), size_for(len(rows))
    found = new = named = 0
    for row in rows:
        key = column[row]
        if key != 0:
            named += 1
            if number_of(slots, size, stamp, key, found) == found:
                found += 1
                new += today - days[row] < NEW_DAYS
    return found, new, named


@piece
def breadth(row: Floats, events: Events, lines: Ints, today: int, table: Table) -> None:
    """Writes the family "breadth"; `today` is the cutoff's calendar day since 1970-01-01."""
    products, new_products, named = variety(table, events.product, events.day, lines, today)
    categories, new_categories, _ = variety(table, events.category, events.day, lines, today)
    row[AT.products] = products
    row[AT.categories] = categories
    row[AT.channels] = distinct(table, events.channel, lines)
    row[AT.new_products_91d] = new_products
    row[AT.new_categories_91d] = new_categories
    row[AT.repeat_product_share] = ratio(named - products, named)
