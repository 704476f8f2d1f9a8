"""Customers drawn with replacement: each brings all of its cutoffs along."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from evaluation.signals.cases import Cases, Floats, Ints


@dataclass(frozen=True)
class Sample:
    """How often each of r customer-cutoffs counts, and what that makes in each of k strata: `weights` (r,),
    `asked` (k,) and `converted` (k,)."""

    weights: Floats
    asked: Floats
    converted: Floats


def samples(cases: Cases, seed: int, draws: int) -> Iterator[Sample]:
    """The customers themselves, then as many `draws` of them; the same cases and seed give the same draws.

    The cluster bootstrap: Efron (1979), with the customer as the unit that is drawn.
    """
    rng = np.random.default_rng(seed)
    yield _sample(cases, np.ones(cases.customers))
    for _ in range(draws if cases.customers else 0):
        drawn = rng.integers(0, cases.customers, cases.customers)
        yield _sample(cases, np.bincount(drawn, minlength=cases.customers).astype(np.float64))


def sums(groups: Ints, values: Floats, count: int) -> Floats:
    """The sum of the values (r,) in each of `count` groups, numbered from 0."""
    return np.bincount(groups, values, count).astype(np.float64)


def _sample(cases: Cases, of_customers: Floats) -> Sample:
    weights = of_customers[cases.customer]
    return Sample(
        weights,
        sums(cases.stratum, weights, cases.strata),
        sums(cases.stratum, weights * cases.converted, cases.strata),
    )
