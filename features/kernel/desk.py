"""The arrays that the walk reads, and the desk it works on."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.events import ROLES
from data.settings.signals import MOST_STEPS
from features.kernel.columns import Ints, Records
from features.kernel.distinct import Table, new_table
from features.kernel.pieces import allocator

# An order in sight: instant (us) and age (calendar days before the cutoff's day) of its first visible line,
# and the sum of its lines in minor units.
ORDER = np.dtype(
    [("time", np.int64), ("age", np.int64), ("amount", np.int64), ("priced", np.int64), ("line", np.int64)]
)
# An event in sight, or an order as one event.
TOKEN = np.dtype([("time", np.int64), ("age", np.int64), ("role", np.int64), ("row", np.int64)])


class Events(NamedTuple):
    """The event columns of n customers; customer i owns the rows offsets[i] to offsets[i + 1]."""

    offsets: Ints
    time: Ints
    known_time: Ints
    day: NDArray[np.int32]
    role: NDArray[np.int8]
    type: NDArray[np.uint64]
    order: NDArray[np.int32]
    amount: Ints
    priced: NDArray[np.bool_]
    quantity: NDArray[np.float64]
    product: NDArray[np.uint64]
    category: NDArray[np.uint64]
    channel: NDArray[np.uint64]
    contact: NDArray[np.uint64]


class Moments(NamedTuple):
    """The cutoffs, what was known at each (both us UTC), and the local calendar days of the cutoffs."""

    cutoffs: Ints
    known_at: Ints
    days: Ints


class Scales(NamedTuple):
    """Weights by half-life and age in days, and the minor units in one unit of money."""

    decay: Ints
    minor_units: float


class SignalTable(NamedTuple):
    """The signals of a book, s in all, as numbers.

    `roles` int64[s, steps] has a bit for every role that fits a step, `plain` bool[s, steps] is true where no
    text matters; `lengths`, `days` and `least` int64[s];
    `distinct` int64[s] is the counted column or -1; the texts of step k that fit column c are
    `texts[filters[s, k, c, 0]:filters[s, k, c, 1]]`, any if there are none; the signals that role r
    can move on are `waiting[waiting_from[r]:waiting_from[r + 1]]`.
    """

    roles: Ints
    plain: NDArray[np.bool_]
    lengths: Ints
    days: Ints
    distinct: Ints
    least: Ints
    filters: Ints
    texts: NDArray[np.uint64]
    waiting: Ints
    waiting_from: Ints


class Fitted(NamedTuple):
    """What a specification adds to the catalogue: signals, and float64[roles², dimensions] of the embedding.

    `wanted` has a bit for every part of the catalogue that is asked for.
    """

    signals: SignalTable
    loadings: NDArray[np.float64]
    wanted: int


class Partial(NamedTuple):
    """Where the matches of each signal stand: instants (us) and texts, by signal and place."""

    starts: Ints
    texts: NDArray[np.uint64]


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
    `ranked` the same, moved about; `others`, neither purchase nor return, and `tokens` stand in time order;
    `trail`, `purchases` and `returns` list rows; `counts` and `lasts` hold how many of the others there are of
    each role and when the last was; `transitions` counts pairs of roles.
    """

    orders: Records
    values: Ints
    ranked: Ints
    others: Records
    tokens: Records
    trail: Ints
    purchases: Ints
    returns: Ints
    table: Table
    counts: Ints
    lasts: Ints
    transitions: Ints
    partial: Partial


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


@allocator
def new_desk(events: int, signals: int) -> Desk:
    """A desk for customers of at most so many events, and for so many signals."""
    return Desk(
        np.empty(events, ORDER),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        np.empty(events, TOKEN),
        np.empty(events, TOKEN),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        np.empty(events, np.int64),
        new_table(events),
        np.zeros(len(ROLES), np.int64),
        np.zeros(len(ROLES), np.int64),
        np.zeros(len(ROLES) ** 2, np.int64),
        Partial(np.empty((signals, MOST_STEPS), np.int64), np.empty((signals, MOST_STEPS), np.uint64)),
    )
