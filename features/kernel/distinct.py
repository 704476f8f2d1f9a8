"""Counting what differs, without allocating: a hash table that is emptied by a new stamp."""

from typing import NamedTuple

import numpy as np
from features.kernel.pieces import piece
from numpy.typing import NDArray

from features.kernel.columns import Ints

GOLDEN = np.uint64(0x9E3779B97F4A7C15)
HIGH_HALF = np.uint64(32)


class Table(NamedTuple):
    """A set of uint64 keys; only the slots that carry the present stamp are filled.

    `state` holds the present stamp and the number of slots in use, a power of two.
    """

    keys: NDArray[np.uint64]
    stamps: Ints
    state: Ints


@piece
def slots_for(entries: int) -> int:
    """The power of two that keeps a table of so many entries at most half full."""
    slots = 2
    while slots < 2 * entries:
        slots *= 2
    return slots


@piece
def new_table(entries: int) -> Table:
    """An empty table with room for so many entries."""
    slots = slots_for(entries)
    return Table(np.empty(slots, np.uint64), np.zeros(slots, np.int64), np.zeros(2, np.int64))


@piece
def clear(table: Table, entries: int) -> None:
    """Empties the table and makes it as small as so many entries allow, which keeps it in the cache."""
    table.state[0] += 1
    table.state[1] = slots_for(entries)


@piece
def slot_of(table: Table, key: int) -> int:
    """Where `key` stands, or where it belongs if it is new."""
    stamp, last = table.state[0], table.state[1] - 1
    slot = np.int64((key * GOLDEN) >> HIGH_HALF) & last
    while table.stamps[slot] == stamp and table.keys[slot] != key:
        slot = (slot + 1) & last
    return slot


@piece
def put(table: Table, slot: int, key: int) -> bool:
    """Fills a slot found by `slot_of`; whether the key was new."""
    if table.stamps[slot] == table.state[0]:
        return False
    table.keys[slot] = key
    table.stamps[slot] = table.state[0]
    return True


@piece
def distinct(table: Table, column: NDArray[np.uint64], rows: Ints, count: int) -> int:
    """How many different values the first `count` of these rows have, 0 (none) left out."""
    clear(table, count)
    found = 0
    for k in range(count):
        key = column[rows[k]]
        if key != 0:
            found += put(table, slot_of(table, key), key)
    return found
