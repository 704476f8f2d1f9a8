"""Simulates, teaches some customers' histories twice, by what came and by the truth, and asks of all others."""

from collections.abc import Callable
from pathlib import Path

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from data.simulation.world import World
from data.store.store import Store
from evaluation.ceiling.answers import answers_of
from evaluation.ceiling.figures import coverage, measured
from evaluation.ceiling.lesson import days_of, enlightened
from evaluation.ceiling.people import parted
from evaluation.ceiling.result import Ceiling
from evaluation.ceiling.truth import Truth, truth_of
from evaluation.ceiling.world import opened
from evaluation.cutoffs import check_cutoff, judged_cutoff
from training.bundle import Bundle
from training.fit import bundle_of, fit, fit_targets
from training.horizons import horizons
from training.lesson import Lesson, prepare
from training.tuning import Search


def ceiling(world: World, taught: int, seed: int, home: Path, advance: Callable[[str], None]) -> Ceiling:
    """Measures at the judged cutoff how near what `taught` customers teach comes to what can be known.

    `home` is the working folder, in which the world is found or put; `seed` decides who teaches, and trains.
    `advance` is told of each step.
    """
    store, folder = opened(world, home, advance)
    book, cutoff = store.book, judged_cutoff(store.book, None)
    check_cutoff(book, cutoff, store.first_time, store.last_time)
    teachers, unseen = _people(store, cutoff, taught, seed)
    search = Search(seed=seed)
    ours = fit(book, teachers, cutoff, search, lambda step: advance(f"ours, {step}"))
    highest, truth = _highest(world, folder, book, teachers, cutoff, search, advance)
    answers = answers_of(book, unseen, teachers, cutoff, (ours, highest), truth, advance)
    advance("measuring")
    figures, gaps = measured(answers, horizons(book), seed)
    return Ceiling(
        book=book.name,
        cutoff=local_date(cutoff, book.time_zone).isoformat(),
        customers=world.customers,
        taught=taught,
        unseen=len(answers.bought),
        seed=seed,
        figures=tuple(figures),
        gaps=tuple(gaps),
        coverage=tuple(coverage(answers, seed)),
    )


def taught_by_truth(
    lesson: Lesson, histories: Histories, truth: Truth, search: Search, advance: Callable[[str], None]
) -> Bundle:
    """The bundle of the same learner on the same rows and features, whose labels are the truth."""
    told = enlightened(lesson, histories, truth)
    return bundle_of(told, fit_targets(told, search, advance))


def _people(store: Store, cutoff: int, taught: int, seed: int) -> tuple[Histories, Histories]:
    """Those who teach, as known at the cutoff, and all others with what came."""
    histories = store.read_all()
    chosen, others = parted(histories.customer_ids, taught, seed)
    return histories.select(chosen).known_by(cutoff), histories.select(others)


def _highest(
    world: World,
    folder: Path,
    book: Book,
    teachers: Histories,
    cutoff: int,
    search: Search,
    advance: Callable[[str], None],
) -> tuple[Bundle, Truth]:
    """The bundle that is taught by the truth, and the truth itself; the lesson between them leaves the memory."""
    lesson = prepare(book, teachers, cutoff, lambda step: advance(f"ceiling, {step}"))
    truth = _truth(world, lesson, folder, advance)
    return taught_by_truth(lesson, teachers, truth, search, lambda step: advance(f"ceiling, {step}")), truth


def _truth(world: World, lesson: Lesson, folder: Path, advance: Callable[[str], None]) -> Truth:
    """Of all customers, at the snapshots of the lesson and at the cutoff."""
    book = lesson.book
    today = local_date(lesson.cutoff, book.time_zone)
    ahead = {plan.horizon_days for plan in lesson.plans.values()} | set(horizons(book).values())
    truth = truth_of(world, [*days_of(lesson), today], sorted(ahead), advance)
    truth.require_as_written(folder, today, horizons(book)["lifetime_value"])
    return truth
