"""One review after the other: the plan is fitted anew, the tiers that customers had are minded, or not."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from serving.ledger.previous import Previous
from serving.ledger.standing import after
from serving.plan import Plan
from serving.tiers.fit import fit, needed
from serving.tiers.gather import Gathered, gather
from serving.tiers.ladder import TIERS
from serving.tiers.rule import Places
from serving.tiers.stability import NOBODY, Past, Stability
from training.bundle import Bundle
from training.labels import population

Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Review:
    """What was known of a book at `cutoff` (µs UTC): its customers, found at `rows` (n,) of all histories."""

    cutoff: int
    date: str
    rows: Ints
    found: Gathered


@dataclass(frozen=True)
class Reviewed:
    """The tiers of a review, as places on the ladder (n,): by the plan `alone`, and `settled`, the past minded."""

    plan: Plan
    alone: Places
    settled: Places


def reviews(
    book: Book, histories: Histories, cutoffs: Sequence[int], bundle: Bundle, advance: Callable[[str], None]
) -> Iterator[Review]:
    """What was known at each cutoff (µs UTC, ascending), and nothing later; `advance` is told of each."""
    names = needed(book, bundle)
    for cutoff in cutoffs:
        day = local_date(cutoff, book.time_zone).isoformat()
        advance(f"reviewing the tiers of {day}")
        known = histories.known_by(cutoff)
        rows = np.flatnonzero(population(known, cutoff, "everyone"))
        yield Review(cutoff, day, rows, gather([known], cutoff, bundle, names))


def with_memory(told: Iterable[Review], book: Book, bundle: Bundle) -> list[Reviewed]:
    """The tiers as scoring assigns them month after month: each plan, and each customer, minds the review before."""
    memory: dict[str, Previous] = {}
    found = []
    for review in told:
        plan = fit(review.found, book, bundle, review.cutoff, previous=memory)
        past = Past.of(review.found.customers, memory)
        columns = review.found.columns
        settled = Stability.of(plan.stability).settled(plan.rule, columns, past, review.cutoff)
        names = zip(review.found.customers, settled.tolist(), strict=True)
        memory |= {who: after(memory.get(who), TIERS[place], review.cutoff) for who, place in names}
        found.append(Reviewed(plan, plan.rule.places(columns), settled))
    return found


def without_memory(told: Iterable[Review], book: Book, bundle: Bundle) -> list[Reviewed]:
    """The tiers of the same policy, fitted and assigned as if nobody had ever had one."""
    found = []
    for review in told:
        plan = fit(review.found, book, bundle, review.cutoff)
        places = plan.rule.places(review.found.columns)
        found.append(Reviewed(plan, places, places))
    return found


def grid(told: Sequence[Review], places: Iterable[Places], customers: int) -> Ints:
    """The places of all customers at all reviews, shape (reviews, customers); `NOBODY` before they are on record."""
    table = np.full((len(told), customers), NOBODY, dtype=np.int64)
    for row, (review, here) in enumerate(zip(told, places, strict=True)):
        table[row, review.rows] = here
    return table
