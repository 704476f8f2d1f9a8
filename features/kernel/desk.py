"""The arrays that the walk reads, and the desk it works on."""

from typing import NamedTuple

import numpy as np
from features.kernel.pieces import piece
from numpy.typing import NDArray

from features.kernel.columns import Ints
from features.kernel.distinct import Table, new_table


class Events(NamedTuple):
    """The event columns of many customers, sorted by customer and time; all of length m."""

    time: Ints
    known_time: Ints
    day: NDArray[np.int32]
    role: NDArray[np.int8]
    order: NDArray[np.int32]
    amount: Ints
    priced: NDArray[np.bool_]
    quantity: NDArray[np.float64]
    product: NDArray[np.uint64]
    category: NDArray[np.uint64]
    channel: NDArray[np.uint64]


class Moment(NamedTuple):
    """When we look (us UTC), what was known (us UTC), and the local calendar day of the look."""

    cutoff: int
    known_at: int
    day: int


class Orders(NamedTuple):
    """The orders in sight, in the order of their first visible lines.

    `time` (us) and `age` (calendar days before the cutoff's day) are those of the first visible line; `amount`
    (minor units) sums the lines. `values` holds the amounts of the orders with a price, `ranked` the same, moved about.
    """

    time: Ints
    age: Ints
    amount: Ints
    priced: NDArray[np.bool_]
    values: Ints
    ranked: Ints


class Others(NamedTuple):
    """The events in sight that are neither purchase nor return, in time order."""

    time: Ints
    age: Ints
    role: NDArray[np.int8]


class Desk(NamedTuple):
    """Room for one customer at one cutoff, used again for the next.

    `purchases`, `returns` and `others_at` list rows of the events; `places` maps slots of the table to orders.
    """

    orders: Orders
    others: Others
    purchases: Ints
    returns: Ints
    others_at: Ints
    table: Table
    places: Ints


class Sorted(NamedTuple):
    """How many rows of each kind came in sight, and the first and the last row; -1 without any."""

    purchases: int
    returns: int
    others: int
    oldest: int
    newest: int


class Seen(NamedTuple):
    """How much of each came in sight, and the ends of it: times in us, `first_age` in calendar days.

    All three ends are -1 where nothing is in sight, so that no window is ever covered.
    """

    events: int
    purchases: int
    returns: int
    others: int
    orders: int
    values: int
    first_time: int
    first_age: int
    last_time: int


@piece
def new_desk(events: int) -> Desk:
    """A desk for customers of at most so many events."""
    table = new_table(events)
    return Desk(
        Orders(
            np.empty(events, np.int64),
            np.empty(events, np.int64),
            np.empty(events, np.int64),
            np.empty(events, np.bool_),
            np.empty(events, np.int64),
            np.empty(events, np.int64),
        ),
        Others(np.empty(events, np.int64), np.empty(events, np.int64), np.empty(events, np.int8)),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        table,
        np.empty(len(table.keys), np.int64),
    )
