"""Replays a book's policy month by month, with memory, without, and by the truth where it is known."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.reviews.draws import Draws
from evaluation.reviews.moments import has_ended
from evaluation.reviews.review import Review, Reviewed, grid, reviews, with_memory, without_memory
from evaluation.stability.figures import BEST, captured, captured_share, follow_up
from evaluation.stability.motion import flaps, moves
from evaluation.stability.result import WHO, Month, Stability, Who
from evaluation.stability.room import beyond_seats
from evaluation.stability.truth import enlightened
from serving.tiers.inputs import VALUE
from training.bundle import Bundle
from training.fit import fit
from training.horizons import horizons
from training.labels import label
from training.tuning import Search

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


def stability(
    book: Book,
    histories: Histories,
    cutoffs: Sequence[int],
    search: Search,
    truth: Path | None,
    advance: Callable[[str], None],
) -> Stability:
    """Measures at `cutoffs` (µs UTC, ascending) what memory does to the tiers of a book.

    The model is trained once, on what was known at the first cutoff. `truth` is the file that tells it, where there is
    one; `advance` is told of each step.
    """
    bundle = fit(book, histories.known_by(cutoffs[0]), cutoffs[0], search, lambda step: advance(f"training, {step}"))
    told = list(reviews(book, histories, cutoffs, bundle, advance))
    advance("assigning tiers with memory and without")
    assigned: dict[Who, list[Reviewed]] = {
        "ours": with_memory(told, book, bundle),
        "memoryless": without_memory(told, book, bundle),
    }
    grids = {who: grid(told, [each.settled for each in found], len(histories)) for who, found in assigned.items()}
    advance("measuring")
    money = money_of(book, histories, told)
    known = _known(book, bundle, truth, told, len(histories))
    return Stability(
        book=book.name,
        policy=book.tiers.policy,
        settings=book.tiers.stability.model_dump(),
        horizon_days=horizons(book)["lifetime_value"],
        seed=search.seed,
        degraded=bundle.degraded,
        months=tuple(row for who in WHO for row in _months(book, who, told, assigned[who], grids[who], money)),
        captured=captured(grids["ours"], grids["memoryless"], money, Draws(len(histories), search.seed)),
        oracle_moves=int(moves(known[0]).sum()) if known else None,
        oracle_flaps=int(flaps(known[0]).sum()) if known else None,
        followed=tuple(follow_up(*known, grids, search.seed)) if known else (),
    )


def money_of(book: Book, histories: Histories, told: Sequence[Review]) -> Floats:
    """The money of the horizon after each review, shape (reviews, customers); nan where it has not ended, and before
    a customer is on record."""
    days, last = horizons(book)["lifetime_value"], int(histories.time.max())
    money = np.full((len(told), len(histories)), np.nan)
    for row, review in enumerate(told):
        if has_ended(book, review.cutoff, last):
            came = label(histories, review.cutoff, "lifetime_value", days, book)
            money[row, review.rows] = came[review.rows]
    return money


def _known(
    book: Book, bundle: Bundle, truth: Path | None, told: Sequence[Review], customers: int
) -> tuple[Ints, Floats] | None:
    """The tiers of the memoryless policy that is told the truth, and the true value, both (reviews, customers)."""
    seen = enlightened(truth, book, told) if truth else None
    if seen is None:
        return None
    value = np.full((len(seen), customers), np.nan)
    for row, review in enumerate(seen):
        value[row, review.rows] = review.found.columns[VALUE.name]
    return grid(seen, [each.settled for each in without_memory(seen, book, bundle)], customers), value


def _months(
    book: Book, who: Who, told: Sequence[Review], assigned: Sequence[Reviewed], table: Ints, money: Floats
) -> Iterator[Month]:
    moved, back = moves(table).sum(axis=1), flaps(table).sum(axis=1)
    for row, (review, each) in enumerate(zip(told, assigned, strict=True)):
        yield Month(
            who=who,
            date=review.date,
            customers=len(review.rows),
            moves=int(moved[row - 1]) if row else 0,
            flaps=int(back[row - 1]) if row else 0,
            best=int((each.settled <= BEST).sum()),
            captured=captured_share(table[row], money[row]),
            over=beyond_seats(book, each.plan, review.found.columns, each.settled),
        )
