"""The figures of stability: the money that the best tiers captured, and the changes that tiers followed."""

from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray

from evaluation.interval import Estimate, estimate
from evaluation.reviews.draws import Draws, over
from evaluation.stability.motion import Changes, followed, for_good
from evaluation.stability.result import Captured, Followed, Who

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BEST = 1
"""Diamond and gold are the places up to this one."""

CHANGES = (("all", 1.0, np.inf), ("< 2×", 1.0, 2.0), ("2–4×", 2.0, 4.0), ("≥ 4×", 4.0, np.inf))
"""By how much the true value changed, up or down."""

LEAST_VALUE = 1e-9
"""Money below which a value counts as this much, so that there is a ratio."""


def captured(ours: Ints, memoryless: Ints, money: Floats, draws: Draws) -> Captured:
    """What diamond and gold customers brought of all money, all (reviews, customers), nan where it is not known."""
    known = np.isfinite(money)
    came = np.where(known, money, 0.0)
    best = [np.where((table >= 0) & (table <= BEST), came, 0.0).sum(axis=0) for table in (ours, memoryless)]
    sums = draws.sums(np.stack([*best, came.sum(axis=0)]))
    shares = over(sums[:, :2], sums[:, 2:].repeat(2, axis=1))
    lost = 1.0 - over(sums[:, 0], sums[:, 1])
    return Captured(int(known.any(axis=1).sum()), estimate(shares[:, 0]), estimate(shares[:, 1]), estimate(lost))


def captured_share(places: Ints, money: Floats) -> float:
    """The same share of one review, (customers,) each; nan where nothing is known."""
    known = np.isfinite(money)
    best = known & (places >= 0) & (places <= BEST)
    return float(over(np.array([money[best].sum()]), np.array([money[known].sum()]))[0])


def follow_up(oracle: Ints, value: Floats, grids: Mapping[Who, Ints], seed: int) -> Iterator[Followed]:
    """How many changes for good each of the `grids` followed, of all and by how much the true `value` changed, all
    (reviews, customers)."""
    changes = for_good(oracle)
    ratio = changed(value, changes)
    for who, table in grids.items():
        did = followed(table, changes)
        for name, low, high in CHANGES:
            here = did[(ratio >= low) & (ratio < high)].astype(np.float64)
            yield Followed(who, name, len(here), mean(here, seed))


def changed(value: Floats, changes: Changes) -> Floats:
    """By what factor, at least 1, the mean true value from the change on differs from the one before it, (k,)."""
    pairs = zip(changes.customer.tolist(), changes.review.tolist(), strict=True)
    means = [(np.nanmean(value[:review, who]), np.nanmean(value[review:, who])) for who, review in pairs]
    before, after = np.maximum(np.array(means).reshape(-1, 2), LEAST_VALUE).T
    return np.asarray(np.maximum(before, after) / np.minimum(before, after))


def mean(values: Floats, seed: int) -> Estimate:
    """The mean of one value a customer, with its interval."""
    if not len(values):
        return Estimate(np.nan, np.nan, np.nan)
    return estimate(Draws(len(values), seed).sums(values[None, :])[:, 0] / len(values))
