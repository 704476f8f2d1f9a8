"""The arrays that the walk reads, and the desk it works on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.kernel.columns import Ints, Records
from features.kernel.distinct import Table, new_table
from features.kernel.pieces import piece

# An order in sight: instant (us) and age (calendar days before the cutoff's day) of its first visible line,
# and the sum of its lines in minor units.
ORDER = np.dtype([("time", np.int64), ("age", np.int64), ("amount", np.int64), ("priced", np.int64)])
# An event in sight that is neither purchase nor return.
OTHER = np.dtype([("time", np.int64), ("age", np.int64), ("role", np.int64)])


class Events(NamedTuple):
    """The event columns of n customers; customer i owns the rows offsets[i] to offsets[i + 1]."""

    offsets: Ints
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


class Moments(NamedTuple):
    """The cutoffs, what was known at each (both us UTC), and the local calendar days of the cutoffs."""

    cutoffs: Ints
    known_at: Ints
    days: Ints


class Scales(NamedTuple):
    """Weights by half-life and age in days, and the minor units in one unit of money."""

    decay: Ints
    minor_units: float


class View(NamedTuple):
    """One customer's rows [first, last) at one moment (us UTC, and the calendar day)."""

    first: int
    last: int
    cutoff: int
    known_at: int
    day: int


class Desk(NamedTuple):
    """Room for one view, used again for the next.

    `orders` stand in the order of their first visible lines, `values` are the amounts of those with a price,
    `ranked` the same, moved about; `others` stand in time order; `purchases` and `returns` list rows.
    """

    orders: Records
    values: Ints
    ranked: Ints
    others: Records
    purchases: Ints
    returns: Ints
    table: Table


class Seen(NamedTuple):
    """How much of each came in sight, and the ends of it: times in us, `first_age` in calendar days.

    The ends are -1 where nothing is in sight, so that no window is ever covered.
    """

    purchases: int
    returns: int
    others: int
    first_time: int
    last_time: int
    first_age: int


@piece
def new_desk(events: int) -> Desk:
    """A desk for customers of at most so many events."""
    return Desk(
        np.empty(events, ORDER),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        np.empty(events, OTHER),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        new_table(events),
    )
