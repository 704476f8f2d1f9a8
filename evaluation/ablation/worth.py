"""How much of what the trees learn is lost without some features, on customers they never saw."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.interval import interval
from training.boosting import Validation, losses
from training.sample import Sample

Floats = NDArray[np.float64]

Way = Literal["left_out", "added", "reseeded"]

DRAWS = 1000


@dataclass(frozen=True)
class Worth:
    """What some features add in one `way`: a share of the trees' gain, with its 95 % interval over `n` customers.

    The gain is how far the trees bring the validation loss down from where they start. 0.1 says that a tenth
    of it is gone without the features, a negative share that the trees do better without.
    """

    target: str
    family: str
    way: Way
    share: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class Yardstick:
    """The trees' gain on one target: rows that were each held out once, and the training that saw everything."""

    target: str
    sample: Sample
    full: Validation
    seed: int

    def worth(self, family: str, way: Way, rich: Validation, poor: Validation) -> Worth:
        """What `poor` lacks against `rich`; customers are drawn with replacement (Efron 1979)."""
        lost = self._by_customer(poor.link) - self._by_customer(rich.link)
        shares = np.array([lost @ times / (self._gained @ times) for times in self._samples()])
        return Worth(self.target, family, way, *interval(shares), len(lost))

    @cached_property
    def _numbers(self) -> NDArray[np.intp]:
        """The customer of every row, numbered from 0, shape (n,)."""
        return np.unique(self.sample.customers, return_inverse=True)[1]

    @cached_property
    def _gained(self) -> Floats:
        return self._by_customer(self.full.start) - self._by_customer(self.full.link)

    def _samples(self) -> Iterator[Floats]:
        """How often each customer counts: once, and then as drawn."""
        rng, n = np.random.default_rng(self.seed), len(self._gained)
        yield np.ones(n)
        for _ in range(DRAWS):
            yield np.bincount(rng.integers(0, n, n), minlength=n).astype(np.float64)

    def _by_customer(self, link: Floats) -> Floats:
        """The loss of each customer's rows, shape (customers,)."""
        rows = losses(self.target, link, self.sample.labels)
        return np.asarray(np.bincount(self._numbers, weights=rows), dtype=np.float64)
