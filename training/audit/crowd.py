"""The rows that an audit looks at: fewer customers of a large book, their folds, and how often each is drawn."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from training.audit.readings import FOLDS
from training.sample import Sample

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

MOST_ROWS = 12_000
FEW = 0.1
DRAWS = 100
SEED = 0  # who is left out and drawn is no choice of the user's: the same book has the same suspects


def thinned(sample: Sample) -> Sample:
    """The sample with at most about `MOST_ROWS` rows: all rows of some customers, by luck.

    Where few customers were ever on the rarer side of the label, they come first, up to half of the rows.
    """
    if len(sample) <= MOST_ROWS:
        return sample
    people, numbers = np.unique(sample.customers, return_inverse=True)
    happened = sample.labels > 0
    rare = np.bincount(numbers, happened == (happened.mean() < 0.5)) > 0
    shuffled = np.random.default_rng(SEED).permutation(len(people))
    sizes = np.bincount(numbers)
    few = shuffled[rare[shuffled]] if sizes[rare].sum() < FEW * len(sample) else shuffled[:0]
    first = _within(few, sizes, MOST_ROWS // 2)
    others = _within(shuffled[~np.isin(shuffled, first)], sizes, MOST_ROWS - int(sizes[first].sum()))
    return rows_of(sample, np.isin(numbers, np.concatenate((first, others))))


def rows_of(sample: Sample, rows: NDArray[np.bool_]) -> Sample:
    """The sample with these of its rows, shape (n,)."""
    parts = {name: getattr(sample, name)[rows] for name in ("features", "labels", "start", "customers", "snapshots")}
    return replace(sample, **parts)


def folds_of(sample: Sample) -> Ints:
    """The fold of every row, shape (n,); a customer's rows share one."""
    people, numbers = np.unique(sample.customers, return_inverse=True)
    dealt = np.random.default_rng(SEED).permutation(len(people)) % FOLDS
    return np.asarray(dealt[numbers])


def draws(sample: Sample) -> Iterator[Floats]:
    """How often each row counts, shape (n,), in each bootstrap draw of customers (Efron 1979)."""
    people, numbers = np.unique(sample.customers, return_inverse=True)
    rng, n = np.random.default_rng(SEED), len(people)
    for _ in range(DRAWS):
        yield np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64)[numbers]


def _within(people: Ints, sizes: Ints, rows: int) -> Ints:
    """As many of the people, in their order, as have no more than so many rows."""
    return people[np.cumsum(sizes[people]) <= rows]
