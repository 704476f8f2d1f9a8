"""Our own forecast, taken from the very answers that are served."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.histories import Histories
from serving.recommend import recommend
from serving.recommendation import Recommendation
from training.bundle import Bundle

Floats = NDArray[np.float64]

BLOCK = 4096


@dataclass(frozen=True)
class Forecast:
    """A score per customer with its 90 % interval, each of shape (n,), nan where there is none."""

    prediction: Floats
    low: Floats
    high: Floats

    @classmethod
    def without_interval(cls, prediction: Floats) -> "Forecast":
        """A forecast that says nothing of its own doubt."""
        nothing = np.full(len(prediction), np.nan)
        return cls(prediction, nothing, nothing)


def scores(known: Histories, cutoff: int, bundle: Bundle) -> Mapping[str, Forecast]:
    """What would be served at `cutoff` (µs) to every customer of `known`, by target."""
    rows = np.array([_row(answer) for answer in _answers(known, cutoff, bundle)], dtype=np.float64)
    value, low, high, conversion, churn = rows.reshape(-1, 5).T
    return {
        "lifetime_value": Forecast(value, low, high),
        "conversion": Forecast.without_interval(conversion),
        "churn": Forecast.without_interval(churn),
    }


def _answers(known: Histories, cutoff: int, bundle: Bundle) -> Iterator[Recommendation]:
    """In blocks, so that only the scores of a large book stay in memory."""
    for start in range(0, len(known), BLOCK):
        block = known.select(np.arange(start, min(start + BLOCK, len(known))))
        yield from recommend(block, cutoff, bundle, plan=None)


def _row(answer: Recommendation) -> tuple[float | None, ...]:
    money = answer.lifetime_value
    return money.value, money.low, money.high, answer.conversion.value, answer.churn.value
