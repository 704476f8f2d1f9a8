"""Gamma-Gamma: how much a customer spends per purchase."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma

from training.theory.formulas import Prices, spend_of
from training.theory.likelihood import Floats, Likelihood, most_likely
from training.theory.summaries import columns, distinct


@dataclass(frozen=True)
class GammaGamma:
    """A purchase of a customer is Gamma(p, rate nu); the rates nu are Gamma(q, rate gamma) over customers.

    Fader, Hardie and Lee (2005), "RFM and CLV"; formulas as in Fader and Hardie (2013), "The Gamma-Gamma
    model of monetary value". Spend must be independent of how often a customer buys. `gamma` is money.
    """

    p: float
    q: float
    gamma: float

    @classmethod
    def fit(cls, count: ArrayLike, mean: ArrayLike) -> Self:
        """Maximum likelihood over the customers with at least one purchase in `count` (n,) of positive `mean`
        (n,, money per purchase); the others say nothing of spend. Deterministic, blind to customers' order.

        Without any such customer gamma is 0: the expected spend is then 0 too. Raises ValueError for unequal
        lengths or numbers that are not finite.
        """
        n, z = (np.asarray(column, dtype=np.float64) for column in (count, mean))
        if n.shape != z.shape or n.ndim != 1:
            raise ValueError(f"count and mean: expected equal lengths, got {n.shape} and {z.shape}")
        if not (np.isfinite(n) & (np.isfinite(z) | (n < 1))).all():
            raise ValueError("count and mean: expected finite numbers wherever count is at least 1")
        spent = (n >= 1) & (z > 0)
        if not spent.any():
            return cls(p=3.0, q=3.0, gamma=0.0)
        (n, z), counts = distinct(n[spent], z[spent])
        typical = float((counts * z).sum() / counts.sum())
        centre = np.array([3.0, 3.0, 1.0])
        p, q, gamma = most_likely(_likelihood(n, z / typical, counts), centre, counts.sum())
        return cls(float(p), float(q), float(gamma * typical))

    def log_likelihood(self, count: ArrayLike, mean: ArrayLike) -> Floats:
        """The log density of each customer's mean spend, shape (n,); `count` >= 1 and `mean` > 0."""
        n, z = np.asarray(count, dtype=np.float64), np.asarray(mean, dtype=np.float64)
        spread = self.p * n * np.log(n * z / (self.gamma + n * z)) - betaln(self.p * n, self.q)
        return np.asarray(spread - np.log(z) + self.q * np.log(self.gamma / (self.gamma + n * z)))

    def expected_spend(self, count: ArrayLike, mean: ArrayLike) -> Floats:
        """The expected money per purchase, shape (n,); the population's mean for a count of 0."""
        return spend_of(self.prices, *columns(count, mean))

    @property
    def prices(self) -> Prices:
        """p, q and gamma."""
        return self.p, self.q, self.gamma

    def to_dict(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, float]) -> Self:
        return cls(p=plain["p"], q=plain["q"], gamma=plain["gamma"])


def _likelihood(n: Floats, z: Floats, counts: Floats) -> Likelihood:
    def log_likelihood(parameters: Floats) -> tuple[float, Floats]:
        p, q, gamma = (float(parameter) for parameter in parameters)
        spent = n * z
        paid, unpaid = np.log(spent / (gamma + spent)), np.log(gamma / (gamma + spent))
        gradient = [
            n * (digamma(p * n + q) - digamma(p * n) + paid),
            digamma(p * n + q) - digamma(q) + unpaid,
            q / gamma - (p * n + q) / (gamma + spent),
        ]
        value = GammaGamma(p, q, gamma).log_likelihood(n, z)
        return float((counts * value).sum()), np.array([(counts * part).sum() for part in gradient])

    return log_likelihood
