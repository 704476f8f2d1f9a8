"""Customers at past cutoffs: what they showed then, how active they were, and whether they converted after."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import DAY, local_day
from data.events import ROLES
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.question import owners
from features.build import build_features
from features.kernel.signals import COLUMNS_OF_A_SIGNAL
from features.spec import FeatureSpec
from training.labels import audience, label, population

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BLOCK = 4096
LATELY = 91
BANDS = 16
KINDS = BANDS**3
NEVER = 2**BANDS  # days; longer than anybody's silence, so a band of its own
MONTH = 365.25 / 12 * DAY
TOUCH = ROLES.index("touch")


@dataclass(frozen=True)
class Firing:
    """How often each of s signals fired by the last cutoff, among `customers` with an event by then, who were
    known for `months` customer-months together: `ever` customers (s,), and `times` (s,) in all."""

    customers: int
    months: float
    ever: Ints
    times: Ints


@dataclass(frozen=True)
class Cases:
    """The customers asked at each cutoff, r customer-cutoffs in all, of s signals.

    `customer` int64[r] is a position in the order of ids, below `customers`; `stratum` int64[r] numbers those
    of one cutoff and comparable activity, below `strata`; `converted` bool[r] after the cutoff; `now` bool[s, r]
    whether the signal fired within its window; `age` float64[s, r] the days since it last did, nan for never.
    """

    customers: int
    strata: int
    customer: Ints
    stratum: Ints
    converted: Flags
    now: Flags
    age: Floats
    firing: Firing


@dataclass(frozen=True)
class _Block:
    """`table` is float64[r, 3 * s]: of each signal the times so far, those in its window, the days since."""

    customer: Ints
    key: Ints
    converted: Flags
    table: Floats


def cases_of(
    book: Book, histories: Histories, cutoffs: Sequence[int], days: int, advance: Callable[[str], None]
) -> Cases:
    """Asks at every cutoff (µs, ascending) whom the book's conversion asks about, `days` ahead.

    Signals and activity know only what was known at the cutoff; whether they converted may have been learnt
    since. The order of the customers does not matter.
    """
    ids = histories.customer_ids
    histories = histories.select(sorted(range(len(histories)), key=ids.__getitem__))
    spec = FeatureSpec(book.time_zone, book.minor_digits, columns=(), signals=book.all_signals)
    blocks, firings = list[_Block](), list[Firing]()
    for start in range(0, max(len(histories), 1), BLOCK):
        advance(f"building signals of {len(book.all_signals)} kinds, {start:,} of {len(histories):,} customers")
        block = histories.select(np.arange(start, min(start + BLOCK, len(histories))))
        tables = build_features(block, cutoffs, spec)
        firings.append(_firing(block, cutoffs[-1], tables[-1]))
        blocks += _asked(book, block, cutoffs, days, tables, start)
    return _joined(len(histories), blocks, firings)


def activity(histories: Histories, cutoff: int, time_zone: str) -> Ints:
    """A number below `KINDS` for how active each customer was as known at `cutoff` (µs), shape (n,).

    Equal for customers of the same bands of the days since they last did something, of the days on which they
    did in the last 91, and, twice as wide, of such days before. Our contacts are not their doing.
    """
    today = local_day(cutoff, time_zone)
    seen = (histories.time <= cutoff) & (histories.known_time <= cutoff) & (histories.role != TOUCH)
    who, day = owners(histories)[seen], histories.day[seen].astype(np.int64)
    fresh = np.ones(len(who), np.bool_)
    fresh[1:] = (np.diff(who) != 0) | (np.diff(day) != 0)
    who, day = who[fresh], day[fresh]
    last = np.full(len(histories), today - NEVER, np.int64)
    last[who] = day  # days ascend, so the last one stays
    lately, before = (
        np.bincount(who[part], minlength=len(histories)) for part in (day > today - LATELY, day <= today - LATELY)
    )
    silence = band(np.maximum(today - last, 0))
    return np.asarray((silence * BANDS + band(lately)) * BANDS + (band(before) + 1) // 2)


def band(days: Ints) -> Ints:
    """The bands 0, 1-2, 3-6, 7-14, 15-30, ...: each twice as wide as the one before, the last without an end."""
    return np.minimum(np.floor(np.log2(days + 1)), BANDS - 1).astype(np.int64)


def _asked(
    book: Book, block: Histories, cutoffs: Sequence[int], days: int, tables: Floats, start: int
) -> Iterator[_Block]:
    for moment, cutoff in enumerate(cutoffs):
        asked = np.flatnonzero(population(block, cutoff, audience(book, "conversion")))
        yield _Block(
            customer=asked + start,
            key=activity(block, cutoff, book.time_zone)[asked] + moment * KINDS,
            converted=label(block, cutoff, "conversion", days, book)[asked] > 0,
            table=tables[moment, asked],
        )


def _firing(block: Histories, cutoff: int, table: Floats) -> Firing:
    seen = (block.time <= cutoff) & (block.known_time <= cutoff)
    first = np.full(len(block), cutoff, np.int64)
    np.minimum.at(first, owners(block)[seen], block.time[seen])
    customers = np.unique(owners(block)[seen])
    times = table[customers, ::COLUMNS_OF_A_SIGNAL].astype(np.int64)
    months = float((cutoff - first[customers]).sum() / MONTH)
    return Firing(len(customers), months, (times > 0).sum(0), times.sum(0))


def _joined(customers: int, blocks: Sequence[_Block], firings: Sequence[Firing]) -> Cases:
    table = np.concatenate([block.table for block in blocks])
    keys, stratum = np.unique(np.concatenate([block.key for block in blocks]), return_inverse=True)
    return Cases(
        customers=customers,
        strata=len(keys),
        customer=np.concatenate([block.customer for block in blocks]),
        stratum=stratum,
        converted=np.concatenate([block.converted for block in blocks]),
        now=np.ascontiguousarray(table[:, 1::COLUMNS_OF_A_SIGNAL].T > 0),
        age=np.ascontiguousarray(table[:, 2::COLUMNS_OF_A_SIGNAL].T),
        firing=Firing(
            customers=sum(firing.customers for firing in firings),
            months=sum(firing.months for firing in firings),
            ever=np.sum([firing.ever for firing in firings], axis=0),
            times=np.sum([firing.times for firing in firings], axis=0),
        ),
    )
