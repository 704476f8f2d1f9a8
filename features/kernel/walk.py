"""The walk over customers and cutoffs: one compiled function for one customer, a batch and a bucket."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from numba import njit

from data.events import ROLES
from features.catalog import NAMES
from features.kernel.cadence import cadence
from features.kernel.calendar import calendar
from features.kernel.columns import Floats, Ints
from features.kernel.desk import Desk, Events, Moments, Scales, View, new_desk
from features.kernel.engagement import engagement
from features.kernel.gather import gather, gather_orders, gather_values
from features.kernel.pieces import piece
from features.kernel.purchases import breadth, order_values, purchases, returns
from features.kernel.relationship import relationship
from features.kernel.sequences import sequences
from features.kernel.touches import touches
from features.kernel.trends import trends
from features.kernel.windows import windows

Run = tuple[int, int]
Walk = Callable[[Floats, Events, Moments, Scales, Run], int]


def fingerprint() -> int:
    """63 bits over everything that is compiled in: sources, roles and the order of the columns."""
    digest = hashlib.sha256(repr((ROLES, NAMES)).encode())
    for directory in (Path(__file__).parent, Path(__file__).parent.parent / "families"):
        for file in sorted(directory.glob("*.py")):
            digest.update(file.read_bytes())
    return int.from_bytes(digest.digest()[:8]) >> 1


@piece
def longest_history(offsets: Ints, first: int, last: int) -> int:
    """The number of events of the customer with the most, and at least one."""
    longest = 1
    for customer in range(first, last):
        events = offsets[customer + 1] - offsets[customer]
        longest = events if events > longest else longest
    return longest


@piece
def write_row(row: Floats, events: Events, view: View, scales: Scales, desk: Desk) -> None:
    """Writes all features of one customer at one moment; some families read columns of those before them."""
    seen = gather(events, view, desk)
    lines, others = desk.purchases[: seen.purchases], desk.others[: seen.others]
    orders = desk.orders[: gather_orders(events, view, lines, desk)]
    priced = gather_values(orders, desk.values, desk.ranked)
    values, ranked = desk.values[:priced], desk.ranked[:priced]
    purchases(row, events, orders, lines, scales.minor_units)
    order_values(row, values, ranked, scales.minor_units)
    breadth(row, events, lines, desk.table)
    returns(row, events, orders, desk.returns[: seen.returns], desk.table)
    cadence(row, orders, view.cutoff)
    windows(row, orders, scales)
    trends(row, orders, seen.first_age, scales.minor_units)
    sequences(row, orders, values, scales.minor_units)
    calendar(row, orders, seen.first_age, view.day, scales.minor_units)
    touches(row, others, view.cutoff, scales.decay)
    engagement(row, orders, others, view.cutoff, scales.decay)
    relationship(row, seen, view.cutoff)


@cache
def compiled_walk() -> Walk:
    """The compiled walk, read from Numba's cache or compiled for some seconds.

    That cache watches the file of this function alone, not those of the functions that it calls nor the
    catalogue. The fingerprint is a constant of the closure, hence part of the cache's key.
    """
    version = fingerprint()

    @njit(cache=True, nogil=True)
    def walk(table: Floats, events: Events, moments: Moments, scales: Scales, run: Run) -> int:
        """Writes the rows of the customers in [first, last) into table[cutoff, customer, column]."""
        first, last = run
        desk = new_desk(longest_history(events.offsets, first, last))
        for customer in range(first, last):
            rows = events.offsets[customer], events.offsets[customer + 1]
            for k in range(len(moments.cutoffs)):
                view = View(rows[0], rows[1], moments.cutoffs[k], moments.known_at[k], moments.days[k])
                write_row(table[k, customer], events, view, scales, desk)
        return version

    return walk
