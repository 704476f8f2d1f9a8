"""The buy-till-you-die forecast of a book, on the link scales that the boosted models start from."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from training.sample import MONEY
from training.theory.formulas import DAYS_A_WEEK, log_values, logit_silences
from training.theory.gamma_gamma import GammaGamma
from training.theory.pareto_nbd import ParetoNBD
from training.theory.shapley import Worth, shapley

Floats = NDArray[np.float64]

INPUTS = ("orders", "last_order_age_days", "first_order_age_days", "average_order_value")
"""The features it reads: frequency, recency, tenure, monetary value."""


@dataclass(frozen=True)
class BuyTillYouDie:
    """Pareto/NBD for how often and Gamma-Gamma for how much, with the book's reference customer.

    `reference` holds one value per input: the median buyer. `prospect_value` (currency a week) and
    `prospect_churn` (probability) stand in for customers who never bought, whom the theory does not cover.
    """

    pareto: ParetoNBD
    gamma_gamma: GammaGamma
    reference: tuple[float, float, float, float]
    prospect_value: float
    prospect_churn: float

    @classmethod
    def fit(cls, inputs: Floats, prospect_value: float, prospect_churn: float) -> "BuyTillYouDie":
        """Fits both models to buyers; `inputs` is (n, 4) in the order of `INPUTS`."""
        frequency, recency, age, spend = _histories(inputs)
        reference = np.median(inputs, axis=0)
        return cls(
            pareto=ParetoNBD.fit(frequency, recency, age),
            gamma_gamma=GammaGamma.fit(frequency + 1.0, spend),
            reference=(float(reference[0]), float(reference[1]), float(reference[2]), float(reference[3])),
            prospect_value=prospect_value,
            prospect_churn=prospect_churn,
        )

    def log_value(self, inputs: Floats, horizon_days: float) -> Floats:
        """log of the money expected in the horizon (currency), shape (n,)."""
        weeks = horizon_days / DAYS_A_WEEK
        return log_values(self.pareto.law, self.gamma_gamma.prices, self.prospect_value, inputs, weeks)

    def logit_churn(self, inputs: Floats, horizon_days: float) -> Floats:
        """log-odds of no purchase in the horizon, shape (n,)."""
        return logit_silences(self.pareto.law, self.prospect_churn, inputs, horizon_days / DAYS_A_WEEK)

    def to_dict(self) -> dict[str, Any]:
        return {
            "pareto_nbd": self.pareto.to_dict(),
            "gamma_gamma": self.gamma_gamma.to_dict(),
            "reference": list(self.reference),
            "prospect_value": self.prospect_value,
            "prospect_churn": self.prospect_churn,
        }

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> "BuyTillYouDie":
        return cls(
            pareto=ParetoNBD.from_dict(plain["pareto_nbd"]),
            gamma_gamma=GammaGamma.from_dict(plain["gamma_gamma"]),
            reference=tuple(plain["reference"]),
            prospect_value=plain["prospect_value"],
            prospect_churn=plain["prospect_churn"],
        )


@dataclass(frozen=True)
class Offset:
    """What the trees of one target start from: `weight` of the forecast at the trained horizon; and all of the
    forecast's stretch from there to other horizons."""

    model: BuyTillYouDie
    target: str
    weight: float
    trained_days: int

    def trained(self, inputs: Floats) -> Floats:
        """The start of the trees at the trained horizon, on the link scale, shape (n,)."""
        if self.weight == 0.0:
            return np.zeros(len(inputs))
        return self.weight * self._link(inputs, self.trained_days)

    def stretch(self, inputs: Floats, days: int) -> Floats:
        """What the forecast adds from the trained horizon to one of `days`, on the link scale, shape (n,)."""
        if days == self.trained_days:
            return np.zeros(len(inputs))
        return self._link(inputs, days) - self._link(inputs, self.trained_days)

    def explain(self, inputs: Floats, slope: float = 1.0) -> tuple[float, Floats]:
        """(base, contributions of shape (n, 4)) of `slope` times the start of the trees, on the link scale."""
        return self._shapley(inputs, lambda mixed: slope * self.trained(mixed))

    def explain_stretch(self, inputs: Floats, shorter: int, longer: int) -> tuple[float, Floats]:
        """The same of what a horizon of `longer` days adds to one of `shorter` days."""
        return self._shapley(inputs, lambda mixed: self.stretch(mixed, longer) - self.stretch(mixed, shorter))

    def _shapley(self, inputs: Floats, worth: Worth) -> tuple[float, Floats]:
        """The reference customer's worth, and each input's Shapley value against it, shape (n, 4)."""
        return shapley(_as_players(inputs, self._reference), self._reference, worth, self._players)

    @cached_property
    def _reference(self) -> Floats:
        return np.asarray(self.model.reference)

    @property
    def _players(self) -> int:
        """How many of the inputs it reads, from the first on: how much was spent does not tell whether more will."""
        return len(INPUTS) if self.target in MONEY else len(INPUTS) - 1

    def _link(self, inputs: Floats, horizon_days: float) -> Floats:
        if self.target in MONEY:
            return self.model.log_value(inputs, horizon_days)
        if self.target == "churn":
            return self.model.logit_churn(inputs, horizon_days)
        return -self.model.logit_churn(inputs, horizon_days)


def _histories(inputs: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """Repeat orders, recency and age in weeks, and the money of an order."""
    orders, last_age, first_age, spend = np.where(np.isnan(inputs), 0.0, inputs).T
    frequency = np.maximum(orders - 1.0, 0.0)
    recency = np.where(frequency > 0, np.maximum(first_age - last_age, 0.0), 0.0) / DAYS_A_WEEK
    return frequency, recency, np.maximum(first_age / DAYS_A_WEEK, recency), spend


def _as_players(inputs: Floats, reference: Floats) -> Floats:
    """Inputs without gaps that are worth as much: a buyer lacks prices alone, which theory counts as none; whoever
    never bought is worth the same whatever the others are."""
    missing = np.isnan(inputs)
    bought = inputs[:, :1] >= 1
    known = np.where(missing, np.where(bought, 0.0, reference), inputs)
    known[missing[:, 0], 0] = 0.0
    return known
