"""From histories to a bundle: what the book teaches, the three models, all that serving them needs."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from data.book import Book
from data.histories import Histories
from training.bundle import Bundle, settings_of
from training.lesson import Lesson, horizons, prepare
from training.sample import Sample
from training.snapshots import SnapshotPlan
from training.target import Fitted, Search, Setting, Task, fit_target

Floats = NDArray[np.float64]

GOLDEN_ROWS = 16


def fit(
    book: Book,
    histories: Histories,
    cutoff: int,
    search: Search,
    advance: Callable[[str], None] = lambda _: None,
) -> Bundle:
    """Trains the three models on what was known at `cutoff` (µs) and nothing later.

    `advance` is told of each step. Raises TrainingError where the book cannot teach a model.
    """
    lesson = prepare(book, histories, cutoff, advance)
    return bundle_of(lesson, fit_targets(lesson, search, advance))


def fit_targets(
    lesson: Lesson,
    search: Search,
    advance: Callable[[str], None] = lambda _: None,
    settings: Mapping[str, Setting] | None = None,
) -> dict[str, Fitted]:
    """A model for every sample of the lesson; `settings` by target, else validation chooses them."""
    fitted = {}
    for target, sample in lesson.samples.items():
        served = horizons(lesson.book)[target]
        task = Task(target, lesson.cutoff, lesson.plans[target], served, _theory_speaks(lesson.book, target), search)
        given = settings[target] if settings else None
        fitted[target] = fit_target(task, sample, lesson.theories, advance, given)
    return fitted


def bundle_of(lesson: Lesson, fitted: Mapping[str, Fitted]) -> Bundle:
    """The bundle that serves the fitted models of a lesson."""
    book, today, plans, served = lesson.book, lesson.today, lesson.plans, horizons(lesson.book)
    return Bundle(
        book=book.name,
        cutoff=lesson.cutoff,
        currency=book.currency,
        spec=lesson.spec,
        models={target: found.model for target, found in fitted.items()},
        theory=lesson.theories[lesson.cutoff],
        horizons=served,
        degraded=("extrapolated_horizon",) if any(plan.extrapolated for plan in plans.values()) else (),
        typical=_medians(today[lesson.buyers]),
        cold_start={
            target: _cold_start(target, sample, plans[target], served) for target, sample in lesson.samples.items()
        },
        golden=today[np.linspace(0, len(today) - 1, min(GOLDEN_ROWS, len(today))).astype(int)],
        choices={target: found.record for target, found in fitted.items()},
        any_purchase_converts=not book.targets.conversion.types,
        purchase_converts=_purchase_converts(book),
        settings=settings_of(book),
    )


def _theory_speaks(book: Book, target: str) -> bool:
    """Whether the target is about purchases; of other events buy-till-you-die models know nothing."""
    return target != "conversion" or not book.targets.conversion.types


def _purchase_converts(book: Book) -> bool:
    """Whether who buys in the churn horizon has converted in the conversion horizon, whatever they bought."""
    types = book.targets.conversion.types
    purchases = {type_ for type_, role in book.roles.items() if role == "purchase"}
    return not types or (purchases <= set(types) and horizons(book)["conversion"] >= horizons(book)["churn"])


def _cold_start(target: str, sample: Sample, plan: SnapshotPlan, served: Mapping[str, int]) -> float:
    """The training population's mean label: all that can be said of somebody without a history.

    A window shorter than the served horizon is repeated: money adds up, silences multiply.
    """
    mean, windows = float(sample.labels.mean()), served[target] / plan.horizon_days
    if target == "lifetime_value":
        return mean * windows
    return float(mean**windows) if target == "churn" else float(1 - (1 - mean) ** windows)


def _medians(features: Floats) -> Floats:
    """The median of what is known of each feature, shape (f,); nan where nothing is."""
    known = ~np.isnan(features).all(axis=0)
    medians = np.full(features.shape[1], np.nan)
    medians[known] = np.nanmedian(features[:, known], axis=0)
    return medians
