"""What a book teaches at a cutoff: features, labels and theories, before the first tree grows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from data.clock import isoformat
from data.events import PURCHASE
from data.histories.histories import Histories
from data.readiness.report import LEAST_TRAINING_BUYERS
from data.settings.book import Book
from features.build import build_features
from features.embedding import fit_embedding
from features.spec import FeatureSpec, fit_spec
from training.errors import TrainingError
from training.horizons import asked_of, climbs_of, horizons, models_of, target_of
from training.labels import TARGETS
from training.rungs import Step, step_of
from training.sample import Sample, build_at, collect
from training.snapshots import SnapshotPlan, longest_window, plan_snapshots, require_reach
from training.theory.buy_till_you_die import BuyTillYouDie
from training.theory.theories import fit_theories

Floats = NDArray[np.float64]

LEAST_PAYING = 10
EMBEDDING_DIMENSIONS = 6


@dataclass(frozen=True)
class Lesson:
    """All that training needs of `book` at `cutoff` (µs).

    `plans` holds the snapshots of every target, `samples` those that need a model of their own, `losses` for what
    is taken off value among them; `steps` lead to the other horizons, model by model. `theories` holds a forecast
    for every snapshot and the cutoff, `today` the features (n, f) of every customer at the cutoff. `unlearnt` are
    the targets whose event has never happened in any window; `stretched` says that some horizon asked of the book
    is longer than any window of its history.
    """

    book: Book
    cutoff: int
    spec: FeatureSpec
    plans: Mapping[str, SnapshotPlan]
    samples: Mapping[str, Sample]
    steps: Mapping[str, tuple[Step, ...]]
    theories: Mapping[int, BuyTillYouDie]
    today: Floats
    unlearnt: tuple[str, ...]
    stretched: bool

    @property
    def buyers(self) -> NDArray[np.bool_]:
        """Who bought by the cutoff, shape (n,)."""
        return np.asarray(np.nan_to_num(self.today[:, self.spec.names.index("orders")]) > 0)

    @property
    def asked(self) -> dict[str, Sample]:
        """The samples of the targets themselves, without that of what is taken off value."""
        return {target: sample for target, sample in self.samples.items() if target in TARGETS}

    def without(self, columns: Collection[str]) -> Self:
        """The same lesson for trees that do not see these columns; the theories keep their inputs."""
        hidden = {target: sample.without(columns) for target, sample in self.samples.items()}
        return replace(self, samples=hidden)


def prepare(book: Book, histories: Histories, cutoff: int, advance: Callable[[str], None] = lambda _: None) -> Lesson:
    """Gathers what was known at `cutoff` (µs) and nothing later.

    `advance` is told of each step. Raises TrainingError where the book cannot teach a model.
    """
    histories = histories.known_by(cutoff)
    if not histories.events:
        raise TrainingError(f"book {book.name} has no event by {isoformat(cutoff, book.time_zone)}; move the cutoff")
    advance("building features")
    first = _first_purchase(book, histories, cutoff)
    plans = {target: plan_snapshots(first, cutoff, days, book.time_zone) for target, days in horizons(book).items()}
    furthest = max(max(asked_of(book, model)) for model in models_of(book))
    require_reach(first, cutoff, furthest)
    spec = replace(fit_spec(book, histories, cutoff), embedding=fit_embedding(histories, cutoff, EMBEDDING_DIMENSIONS))
    climbs = tuple(climbs_of(book, plans, longest_window(first, cutoff)))
    longer = {climb: plan_snapshots(first, cutoff, climb.longest, book.time_zone) for climb in climbs if climb.goes_up}
    tables = build_at(histories, [*plans.values(), *longer.values()], spec)
    today = build_features(histories, [cutoff], spec)[0]
    _require_buyers(book, today, spec, cutoff)

    def taught(target: str, plan: SnapshotPlan, days: int | None = None) -> Sample:
        return collect(book, histories, target, plan, tables, spec, cutoff, days)

    samples = {target: taught(target, plans[target_of(target)]) for target in models_of(book)}
    _require_money(book, samples["lifetime_value"], plans["lifetime_value"])
    learnt = {target: sample for target, sample in samples.items() if _can_be_learnt(target, sample)}
    steps: dict[str, tuple[Step, ...]] = {}
    for climb in climbs:
        if climb.model in learnt:
            plan = longer.get(climb, plans[target_of(climb.model)])
            shorter, far = (taught(climb.model, plan, days) for days in sorted((climb.days, climb.neighbour)))
            step = step_of(climb, shorter, far)
            steps[climb.model] = (*steps.get(climb.model, ()), step)
    advance("fitting Pareto/NBD and Gamma-Gamma")
    theories = fit_theories({**tables, cutoff: today}, samples["lifetime_value"], plans["lifetime_value"])
    unlearnt = tuple(target for target in samples if target not in learnt)
    stretched = furthest > longest_window(first, cutoff)
    return Lesson(book, cutoff, spec, plans, learnt, steps, theories, today, unlearnt, stretched)


def _first_purchase(book: Book, histories: Histories, cutoff: int) -> int:
    """When the book begins to tell of purchases (µs); earlier touches say nothing of what was bought then."""
    purchases = histories.time[histories.role == PURCHASE]
    if not len(purchases):
        raise TrainingError(
            f"book {book.name} has no purchase by {isoformat(cutoff, book.time_zone)}; "
            "map a type to the role purchase, or move the cutoff"
        )
    return int(purchases.min())


def _require_buyers(book: Book, today: Floats, spec: FeatureSpec, cutoff: int) -> None:
    buyers = int((today[:, spec.names.index("orders")] > 0).sum())
    if buyers < LEAST_TRAINING_BUYERS:
        raise TrainingError(
            f"book {book.name}: {buyers} customers bought by {isoformat(cutoff, book.time_zone)}; "
            f"training needs at least {LEAST_TRAINING_BUYERS}"
        )


def _require_money(book: Book, sample: Sample, plan: SnapshotPlan) -> None:
    paying = len(np.unique(sample.customers[sample.labels > 0]))
    if paying < LEAST_PAYING:
        raise TrainingError(
            f"book {book.name}: {paying} customers brought money within {plan.horizon_days} days of any of the "
            f"{len(plan.cutoffs)} snapshots, training needs at least {LEAST_PAYING}; check the amounts, bring a "
            "longer history, or ask for a shorter horizon. Churn and conversion need no money: where amounts are "
            "missing, map amount to a quantity, and value counts pieces"
        )


def _can_be_learnt(target: str, sample: Sample) -> bool:
    """Whether the conversion event has ever come in a window; nothing else is left out."""
    return target != "conversion" or (len(sample) > 0 and bool(sample.labels.any()))
