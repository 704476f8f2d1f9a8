"""The rows that a target's model learns from: customers at snapshots, with what happened to them next."""

import hashlib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.book import Book
from data.histories import Histories
from features.build import build_features
from features.spec import FeatureSpec
from training.errors import TrainingError
from training.labels import audience, label, population
from training.snapshots import SnapshotPlan

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """Rows of (snapshot, customer), snapshots ascending.

    `features` (n, f), `labels` (n,), `start` (n,) where the trees begin on the link scale, `customers` (n,)
    the customer's number by which rows are grouped, `snapshots` (n,) the snapshot's cutoff (µs). Trees do not
    see the columns that are `hidden`.
    """

    features: Floats
    labels: Floats
    start: Floats
    customers: NDArray[np.int64]
    snapshots: NDArray[np.int64]
    names: tuple[str, ...]
    categorical: tuple[str, ...]
    hidden: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    @property
    def seen(self) -> Floats:
        """The features with nothing in the hidden columns, shape (n, f): no tree splits on them."""
        if not self.hidden:
            return self.features
        seen = self.features.copy()
        seen[:, [self.names.index(name) for name in self.hidden]] = np.nan
        return seen

    def without(self, columns: Collection[str]) -> "Sample":
        """The same rows, with these columns hidden from the trees."""
        return replace(self, hidden=tuple(name for name in self.names if name in columns))

    def starting_from(self, start: Floats) -> "Sample":
        """The same rows with another start of the trees, shape (n,)."""
        return replace(self, start=start)


def fingerprint(sample: Sample) -> str:
    """SHA-256 in hex over everything a model learns from: the same question, the same digest."""
    digest = hashlib.sha256(repr((sample.names, sample.categorical, sample.hidden)).encode())
    for column in (sample.features, sample.labels, sample.start, sample.customers, sample.snapshots):
        digest.update(column.tobytes())
    return digest.hexdigest()


def build_at(histories: Histories, plans: Mapping[str, SnapshotPlan], spec: FeatureSpec) -> dict[int, Floats]:
    """The feature table (n, f) of every snapshot of every target, built in one pass."""
    cutoffs = sorted({cutoff for plan in plans.values() for cutoff in plan.cutoffs})
    return dict(zip(cutoffs, build_features(histories, cutoffs, spec), strict=True))


def collect(
    book: Book,
    histories: Histories,
    target: str,
    plan: SnapshotPlan,
    tables: Mapping[int, Floats],
    spec: FeatureSpec,
    known_at: int,
) -> Sample:
    """Joins features at each snapshot with the labels of its window, as known at the training cutoff `known_at`.

    Value learns from everybody seen by the snapshot, so that prospects get a value too.
    """
    whom = "everyone" if target == "lifetime_value" else audience(book, target)
    parts = []
    for cutoff in plan.cutoffs:
        asked = population(histories, cutoff, whom)
        labels = label(histories, cutoff, target, plan.horizon_days, book, known_at)[asked]
        customers = np.flatnonzero(asked)
        parts.append((tables[cutoff][asked], labels, customers, np.full(len(customers), cutoff, dtype=np.int64)))
    features, labels, customers, snapshots = (np.concatenate(column) for column in zip(*parts, strict=True))
    if not len(labels):
        raise TrainingError(
            f"book {book.name}: nobody belongs to the population of {target} at any of the {len(plan.cutoffs)} "
            "snapshots before the cutoff; move the cutoff or check the roles"
        )
    if target == "lifetime_value":
        labels = np.maximum(labels, 0.0)
    return Sample(features, labels, np.zeros(len(labels)), customers, snapshots, spec.names, spec.categorical)
