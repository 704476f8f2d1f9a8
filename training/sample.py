"""The rows that a target's model learns from: customers at snapshots, with what happened to them next."""

import hashlib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from data.settings.book import Book
from features.build import build_features
from features.spec import FeatureSpec
from training.labels import audience, label, label_part, population
from training.snapshots import SnapshotPlan

Floats = NDArray[np.float64]

BLOCK = 1_024

MONEY = {"lifetime_value": "gains", "losses": "losses"}
"""The models of money, and the part of a customer's value that each learns."""


@dataclass(frozen=True)
class Sample:
    """Rows of (snapshot, customer), snapshots ascending.

    `features` (n, f), `labels` (n,), `start` (n,) where the trees begin on the link scale, `customers` (n,)
    the customer's number by which rows are grouped, `snapshots` (n,) the snapshot's cutoff (µs). Trees do not
    see the columns that are `hidden`. Rows count alike unless they have `weights` (n,).
    """

    features: Floats
    labels: Floats
    start: Floats
    customers: NDArray[np.int64]
    snapshots: NDArray[np.int64]
    names: tuple[str, ...]
    categorical: tuple[str, ...]
    hidden: tuple[str, ...] = ()
    weights: Floats | None = None

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

    def rows(self, kept: NDArray[np.intp], labels: Floats, weights: Floats) -> "Sample":
        """These rows alone, with other labels and weights, each of the shape of `kept`."""
        return replace(
            self,
            features=self.features[kept],
            labels=labels,
            start=self.start[kept],
            customers=self.customers[kept],
            snapshots=self.snapshots[kept],
            weights=weights,
        )

    def starting_from(self, start: Floats) -> "Sample":
        """The same rows with another start of the trees, shape (n,)."""
        return replace(self, start=start)


def fingerprint(sample: Sample) -> str:
    """SHA-256 in hex over everything a model learns from: the same question, the same digest."""
    digest = hashlib.sha256(repr((sample.names, sample.categorical, sample.hidden)).encode())
    columns = (sample.features, sample.labels, sample.start, sample.customers, sample.snapshots, sample.weights)
    for column in columns:
        digest.update(b"" if column is None else column.tobytes())
    return digest.hexdigest()


def build_at(histories: Histories, plans: Iterable[SnapshotPlan], spec: FeatureSpec) -> dict[int, Floats]:
    """The feature table (n, f) of every snapshot of every plan, built in one pass over the customers.

    In blocks of them: a build holds more columns on its way than it answers with.
    """
    cutoffs = sorted({cutoff for plan in plans for cutoff in plan.cutoffs})
    tables = np.empty((len(cutoffs), len(histories), len(spec.names)))
    for start in range(0, len(histories), BLOCK):
        rows = slice(start, min(start + BLOCK, len(histories)))
        block = histories.select(np.arange(rows.start, rows.stop))
        tables[:, rows] = build_features(block, cutoffs, spec)
    return dict(zip(cutoffs, tables, strict=True))


def collect(
    book: Book,
    histories: Histories,
    target: str,
    plan: SnapshotPlan,
    tables: Mapping[int, Floats],
    spec: FeatureSpec,
    known_at: int,
    days: int | None = None,
) -> Sample:
    """Joins features at each snapshot with the labels of its window, as known at the training cutoff `known_at`.

    The window is the plan's unless it is of `days`. Value learns from everybody seen by the snapshot, so that
    prospects get a value too; `losses` are what is taken off. Where any purchase converts, conversion learns from
    those who have not bought yet: a buyer's is the mirror of churn.
    """
    whom = _taught(book, target)
    parts = []
    for cutoff in plan.cutoffs:
        asked = population(histories, cutoff, whom)
        labels = _outcome(histories, cutoff, target, days or plan.horizon_days, book, known_at)[asked]
        customers = np.flatnonzero(asked)
        parts.append((tables[cutoff][asked], labels, customers, np.full(len(customers), cutoff, dtype=np.int64)))
    features, labels, customers, snapshots = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Sample(features, labels, np.zeros(len(labels)), customers, snapshots, spec.names, spec.categorical)


def _taught(book: Book, target: str) -> str:
    """The population that a model learns from."""
    if target in MONEY:
        return "everyone"
    if target == "conversion" and not book.targets.conversion.types:
        return "prospects"
    return audience(book, target)


def _outcome(histories: Histories, cutoff: int, target: str, days: int, book: Book, known_at: int) -> Floats:
    if target in MONEY:
        return label_part(histories, cutoff, MONEY[target], days, book, known_at)
    return label(histories, cutoff, target, days, book, known_at)
