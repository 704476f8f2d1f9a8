"""Trains twice, explains the same customers twice, and compares."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.dependence import dependences
from evaluation.drivers import drivers, group_drivers
from evaluation.explained import explained, populations, sampled
from evaluation.reasons.pairs import pairs
from evaluation.reasons.result import Grounds
from evaluation.reasons.stability import stabilities
from training.fit import learnt
from training.lesson import prepare
from training.tuning import Search

WordsOf = Callable[[str], Mapping[int, str]]


def measure(
    book: Book,
    histories: Histories,
    cutoff: int,
    search: Search,
    words_of: WordsOf,
    advance: Callable[[str], None],
) -> Grounds:
    """What drives the scores of a model trained at `cutoff` (µs), and what of it another seed keeps.

    `words_of` gives the texts behind the hashes of a profile column; `advance` is told of each step. Raises
    TrainingError where the book cannot teach a model.
    """
    known = histories.known_by(cutoff)
    lesson = prepare(book, known, cutoff, advance)
    bundle = learnt(lesson, search, advance)
    other = replace(search, seed=search.seed + 1)
    again = learnt(lesson, other, lambda step: advance(f"another seed, {step}"))
    advance("explaining the same customers twice")
    whom = populations(book)
    features = sampled(known, cutoff, bundle.spec)
    first, second = (tuple(explained(model, features, whom)) for model in (bundle, again))
    found = tuple(drivers(first))
    advance("comparing the reasons")
    return Grounds(
        book=book,
        bundle=bundle,
        again=again.version,
        first=local_date(int(known.time.min()), book.time_zone).isoformat(),
        cutoff=local_date(cutoff, book.time_zone).isoformat(),
        customers=len(lesson.today),
        buyers=int(lesson.buyers.sum()),
        explained=len(features),
        populations=whom,
        drivers=found,
        groups=tuple(group_drivers(first)),
        dependences=tuple(dependences(first, found, bundle, bundle.spec.level_names(words_of))),
        stabilities=tuple(stabilities(first, second, search.seed)),
        pairs=tuple(pairs(first, second)),
        seed=search.seed,
    )
