"""Runs the audit: the suspects of a lesson, its tripwires, its checks of time."""

from collections.abc import Callable

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.audit.planted import plant
from evaluation.audit.result import Audit
from evaluation.audit.shuffled import Learner, learn_trees, shuffle_labels
from evaluation.audit.times import checks, known_when
from training.audit.suspects import scans_of, suspects_in
from training.lesson import prepare


def audit(
    book: Book,
    histories: Histories,
    cutoff: int,
    seed: int,
    advance: Callable[[str], None],
    learn: Learner = learn_trees,
) -> Audit:
    """Audits what training at `cutoff` (µs) would learn from; `learn` is the learner that the tripwire judges.

    `advance` is told of each step. Raises TrainingError where the book cannot teach a model.
    """
    lesson = prepare(book, histories, cutoff, advance)
    advance("measuring every feature alone")
    scans = scans_of(lesson)
    suspects = tuple(suspect for found in scans for suspect in suspects_in(found, lesson))
    advance("planting leaks")
    planted = tuple(tried for found in scans for tried in plant(lesson, found, seed))
    shuffles = []
    for target, sample in lesson.asked.items():
        advance(f"shuffling the labels of {target}")
        shuffles.append(shuffle_labels(target, sample, seed, learn))
    advance("checking times")
    return Audit(
        book=book,
        cutoff=local_date(cutoff, book.time_zone).isoformat(),
        spec=lesson.spec,
        customers=len(lesson.today),
        suspects=suspects,
        scans=scans,
        shuffles=tuple(shuffles),
        planted=planted,
        known=known_when(histories),
        checks=tuple(checks(lesson, histories, seed)),
        seed=seed,
    )
