"""Telling apart what differs, without allocating: a hash table that a new stamp empties."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.kernel.columns import Ints, Records
from features.kernel.pieces import allocator, piece

# A slot is filled if it carries the present stamp; `number` counts the keys in the order they came.
SLOT = np.dtype([("key", np.uint64), ("stamp", np.int64), ("number", np.int64)])
GOLDEN = np.uint64(0x9E3779B97F4A7C15)
HIGH_HALF = np.uint64(32)


class Table(NamedTuple):
    """The slots, and one number: the present stamp."""

    slots: Records
    stamp: Ints


@piece
def size_for(entries: int) -> int:
    """The power of two that keeps a table of so many entries at most half full."""
    size = 2
    while size < 2 * entries:
        size *= 2
    return size


@allocator
def new_table(entries: int) -> Table:
    """An empty table for at most so many entries."""
    slots = np.empty(size_for(entries), SLOT)
    for k in range(len(slots)):
        slots[k].stamp = 0
    return Table(slots, np.zeros(1, np.int64))


@piece
def emptied(table: Table) -> int:
    """The stamp under which the table is empty again."""
    table.stamp[0] += 1
    stamp: int = table.stamp[0]
    return stamp


@piece
def number_of(slots: Records, size: int, stamp: int, key: np.uint64, free: int) -> int:
    """The number of `key`, which is `free` if it is met for the first time; uses the first `size` slots."""
    slot = np.int64((key * GOLDEN) >> HIGH_HALF) & (size - 1)
    while slots[slot].stamp == stamp:
        if slots[slot].key == key:
            number: int = slots[slot].number
            return number
        slot = (slot + 1) & (size - 1)
    slots[slot].key = key
    slots[slot].stamp = stamp
    slots[slot].number = free
    return free


@piece
def distinct(table: Table, column: NDArray[np.uint64], rows: Ints) -> int:
    """How many different values a column has in these rows, 0 (none) left out."""
    slots, stamp, size = table.slots, emptied(table), size_for(len(rows))
    found = 0
    for row in rows:
        key = column[row]
        if key != 0:
            found += number_of(slots, size, stamp, key, found) == found
    return found


@piece
def distinct_orders(table: Table, column: NDArray[np.int32], rows: Ints) -> int:
    """How many different orders these rows belong to."""
    slots, stamp, size = table.slots, emptied(table), size_for(len(rows))
    found = 0
    for row in rows:
        found += number_of(slots, size, stamp, np.uint64(column[row]), found) == found
    return found
