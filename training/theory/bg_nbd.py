"""BG/NBD: customers buy at random and may leave right after any repeat purchase."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import betaln, digamma, expit, gammaln, hyp2f1

from training.theory.likelihood import Floats, Likelihood, most_likely
from training.theory.summaries import checked, columns, distinct, typical_pace

MOST_A = 20.0  # customers as good as alike in how they leave; the integrand stays smooth up to here

_ROOTS, _MASSES = np.polynomial.legendre.leggauss(16)


@dataclass(frozen=True)
class BGNBD:
    """Purchase rates are Gamma(r, rate alpha) over customers; after each repeat purchase a customer leaves
    with a probability that is Beta(a, b) over customers.

    Fader, Hardie and Lee (2005), "Counting your customers the easy way". Methods take arrays of shape (n,)
    or scalars and return shape (n,): `frequency` repeat purchases x, `recency` time of the last purchase
    since the first t_x, `age` time since the first purchase T, in the unit of the fitted data.
    """

    r: float
    alpha: float
    a: float
    b: float

    @classmethod
    def fit(cls, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Self:
        """Maximum likelihood; deterministic, blind to the order of customers (see `most_likely`).

        Raises ValueError without a customer, for unequal lengths or impossible rows.
        """
        (x, t_x, T), counts = distinct(*checked(frequency, recency, age))
        _, pace = typical_pace(x, T, counts)
        centre, highest = np.array([1.0, pace, 1.0, 1.0]), np.array([np.inf, np.inf, MOST_A, np.inf])
        r, alpha, a, b = most_likely(_likelihood(x, t_x, T, counts), centre, counts.sum(), highest)
        return cls(float(r), float(alpha), float(a), float(b))

    def log_likelihood(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """Each customer's log likelihood, shape (n,)."""
        x, t_x, T = columns(frequency, recency, age)
        purchases = gammaln(self.r + x) - gammaln(self.r) - x * np.log(self.alpha + T)
        stayed = betaln(self.a, self.b + x) - betaln(self.a, self.b)
        alive = purchases - self.r * np.log1p(T / self.alpha) + stayed
        return np.asarray(alive + np.logaddexp(0.0, self._log_odds_gone(x, t_x, T)))

    def probability_alive(self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> Floats:
        """The probability that the customer has not left by `age`, shape (n,); 1 without repeats."""
        return np.asarray(expit(-self._log_odds_gone(*columns(frequency, recency, age))))

    def expected_purchases(
        self, frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, horizon: ArrayLike
    ) -> Floats:
        """The expected number of purchases in (age, age + horizon], shape (n,).

        The closed form divides by a - 1 and by a + b + x - 1; its derivative by the horizon does neither and
        is positive, so that is integrated, over l = log(1 + t / (alpha + T)) by Gauss-Legendre:
        P(alive) (r + x) e^((1 - a) l) 2F1(a, a + b - r - 1; a + b + x; 1 - e^-l).
        """
        x, t_x, T, h = columns(frequency, recency, age, horizon)
        stretch = np.log1p(h / (self.alpha + T))
        purchases = np.zeros_like(x)
        for root, mass in zip((_ROOTS + 1.0) / 2.0, _MASSES / 2.0, strict=True):
            step = root * stretch
            rising = hyp2f1(self.a, self.a + self.b - self.r - 1.0, self.a + self.b + x, -np.expm1(-step))
            purchases = purchases + mass * np.exp((1.0 - self.a) * step) * rising
        return self.probability_alive(x, t_x, T) * (self.r + x) * stretch * purchases

    def to_dict(self) -> dict[str, float]:
        return asdict(self)

    @classmethod
    def from_dict(cls, plain: Mapping[str, float]) -> Self:
        return cls(r=plain["r"], alpha=plain["alpha"], a=plain["a"], b=plain["b"])

    def _log_odds_gone(self, x: Floats, t_x: Floats, T: Floats) -> Floats:
        """log(P(gone) / P(alive)); -inf without a repeat purchase, as nobody leaves before the first."""
        chances = np.log(self.a) - np.log(self.b + np.maximum(x, 1.0) - 1.0)
        odds = chances + (self.r + x) * np.log1p((T - t_x) / (self.alpha + t_x))
        return np.where(x > 0, odds, -np.inf)


def _likelihood(x: Floats, t_x: Floats, T: Floats, counts: Floats) -> Likelihood:
    def log_likelihood(parameters: Floats) -> tuple[float, Floats]:
        r, alpha, a, b = (float(parameter) for parameter in parameters)
        model = BGNBD(r, alpha, a, b)
        alive = model.probability_alive(x, t_x, T)
        gone = 1.0 - alive
        spread = digamma(a + b) - digamma(a + b + x)
        gradient = [
            digamma(r + x) - digamma(r) - alive * np.log1p(T / alpha) - gone * np.log1p(t_x / alpha),
            r / alpha - (r + x) * (alive / (alpha + T) + gone / (alpha + t_x)),
            spread + gone / a,
            spread + digamma(b + x) - digamma(b) - gone / (b + np.maximum(x, 1.0) - 1.0),
        ]
        value = model.log_likelihood(x, t_x, T)
        return float((counts * value).sum()), np.array([(counts * part).sum() for part in gradient])

    return log_likelihood
