"""Replays the tiers of a book's own policy, review after review, and lays them beside what came."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.overridden import Overridden, overridden
from evaluation.reviews.draws import Draws
from evaluation.reviews.moments import every_30_days
from evaluation.reviews.review import Review, Reviewed, grid, reviews, with_memory
from evaluation.tiering.collect import Collected
from evaluation.tiering.flows import flows
from evaluation.tiering.groups import OUT, Sums, differences
from evaluation.tiering.outcomes import Outcomes, outcomes
from evaluation.tiering.result import DIRECTIONS, Effect, Move, Snapshot, Tiering
from evaluation.tiering.told import Told, reliability, told
from serving.tiers.ladder import TIERS
from training.fit import fit
from training.horizons import horizons
from training.labels import population
from training.tuning import Search

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class Found:
    """What was measured, and what the drawing of reliability needs beside it."""

    tiering: Tiering
    told: Told


def tiering(
    book: Book,
    histories: Histories,
    cutoffs: Sequence[int],
    search: Search,
    collected: Collected | None,
    advance: Callable[[str], None],
) -> Found:
    """Measures the tiers at `cutoffs` (µs UTC, ascending), whose horizons have ended.

    The model is trained once, on what was known at the first of them; only what is measured looks further. `collected`
    are the accounts that persons overrode; `advance` is told of each step.
    """
    bundle = fit(book, histories.known_by(cutoffs[0]), cutoffs[0], search, lambda step: advance(f"training, {step}"))
    beyond = every_30_days(book, cutoffs[-1], -1)
    extended = [*cutoffs, beyond] if beyond <= histories.time.max() else list(cutoffs)
    all_reviews = list(reviews(book, histories, extended, bundle, advance))
    advance("assigning tiers")
    assigned = with_memory(all_reviews, book, bundle)
    judged = all_reviews[: len(cutoffs)]
    table = grid(judged, [each.settled for each in assigned[: len(cutoffs)]], len(histories))
    chances = Told.joined(list(_told(all_reviews, assigned, len(histories))))
    advance("measuring what came")
    came = [outcomes(book, histories, cutoff) for cutoff in cutoffs]
    draws = Draws(len(histories), search.seed)
    days = horizons(book)
    measured = Tiering(
        book=book.name,
        currency=book.currency,
        policy=book.tiers.policy,
        horizon_days=days["lifetime_value"],
        churn_days=days["churn"],
        seed=search.seed,
        degraded=bundle.degraded,
        surveys=tuple(type_ for type_, role in book.roles.items() if role == "survey"),
        effects=tuple(effects(table, came, draws)),
        moves=tuple(_moves(book, histories, cutoffs, table, came, draws)),
        reviews=tuple(_snapshots(judged, table, came)),
        flows=tuple(tuple(row) for row in flows(table[0], table[-1]).tolist()),
        reliability=reliability(chances, draws, len(histories)),
        overridden=by_hand(collected, int(histories.time.max()), search.seed),
        missing_overrides=collected.missing if collected else 0,
    )
    return Found(measured, chances)


def effects(table: Ints, came: Sequence[Outcomes], draws: Draws) -> Iterator[Effect]:
    """What came of the customers of every tier, whose places are `table` (reviews, customers), over all reviews."""
    sums = Sums(len(TIERS), table.shape[1])
    for places, seen in zip(table, came, strict=True):
        sums.add(places, seen)
    rows = zip(TIERS, sums.counts(), sums.figures(draws), sums.value_shares(draws), strict=True)
    for tier, (cases, customers, answers), figures, share in rows:
        yield Effect(tier, cases, customers, answers, figures, share)


def before_and_after(
    moved: Sequence[Ints], before: Sequence[Outcomes], after: Sequence[Outcomes], draws: Draws
) -> Iterator[Move]:
    """Each direction's figures in the horizon before a review and after it; `moved` (n,) by review are places in
    `DIRECTIONS`, or `OUT`."""
    customers = len(before[0].money) if before else 0
    first, second = Sums(len(DIRECTIONS), customers), Sums(len(DIRECTIONS), customers)
    for group, then, now in zip(moved, before, after, strict=True):
        first.add(group, then)
        second.add(group, now)
    columns = (first.counts(), second.counts(), first.figures(draws), second.figures(draws))
    changes = differences(second, first, draws)
    for direction, *row, difference in zip(DIRECTIONS, *columns, changes, strict=True):
        (cases, who, said), (_, _, say), then_, now_ = row
        yield Move(direction, cases, who, said, say, then_, now_, difference)


def directions(before: Ints, after: Ints) -> Ints:
    """The place in `DIRECTIONS` of each customer between two reviews, (n,); `OUT` of who was not at both."""
    there = (before >= 0) & (after >= 0)
    return np.where(there, np.sign(after - before) + 1, OUT)


def by_hand(found: Collected | None, until: int, seed: int) -> tuple[Overridden, ...]:
    """How overridden accounts did; nothing where there is none."""
    if found is None:
        return ()
    return overridden(found.accounts, found.peers, found.place, found.place_then, recorded_until=until, seed=seed)


def _moves(
    book: Book,
    histories: Histories,
    cutoffs: Sequence[int],
    table: Ints,
    came: Sequence[Outcomes],
    draws: Draws,
) -> Iterator[Move]:
    """Only who was on record for a whole horizon before the review is compared, and as the buyer they were then."""
    moved, before, after = [], list[Outcomes](), list[Outcomes]()
    for place in range(1, len(cutoffs)):
        start = add_days(cutoffs[place], -horizons(book)["lifetime_value"], book.time_zone)
        then = outcomes(book, histories, start)
        known = population(histories, start, "everyone")
        moved.append(np.where(known, directions(table[place - 1], table[place]), OUT))
        before.append(then)
        after.append(came[place].with_buyers(then.buyers))
    return before_and_after(moved, before, after, draws)


def _told(found: Sequence[Review], assigned: Sequence[Reviewed], customers: int) -> Iterator[Told]:
    for place in range(len(found) - 1):
        part = told(found[place], assigned[place], found[place + 1], assigned[place + 1], customers)
        if part is not None:
            yield part


def _snapshots(judged: Sequence[Review], table: Ints, came: Sequence[Outcomes]) -> Iterator[Snapshot]:
    for row, review in enumerate(judged):
        moved = directions(table[row - 1], table[row]) if row else np.full(table.shape[1], OUT)
        members = [table[row] == place for place in range(len(TIERS))]
        up, stayed, down = (int((moved == place).sum()) for place in range(len(DIRECTIONS)))
        yield Snapshot(
            date=review.date,
            customers=tuple(int(here.sum()) for here in members),
            value=tuple(float(came[row].money[here].mean()) if here.any() else np.nan for here in members),
            up=up,
            down=down,
            stayed=stayed,
        )
