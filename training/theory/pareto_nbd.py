"""Pareto/NBD: customers buy at random while they live, and leave without saying so."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import digamma, gammaln

from training.theory.formulas import Law, outcomes, purchases, silence, silent_for
from training.theory.likelihood import Floats, Likelihood, most_likely
from training.theory.summaries import checked, columns, distinct, typical_pace

BLOCK = 2048  # rows of work arrays that fit in the cache


@dataclass(frozen=True)
class ParetoNBD:
    """Purchase rates are Gamma(r, rate alpha) over customers, exponential lifetimes have Gamma(s, rate beta).

    Schmittlein, Morrison and Colombo (1987), "Counting your customers"; formulas as in Fader and Hardie
    (2005), "A note on deriving the Pareto/NBD model". Time is in the unit of the data it was fitted to.

    Methods take arrays of shape (n,) or scalars, and return shape (n,): `frequency` repeat purchases x,
    `recency` time of the last purchase since the first t_x, `age` time since the first purchase T. Every
    step is elementwise: a customer alone gets the same bytes as in a batch.
    """

    r: float
    alpha: float
    s: float
    beta: float

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Self:
        """Maximum likelihood; deterministic, blind to the order of customers (see `most_likely`).

        Raises ValueError without a customer, for unequal lengths or impossible rows.
        """
        (x, t_x, T), counts = distinct(*checked(frequency, recency, age))
        mean_age, pace = typical_pace(x, T, counts)
        centre = np.array([1.0, pace, 1.0, mean_age])
        r, alpha, s, beta = most_likely(_likelihood(x, t_x, T, counts), centre, counts.sum())
        return cls(float(r), float(alpha), float(s), float(beta))

    def log_likelihood(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Each customer's log likelihood, shape (n,)."""
        x, t_x, T = columns(frequency, recency, age)
        survived, left = outcomes(self.law, x, t_x, T)
        return np.asarray(_log_scale(self, x, t_x) + np.log(survived + left))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """The probability that the customer has not left by `age`, shape (n,)."""
        survived, left = outcomes(self.law, *columns(frequency, recency, age))
        return survived / (survived + left)

    def expected_purchases(
        self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> Floats:
        """The expected number of purchases in (age, age + horizon], shape (n,)."""
        return purchases(self.law, *columns(frequency, recency, age, horizon))

    def probability_no_purchase(
        self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> Floats:
        """The probability of no purchase in (age, age + horizon], alive or not, shape (n,)."""
        return silent_for(self.law, *columns(frequency, recency, age, horizon))

    def to_dict(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, float]) -> Self:
        return cls(r=plain["r"], alpha=plain["alpha"], s=plain["s"], beta=plain["beta"])

    @property
    def law(self) -> Law:
        """r, alpha, s and beta."""
        return self.r, self.alpha, self.s, self.beta


def _blocks(rows: int) -> list[slice]:
    return [slice(first, first + BLOCK) for first in range(0, rows, BLOCK)]


def _log_scale(model: ParetoNBD, x: Floats, t_x: Floats) -> Floats:
    """The log of Gamma(r + x) alpha^r beta^s / Gamma(r) / (alpha + t_x)^(r + x) / (beta + t_x)^s."""
    purchases = gammaln(model.r + x) - gammaln(model.r) - x * np.log(model.alpha + t_x)
    waiting = model.r * np.log1p(t_x / model.alpha) + model.s * np.log1p(t_x / model.beta)
    return np.asarray(purchases - waiting)


def _likelihood(x: Floats, t_x: Floats, T: Floats, counts: Floats) -> Likelihood:
    def log_likelihood(parameters: Floats) -> tuple[float, Floats]:
        model = ParetoNBD(*(float(parameter) for parameter in parameters))
        sums = np.zeros(5)
        for i in _blocks(len(x)):
            sums += (counts[i, None] * _value_and_gradient(model, x[i], t_x[i], T[i])).sum(axis=0)
        return float(sums[0]), sums[1:]

    return log_likelihood


def _value_and_gradient(model: ParetoNBD, x: Floats, t_x: Floats, T: Floats) -> Floats:
    """Each customer's log likelihood and its derivatives by r, alpha, s and beta, shape (n, 5).

    By Fisher's identity the derivatives are those of the complete data, averaged over how the silence ended.
    """
    r, alpha, s, beta = model.r, model.alpha, model.s, model.beta
    survived, left, ends = silence((r, alpha, s, beta), x, t_x, T)
    gone = left.sum(axis=1)
    whole = survived + gone

    def mean(at_age: Floats, at_ends: Floats) -> Floats:
        return np.asarray((survived * at_age + (left * at_ends).sum(axis=1)) / whole)

    active = mean(np.log1p(T / alpha), np.log1p(ends / alpha))
    lived = mean(np.log1p(T / beta), np.log1p(ends / beta))
    exposed = mean(1.0 / (alpha + T), 1.0 / (alpha + ends))
    at_risk = mean(s / (beta + T), (s + 1.0) / (beta + ends))
    gradient = [
        digamma(r + x) - digamma(r) - active,
        r / alpha - (r + x) * exposed,
        gone / whole / s - lived,
        s / beta - at_risk,
    ]
    return np.stack([_log_scale(model, x, t_x) + np.log(whole), *gradient], axis=1)
