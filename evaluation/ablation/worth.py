"""How much of what the trees learn is lost without some features, on customers they never saw."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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
        gained = self._by_customer(self.full.start) - self._by_customer(self.full.link)
        lost = self._by_customer(poor.link) - self._by_customer(rich.link)
        rng, n = np.random.default_rng(self.seed), len(lost)
        drawn = [_share(lost, gained, np.bincount(rng.integers(0, n, n), minlength=n)) for _ in range(DRAWS)]
        low, high = np.percentile(drawn, [2.5, 97.5])
        return Worth(self.target, family, way, _share(lost, gained, np.ones(n)), float(low), float(high), n)

    def _by_customer(self, link: Floats) -> Floats:
        """The loss of each customer's rows, shape (customers,)."""
        _, numbers = np.unique(self.sample.customers, return_inverse=True)
        rows = losses(self.target, link, self.sample.labels)
        return np.asarray(np.bincount(numbers, weights=rows), dtype=np.float64)


def _share(lost: Floats, gained: Floats, times: Floats | NDArray[np.int64]) -> float:
    return float((lost @ times) / (gained @ times))
