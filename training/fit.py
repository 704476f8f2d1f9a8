"""From histories to a bundle: snapshots, the three models, their calibration."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from data.book import Book
from data.clock import isoformat
from data.histories import Histories
from features.build import build_features
from features.spec import FeatureSpec, fit_spec
from training.boosting import Validation, cross_validate, fit_booster
from training.bundle import Bundle
from training.buy_till_you_die import INPUTS, BuyTillYouDie, Offset
from training.calibration import platt, start_of
from training.errors import TrainingError
from training.labels import TARGETS
from training.model import Scale, TargetModel
from training.sample import Sample, build_at, collect
from training.snapshots import SnapshotPlan, plan_snapshots
from training.tuning import tune

Floats = NDArray[np.float64]

WEIGHTS = (1.0, 0.5, 0.0)
"""How much of the theory's forecast the trees may start from; validation chooses."""

LEAST_BUYERS = 30
GOLDEN_ROWS = 16


@dataclass(frozen=True)
class Search:
    """How long to tune, with which seed, and the SQLite file that remembers the trials."""

    trials: int = 0
    seed: int = 0
    study: Path = Path("study.db")


def fit(
    book: Book,
    histories: Histories,
    cutoff: int,
    search: Search,
    advance: Callable[[str], None] = lambda step: None,
) -> Bundle:
    """Trains the three models on what was known at `cutoff` (µs) and nothing later.

    `advance` is told of each step. Raises TrainingError where the book cannot teach a model.
    """
    histories = histories.known_by(cutoff)
    if not histories.events:
        raise TrainingError(f"book {book.name} has no event by {isoformat(cutoff, book.time_zone)}; move the cutoff")
    advance("building features")
    first = int(histories.time.min())
    plans = {target: plan_snapshots(first, cutoff, days, book.time_zone) for target, days in horizons(book).items()}
    spec = fit_spec(book, histories)
    tables = build_at(histories, plans, spec)
    today = build_features(histories, [cutoff], spec)[0]
    buyers = np.nan_to_num(today[:, spec.names.index("orders")]) > 0
    if buyers.sum() < LEAST_BUYERS:
        raise TrainingError(
            f"book {book.name}: {int(buyers.sum())} customers bought by {isoformat(cutoff, book.time_zone)}; "
            f"training needs at least {LEAST_BUYERS}"
        )
    samples = {
        target: collect(book, histories, target, plan, tables, spec, cutoff)
        for target, plan in plans.items()
        if target != "conversion" or not _churn_answers(book, today, spec)
    }
    advance("fitting Pareto/NBD and Gamma-Gamma")
    theory = _fit_theory(samples, today[buyers], spec, plans)
    models, choices = {}, {}
    for target, sample in samples.items():
        advance(f"training {target}")
        models[target], choices[target] = _fit_target(
            target, book, sample, theory, plans[target], search, advance
        )
    return Bundle(
        book=book.name,
        cutoff=cutoff,
        currency=book.currency,
        spec=spec,
        models=models,
        theory=theory,
        horizons=horizons(book),
        degraded=("extrapolated_horizon",) if any(plan.extrapolated for plan in plans.values()) else (),
        typical=np.nanmedian(today[buyers], axis=0),
        cold_start=_cold_start(samples),
        golden=today[np.linspace(0, len(today) - 1, min(GOLDEN_ROWS, len(today))).astype(int)],
        choices=choices,
        any_purchase_converts=not book.targets.conversion.types,
    )


def horizons(book: Book) -> dict[str, int]:
    """The main horizon of each target, in days."""
    return {target: getattr(book.targets, target).main for target in TARGETS}


def _churn_answers(book: Book, today: Floats, spec: FeatureSpec) -> bool:
    """Whether conversion is nothing but the mirror of churn: any purchase converts and there are no prospects."""
    return not book.targets.conversion.types and bool((today[:, spec.names.index("orders")] > 0).all())


def _fit_theory(
    samples: Mapping[str, Sample], buyers: Floats, spec: FeatureSpec, plans: Mapping[str, SnapshotPlan]
) -> BuyTillYouDie:
    sample = samples["lifetime_value"]
    prospects = ~(sample.features[:, spec.names.index("orders")] > 0)
    weeks = plans["lifetime_value"].horizon_days / 7
    money, came = sample.labels[prospects].sum(), (sample.labels[prospects] > 0).sum()
    return BuyTillYouDie.fit(
        buyers[:, [spec.names.index(name) for name in INPUTS]],
        prospect_value=float(money / ((prospects.sum() + 1) * weeks)),
        prospect_churn=float(1 - (came + 0.5) / (prospects.sum() + 1)),
    )


def _fit_target(
    target: str,
    book: Book,
    sample: Sample,
    theory: BuyTillYouDie,
    plan: SnapshotPlan,
    search: Search,
    advance: Callable[[str], None],
) -> tuple[TargetModel, dict[str, object]]:
    scale: Scale = "log" if target == "lifetime_value" else "logit"
    inputs = tuple(sample.names.index(name) for name in INPUTS)
    served_days = horizons(book)[target]
    speaks = target != "conversion" or not book.targets.conversion.types
    rounds: dict[float, tuple[Validation, Sample, float]] = {}
    for weight in WEIGHTS if speaks else (0.0,):
        offset = Offset(theory, target, weight, plan.horizon_days, served_days)
        begin = offset.trained(sample.features[:, inputs])
        start = start_of(sample.labels, begin, scale)
        started = sample.starting_from(start + begin)
        rounds[weight] = cross_validate(target, started, {}, search.seed), started, start
    weight = min(rounds, key=lambda weight: rounds[weight][0].loss)
    validation, started, start = rounds[weight]
    chosen = tune(target, started, search.trials, search.seed, search.study, target, advance)
    if chosen:
        validation = cross_validate(target, started, chosen, search.seed)
    slope, intercept = (1.0, 0.0)
    if scale == "logit":
        slope, intercept = platt(validation.link[sample.latest], sample.labels[sample.latest])
    model = TargetModel(
        target=target,
        booster=fit_booster(target, started, chosen, validation.rounds, search.seed),
        start=start,
        offset=Offset(theory, target, weight, plan.horizon_days, served_days) if speaks else None,
        inputs=inputs,
        slope=slope,
        intercept=intercept,
        horizon_days=served_days,
    )
    record = {
        "validation_loss": {str(w): tried[0].loss for w, tried in rounds.items()},
        "offset_weight": weight,
        "parameters": chosen,
        "rounds": validation.rounds,
        "snapshots": len(plan.cutoffs),
        "rows": len(sample),
        "trained_days": plan.horizon_days,
    }
    return model, record


def _cold_start(samples: Mapping[str, Sample]) -> dict[str, float]:
    """The training population's mean label: all that can be said of somebody without a history."""
    return {target: float(sample.labels.mean()) for target, sample in samples.items()}
