"""The walk over customers and cutoffs: one compiled function for one customer, a batch and a bucket."""

import hashlib
from collections.abc import Callable
from functools import cache
from pathlib import Path

from numba import njit

from data.events import ROLES
from features.catalog import NAMES
from features.kernel.breadth import breadth
from features.kernel.cadence import cadence
from features.kernel.calendar import calendar
from features.kernel.columns import Floats, Ints, Records
from features.kernel.desk import Desk, Events, Fitted, Moments, Scales, Seen, View, new_desk
from features.kernel.engagement import engagement
from features.kernel.evidence import evidence
from features.kernel.gather import gather, gather_orders, gather_values
from features.kernel.loyalty import loyalty
from features.kernel.parts import AS_SEQUENCE, BIT
from features.kernel.payments import payments
from features.kernel.pieces import piece
from features.kernel.purchases import order_values, purchases, returns
from features.kernel.relationship import relationship
from features.kernel.sequences import sequences
from features.kernel.sessions import sessions
from features.kernel.signals import COLUMNS_OF_A_SIGNAL, signals
from features.kernel.stages import stages
from features.kernel.steps import embed, steps
from features.kernel.tokens import gather_tokens
from features.kernel.touches import touches
from features.kernel.trends import trends
from features.kernel.windows import windows

CATALOGUE = len(NAMES)
Run = tuple[int, int]
Walk = Callable[[Floats, Events, Moments, Scales, Fitted, Run], int]


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
def write_orders(
    row: Floats, events: Events, view: View, scales: Scales, wanted: int, seen: Seen, orders: Records, desk: Desk
) -> None:
    """Writes what depends on purchases and returns alone."""
    minor_units, lines = scales.minor_units, desk.purchases[: seen.purchases]
    priced = gather_values(orders, desk.values, desk.ranked)
    values, ranked = desk.values[:priced], desk.ranked[:priced]
    purchases(row, events, orders, lines, minor_units)
    order_values(row, values, ranked, minor_units)
    returns(row, events, orders, desk.returns[: seen.returns], desk.table, view.cutoff, minor_units)
    if wanted & BIT.breadth:
        breadth(row, events, lines, view.day, desk.table)
    if wanted & BIT.cadence:
        cadence(row, orders, view.cutoff)
    if wanted & BIT.windows:
        windows(row, orders, scales)
    if wanted & BIT.sequences:
        sequences(row, orders, values, minor_units)
    if wanted & BIT.calendar:
        calendar(row, orders, seen.first_age, view.day, minor_units)
    if wanted & BIT.loyalty:
        loyalty(row, orders)


@piece
def write_sequence(
    row: Floats, events: Events, view: View, fitted: Fitted, trail: Ints, orders: Records, desk: Desk
) -> None:
    """Writes what depends on the order of events of every kind."""
    wanted, matcher, loadings = fitted.wanted, fitted.signals, fitted.loadings
    after = CATALOGUE + COLUMNS_OF_A_SIGNAL * len(matcher.lengths)
    tokens = desk.tokens[: gather_tokens(events, view, trail, orders, desk.tokens)]
    if wanted & BIT.stages:
        stages(row, tokens, desk.ranked, view.cutoff)
    if wanted & BIT.sessions:
        sessions(row, tokens)
    if wanted & BIT.steps:
        steps(row, tokens, desk.transitions, view.cutoff)
    if loadings.shape[1] > 0:
        embed(row, after, desk.transitions, len(tokens) - 1, loadings)
    signals(row, CATALOGUE, events, tokens, view.cutoff, matcher, desk.partial)


@piece
def write_row(row: Floats, events: Events, view: View, scales: Scales, fitted: Fitted, desk: Desk) -> None:
    """Writes the wanted families of one customer at one moment; some read columns of those before them.

    The row holds the catalogue, then the signals, then the embedding.
    """
    wanted, minor_units, cutoff = fitted.wanted, scales.minor_units, view.cutoff
    seen = gather(events, view, desk)
    lines, others = desk.purchases[: seen.purchases], desk.others[: seen.others]
    orders = desk.orders[: gather_orders(events, view, lines, desk)]
    write_orders(row, events, view, scales, wanted, seen, orders, desk)
    if wanted & BIT.trends:
        trends(row, orders, others, seen.first_age, minor_units)
    if wanted & BIT.evidence:
        evidence(row, orders, others, seen.first_age)
    if wanted & AS_SEQUENCE or len(fitted.signals.lengths) > 0:
        trail = desk.trail[: seen.purchases + seen.returns + seen.others]
        write_sequence(row, events, view, fitted, trail, orders, desk)
    if wanted & BIT.touches:
        touches(row, others, desk.counts, desk.lasts, cutoff, scales.decay)
    if wanted & BIT.engagement:
        engagement(row, events, orders, others, cutoff, scales.decay, desk)
    if wanted & BIT.relationship:
        relationship(row, seen, cutoff)
    if wanted & BIT.payments:
        payments(row, events, others, desk.counts, cutoff)


@cache
def compiled_walk() -> Walk:
    """The compiled walk, read from Numba's cache or compiled for some seconds.

    That cache watches the file of this function alone, not those of the functions that it calls nor the
    catalogue. The fingerprint is a constant of the closure, hence part of the cache's key.
    """
    version = fingerprint()

    @njit(cache=True, nogil=True)
    def walk(table: Floats, events: Events, moments: Moments, scales: Scales, fitted: Fitted, run: Run) -> int:
        """Writes the rows of the customers in [first, last) into table[cutoff, customer, column]."""
        first, last = run
        desk = new_desk(longest_history(events.offsets, first, last), len(fitted.signals.lengths))
        for customer in range(first, last):
            rows = events.offsets[customer], events.offsets[customer + 1]
            for k in range(len(moments.cutoffs)):
                view = View(rows[0], rows[1], moments.cutoffs[k], moments.known_at[k], moments.days[k])
                write_row(table[k, customer], events, view, scales, fitted, desk)
        return version

    return walk
