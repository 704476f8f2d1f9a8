"""From histories to a bundle: what the book teaches, the models, all that serving them needs."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from data.histories.histories import Histories
from data.settings.book import Book
from training.audit.suspects import Suspect, recorded, suspects_of
from training.boosting import Grow, fit_booster
from training.bundle import Bundle
from training.horizons import LOSSES, horizons, purchase_converts, target_of
from training.labels import TARGETS
from training.ladder import Ladder
from training.lesson import Lesson, prepare
from training.ranges import Ranges
from training.rungs import fit_ladders
from training.sample import Sample
from training.settings import settings_of
from training.snapshots import SnapshotPlan
from training.target import Fitted, Setting, Task, fit_target
from training.tuning import Search

Floats = NDArray[np.float64]

GOLDEN_ROWS = 16


def fit(
    book: Book,
    histories: Histories,
    cutoff: int,
    search: Search,
    advance: Callable[[str], None] = lambda _: None,
    grow: Grow = fit_booster,
) -> Bundle:
    """Trains the models on what was known at `cutoff` (µs) and nothing later.

    `advance` is told of each step; `grow` grows the final trees. Raises TrainingError where the book cannot teach a
    model.
    """
    return learnt(prepare(book, histories, cutoff, advance), search, advance, grow)


def learnt(
    lesson: Lesson, search: Search, advance: Callable[[str], None] = lambda _: None, grow: Grow = fit_booster
) -> Bundle:
    """What becomes of a lesson: the bundle that serves every horizon the book asks for."""
    fitted = fit_targets(lesson, search, advance, grow=grow)
    ladders = fit_ladders(lesson.steps, lesson.cutoff, search.seed, advance)
    advance("measuring how far the money strays")
    ranges = ranges_of(lesson, fitted)
    advance("looking for leaks")
    return bundle_of(lesson, fitted, ladders, ranges, suspects_of(lesson))


def fit_targets(
    lesson: Lesson,
    search: Search,
    advance: Callable[[str], None] = lambda _: None,
    settings: Mapping[str, Setting] | None = None,
    grow: Grow = fit_booster,
) -> dict[str, Fitted]:
    """A model for every sample of the lesson; `settings` by target, else validation chooses them."""
    fitted = {}
    for name, sample in lesson.samples.items():
        target = target_of(name)
        served = horizons(lesson.book)[target]
        speaks = _theory_speaks(lesson.book, target)
        task = Task(name, lesson.cutoff, lesson.plans[target], served, speaks, search.shared(len(lesson.samples)), grow)
        given = settings[name] if settings else None
        fitted[name] = fit_target(task, sample, lesson.theories, advance, given)
    return fitted


def noted(bundle: Bundle, facts: Mapping[str, Any]) -> Bundle:
    """The bundle with these facts on record beside the choices of every model."""
    if not facts:
        return bundle
    return replace(bundle, choices={model: {**choice, **facts} for model, choice in bundle.choices.items()})


def ranges_of(lesson: Lesson, fitted: Mapping[str, Fitted]) -> Ranges:
    """The intervals of value, from predictions of customers whom no tree had seen."""
    gains, churn = lesson.samples["lifetime_value"], lesson.samples["churn"]
    value, money = np.exp(fitted["lifetime_value"].served), gains.labels
    if LOSSES in fitted:
        value, money = value - np.exp(fitted[LOSSES].served), money - lesson.samples[LOSSES].labels
    silent = np.full(len(gains), np.nan)
    if lesson.plans["churn"] == lesson.plans["lifetime_value"]:
        chances = dict(zip(_keys(churn), expit(fitted["churn"].served), strict=True))
        silent = np.array([chances.get(key, np.nan) for key in _keys(gains)])
    return Ranges.fit(value, silent, money, gains.customers, may_be_negative=LOSSES in fitted)


def bundle_of(
    lesson: Lesson,
    fitted: Mapping[str, Fitted],
    ladders: Mapping[str, Ladder] | None = None,
    ranges: Ranges | None = None,
    suspects: Sequence[Suspect] = (),
) -> Bundle:
    """The bundle that serves the fitted models of a lesson, with the suspects of their features on record.

    Without `ladders` it knows the main horizons alone.
    """
    book, today = lesson.book, lesson.today
    return Bundle(
        book=book.name,
        cutoff=lesson.cutoff,
        currency=book.currency,
        spec=lesson.spec,
        models={target: found.model for target, found in fitted.items()},
        ladders=ladders or {},
        asked={} if ladders is None else {target: getattr(book.targets, target).horizons for target in TARGETS},
        ranges=ranges,
        theory=lesson.theories[lesson.cutoff],
        horizons=horizons(book),
        degraded=_degraded(lesson),
        typical=_medians(today[lesson.buyers]),
        cold_start=_cold_starts(lesson),
        golden=today[np.linspace(0, len(today) - 1, min(GOLDEN_ROWS, len(today))).astype(int)],
        golden_scores={},
        choices={target: found.record | {"suspects": recorded(suspects, target)} for target, found in fitted.items()},
        any_purchase_converts=not book.targets.conversion.types,
        purchase_converts=purchase_converts(book),
        settings=settings_of(book),
    ).with_golden_scores()


def _keys(sample: Sample) -> list[tuple[int, int]]:
    return list(zip(sample.snapshots.tolist(), sample.customers.tolist(), strict=True))


def _theory_speaks(book: Book, target: str) -> bool:
    """Whether the target is about purchases; of other events buy-till-you-die models know nothing."""
    return target != "conversion" or not book.targets.conversion.types


def _degraded(lesson: Lesson) -> tuple[str, ...]:
    codes = ["extrapolated_horizon"] if lesson.stretched else []
    answered = purchase_converts(lesson.book)
    return (*codes, *(f"{target}_not_learnt" for target in lesson.unlearnt if not answered))


def _cold_starts(lesson: Lesson) -> dict[str, float]:
    """The training population's mean label of each target: all that can be said of somebody without a history."""
    served = horizons(lesson.book)
    means = {
        name: _cold_start(name, sample, lesson.plans[target_of(name)], served[target_of(name)])
        for name, sample in lesson.samples.items()
    }
    lost = means.pop(LOSSES, 0.0)
    return means | {"lifetime_value": means["lifetime_value"] - lost}


def _cold_start(model: str, sample: Sample, plan: SnapshotPlan, served_days: int) -> float:
    """A window shorter than the served horizon is repeated: money adds up, silences multiply.

    Half a customer is added on each side of a chance: nobody is certain to do what the few before them did.
    """
    mean, windows = float(sample.labels.mean()), served_days / plan.horizon_days
    if target_of(model) == "lifetime_value":
        return mean * windows
    people = len(np.unique(sample.customers))
    mean = (mean * people + 0.5) / (people + 1.0)
    return float(mean**windows) if model == "churn" else float(1 - (1 - mean) ** windows)


def _medians(features: Floats) -> Floats:
    """The median of what is known of each feature, shape (f,); nan where nothing is."""
    known = ~np.isnan(features).all(axis=0)
    medians = np.full(features.shape[1], np.nan)
    medians[known] = np.nanmedian(features[:, known], axis=0)
    return medians
