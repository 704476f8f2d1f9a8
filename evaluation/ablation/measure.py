"""Trains with every feature family and without, and compares."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.errors import listed
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.ablation.result import Ablation
from evaluation.ablation.runs import ALONE, BASIC, BESIDE, RESEEDED, WITHOUT, Part, runs_of, speaking
from evaluation.ablation.worth import Worth, Yardstick
from evaluation.comparison import OURS, judge
from evaluation.errors import EvaluationError
from evaluation.predictions import answers
from evaluation.question import Question
from features.catalog import TITLES
from training.fit import bundle_of, fit_targets
from training.horizons import horizons
from training.labels import label
from training.lesson import Lesson, prepare
from training.target import Fitted
from training.tuning import Search

Floats = NDArray[np.float64]

DRAWS = 300


def ablate(
    book: Book,
    histories: Histories,
    cutoff: int,
    search: Search,
    advance: Callable[[str], None],
    families: Collection[str] = tuple(TITLES),
) -> Ablation:
    """Trains at `cutoff` (µs) with everything and then without each of the `families`, in the same setting.

    `advance` is told of each step. Only the labels of the judged answers look past the cutoff.
    """
    known = histories.known_by(cutoff)
    lesson = prepare(book, known, cutoff, advance)
    spoken = speaking(lesson)
    parts = tuple(part for part in spoken if part.family in families)
    if not parts:
        raise EvaluationError(f"book {book.name} says nothing of {listed(families)}: there is nothing to leave out")
    full = fit_targets(lesson, search, advance)
    settings = {target: fitted.setting for target, fitted in full.items()}
    runs = tuple(runs_of(spoken, parts, search.seed))
    others: dict[str, dict[str, Fitted]] = {}
    for place, run in enumerate(runs):
        advance(f"training {run.name}, {place + 1} of {len(runs)}")
        seeded = replace(search, seed=run.seed)
        others[run.name] = fit_targets(lesson.without(run.hidden), seeded, settings=settings)
    advance("measuring")
    judged = {name: fitted for name, fitted in others.items() if not name.startswith(BESIDE)}
    predictions = _predictions(lesson, known, histories, {OURS: full, **judged})
    return Ablation(
        book=book,
        cutoff=predictions["cutoff"][0],
        parts=parts,
        silent=tuple(family for family in families if family not in {part.family for part in parts}),
        worths=tuple(worths(lesson, parts, {OURS: full, **others}, search.seed)),
        comparisons=judge(predictions, search.seed, DRAWS).comparisons,
        seed=search.seed,
    )


def worths(
    lesson: Lesson, parts: Sequence[Part], models: Mapping[str, Mapping[str, Fitted]], seed: int
) -> Iterator[Worth]:
    """What each part adds, target by target; see `evaluation.ablation.worth`."""
    for target, sample in lesson.asked.items():
        found = {name: fitted[target].validation for name, fitted in models.items()}
        yardstick = Yardstick(target, sample, found[OURS], seed)
        for part in parts:
            yield yardstick.worth(part.family, "left_out", found[OURS], found[WITHOUT + part.family])
        yield yardstick.worth("", "left_out", found[OURS], found[ALONE])
        for part in parts:
            if part.family != BASIC:
                yield yardstick.worth(part.family, "added", found[BESIDE + part.family], found[ALONE])
        yield yardstick.worth("", "reseeded", found[OURS], found[RESEEDED])


def _predictions(
    lesson: Lesson, known: Histories, histories: Histories, models: Mapping[str, Mapping[str, Fitted]]
) -> pl.DataFrame:
    """What every training says at the cutoff beside what came, a table of `evaluation.predictions.SCHEMA`."""
    tables = []
    said = {name: bundle_of(lesson, fitted).predict(lesson.today) for name, fitted in models.items()}
    for target, days in horizons(lesson.book).items():
        question = Question(lesson.book, known, lesson.cutoff, target, days)
        truth = label(histories, lesson.cutoff, target, days, lesson.book)
        for name, scores in said.items():
            if not np.isnan(getattr(scores, target)).all():
                tables.append(answers(question, name, getattr(scores, target), truth))
    return pl.concat(tables)
