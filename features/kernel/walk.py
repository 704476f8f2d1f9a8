"""The walk over customers and cutoffs: one compiled function for one customer, a batch and a bucket."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from numba import njit
from features.kernel.pieces import piece

from data.events import ROLES
from features.catalog import NAMES
from features.kernel.cadence import cadence
from features.kernel.calendar import calendar
from features.kernel.columns import Floats, Ints
from features.kernel.desk import Events, Moment, new_desk
from features.kernel.engagement import engagement
from features.kernel.gather import gather
from features.kernel.purchases import purchases
from features.kernel.relationship import relationship
from features.kernel.sequences import sequences
from features.kernel.touches import touches
from features.kernel.trends import trends
from features.kernel.windows import windows

Walk = Callable[[Floats, Events, Ints, Ints, Ints, Ints, Ints, float, int, int], int]


def fingerprint() -> int:
    """63 bits over everything that is compiled in: sources, roles and column order."""
    digest = hashlib.sha256(repr((ROLES, NAMES)).encode())
    for directory in (Path(__file__).parent, Path(__file__).parent.parent / "families"):
        for file in sorted(directory.glob("*.py")):
            digest.update(file.read_bytes())
    return int.from_bytes(digest.digest()[:8]) >> 1


@piece
def longest_history(offsets: Ints, first: int, last: int) -> int:
    """The number of events of the customer with the most."""
    longest = 1
    for customer in range(first, last):
        longest = max(longest, offsets[customer + 1] - offsets[customer])
    return longest


@cache
def compiled_walk() -> Walk:
    """The compiled walk.

    Numba's cache watches the file of this function alone, not those of the functions that it calls nor the
    catalogue. The fingerprint is a constant of the closure, hence part of the cache's key, and says which code
    it was.
    """
    version = fingerprint()

    @njit(cache=True, nogil=True)
    def walk(
        table: Floats,
        events: Events,
        offsets: Ints,
        cutoffs: Ints,
        known_at: Ints,
        days: Ints,
        decay: Ints,
        minor_units: float,
        first: int,
        last: int,
    ) -> int:
        """Writes the rows of the customers [first, last) into table[cutoff, customer, column]."""
        desk = new_desk(longest_history(offsets, first, last))
        for customer in range(first, last):
            for k in range(len(cutoffs)):
                row = table[k, customer]
                moment = Moment(cutoffs[k], known_at[k], days[k])
                seen = gather(events, offsets[customer], offsets[customer + 1], moment, desk)
                purchases(row, events, desk, seen, minor_units)
                cadence(row, desk, seen.orders, moment)
                windows(row, desk, seen.orders, decay, minor_units)
                trends(row, desk, seen, minor_units)
                sequences(row, desk, seen, minor_units)
                calendar(row, desk, seen, moment, minor_units)
                touches(row, desk, seen.others, moment, decay)
                engagement(row, desk, seen, moment, decay)
                relationship(row, seen, moment)
        return version

    return walk  # type: ignore[no-any-return]
