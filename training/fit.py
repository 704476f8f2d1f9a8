"""From histories to a bundle: snapshots, the three models, their calibration."""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from data.book import Book
from data.clock import isoformat
from data.events import PURCHASE
from data.histories import Histories
from data.readiness import LEAST_TRAINING_BUYERS
from features.build import build_features
from features.spec import FeatureSpec, fit_spec
from training.bundle import Bundle, settings_of
from training.errors import TrainingError
from training.labels import TARGETS
from training.sample import Sample, build_at, collect
from training.snapshots import SnapshotPlan, plan_snapshots
from training.target import Search, Task, fit_target
from training.theories import fit_theories

Floats = NDArray[np.float64]

LEAST_PAYING = 10
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
    histories = histories.known_by(cutoff)
    if not histories.events:
        raise TrainingError(f"book {book.name} has no event by {isoformat(cutoff, book.time_zone)}; move the cutoff")
    advance("building features")
    first = _first_purchase(book, histories, cutoff)
    plans = {target: plan_snapshots(first, cutoff, days, book.time_zone) for target, days in horizons(book).items()}
    spec = fit_spec(book, histories, cutoff)
    tables = build_at(histories, plans, spec)
    today = build_features(histories, [cutoff], spec)[0]
    buyers = np.nan_to_num(today[:, spec.names.index("orders")]) > 0
    if buyers.sum() < LEAST_TRAINING_BUYERS:
        raise TrainingError(
            f"book {book.name}: {int(buyers.sum())} customers bought by {isoformat(cutoff, book.time_zone)}; "
            f"training needs at least {LEAST_TRAINING_BUYERS}"
        )
    samples = {
        target: collect(book, histories, target, plan, tables, spec, cutoff)
        for target, plan in plans.items()
        if target != "conversion" or not _churn_answers(book, today, spec)
    }
    _require_money(book, samples["lifetime_value"], plans["lifetime_value"])
    advance("fitting Pareto/NBD and Gamma-Gamma")
    theories = fit_theories({**tables, cutoff: today}, samples["lifetime_value"], plans["lifetime_value"])
    models, choices = {}, {}
    for target, sample in samples.items():
        task = Task(target, plans[target], horizons(book)[target], _theory_speaks(book, target), search)
        models[target], choices[target] = fit_target(task, sample, theories, theories[cutoff], advance)
    return Bundle(
        book=book.name,
        cutoff=cutoff,
        currency=book.currency,
        spec=spec,
        models=models,
        theory=theories[cutoff],
        horizons=horizons(book),
        degraded=("extrapolated_horizon",) if any(plan.extrapolated for plan in plans.values()) else (),
        typical=_medians(today[buyers]),
        cold_start={
            target: _cold_start(target, sample, plans[target], horizons(book)) for target, sample in samples.items()
        },
        golden=today[np.linspace(0, len(today) - 1, min(GOLDEN_ROWS, len(today))).astype(int)],
        choices=choices,
        any_purchase_converts=not book.targets.conversion.types,
        purchase_converts=_purchase_converts(book),
        settings=settings_of(book),
    )


def _first_purchase(book: Book, histories: Histories, cutoff: int) -> int:
    """When the book begins to tell of purchases (µs); earlier touches say nothing of what was bought then."""
    purchases = histories.time[histories.role == PURCHASE]
    if not len(purchases):
        raise TrainingError(
            f"book {book.name} has no purchase by {isoformat(cutoff, book.time_zone)}; "
            "map a type to the role purchase, or move the cutoff"
        )
    return int(purchases.min())


def _require_money(book: Book, sample: Sample, plan: SnapshotPlan) -> None:
    paying = len(np.unique(sample.customers[sample.labels > 0]))
    if paying < LEAST_PAYING:
        raise TrainingError(
            f"book {book.name}: {paying} customers brought money within {plan.horizon_days} days of any of the "
            f"{len(plan.cutoffs)} snapshots, training needs at least {LEAST_PAYING}; check the amounts, bring a "
            "longer history, or ask for a shorter horizon"
        )


def horizons(book: Book) -> dict[str, int]:
    """The main horizon of each target, in days."""
    return {target: getattr(book.targets, target).main for target in TARGETS}


def _theory_speaks(book: Book, target: str) -> bool:
    """Whether the target is about purchases; of other events buy-till-you-die models know nothing."""
    return target != "conversion" or not book.targets.conversion.types


def _purchase_converts(book: Book) -> bool:
    """Whether who buys in the churn horizon has converted in the conversion horizon, whatever they bought."""
    types = book.targets.conversion.types
    purchases = {type_ for type_, role in book.roles.items() if role == "purchase"}
    return not types or (purchases <= set(types) and horizons(book)["conversion"] >= horizons(book)["churn"])


def _churn_answers(book: Book, today: Floats, spec: FeatureSpec) -> bool:
    """Whether conversion is nothing but the mirror of churn: any purchase converts and there are no prospects."""
    return not book.targets.conversion.types and bool((today[:, spec.names.index("orders")] > 0).all())


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
