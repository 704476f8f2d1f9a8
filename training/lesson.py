"""What a book teaches at a cutoff: features, labels and theories, before the first tree grows."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from data.book import Book
from data.clock import isoformat
from data.events import PURCHASE
from data.histories import Histories
from data.readiness import LEAST_TRAINING_BUYERS
from features.build import build_features
from features.embedding import fit_embedding
from features.spec import FeatureSpec, fit_spec
from training.buy_till_you_die import BuyTillYouDie
from training.errors import TrainingError
from training.labels import TARGETS
from training.sample import Sample, build_at, collect
from training.snapshots import SnapshotPlan, plan_snapshots
from training.theories import fit_theories

Floats = NDArray[np.float64]

LEAST_PAYING = 10
EMBEDDING_DIMENSIONS = 6


@dataclass(frozen=True)
class Lesson:
    """All that training needs of `book` at `cutoff` (µs).

    `plans` holds the snapshots of every target, `samples` those that need a model of their own, `theories` a
    forecast for every snapshot and the cutoff, `today` the features (n, f) of every customer at the cutoff.
    """

    book: Book
    cutoff: int
    spec: FeatureSpec
    plans: Mapping[str, SnapshotPlan]
    samples: Mapping[str, Sample]
    theories: Mapping[int, BuyTillYouDie]
    today: Floats

    @property
    def buyers(self) -> NDArray[np.bool_]:
        """Who bought by the cutoff, shape (n,)."""
        return np.asarray(np.nan_to_num(self.today[:, self.spec.names.index("orders")]) > 0)

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
    spec = replace(fit_spec(book, histories, cutoff), embedding=fit_embedding(histories, cutoff, EMBEDDING_DIMENSIONS))
    tables = build_at(histories, plans, spec)
    today = build_features(histories, [cutoff], spec)[0]
    _require_buyers(book, today, spec, cutoff)
    samples = {
        target: collect(book, histories, target, plan, tables, spec, cutoff)
        for target, plan in plans.items()
        if target != "conversion" or not _churn_answers(book, today, spec)
    }
    _require_money(book, samples["lifetime_value"], plans["lifetime_value"])
    advance("fitting Pareto/NBD and Gamma-Gamma")
    theories = fit_theories({**tables, cutoff: today}, samples["lifetime_value"], plans["lifetime_value"])
    return Lesson(book, cutoff, spec, plans, samples, theories, today)


def horizons(book: Book) -> dict[str, int]:
    """The main horizon of each target, in days."""
    return {target: getattr(book.targets, target).main for target in TARGETS}


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
            "longer history, or ask for a shorter horizon"
        )


def _churn_answers(book: Book, today: Floats, spec: FeatureSpec) -> bool:
    """Whether conversion is nothing but the mirror of churn: any purchase converts and there are no prospects."""
    return not book.targets.conversion.types and bool((today[:, spec.names.index("orders")] > 0).all())
