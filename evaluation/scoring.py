"""Our own forecast, taken from the very answers that are served."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from serving.recommend import recommend
from serving.recommendation import Horizons, Recommendation
from training.bundle import Bundle
from training.labels import TARGETS

Floats = NDArray[np.float64]
Forecasts = Mapping[str, "Forecast"]

BLOCK = 4096
ENDS = ("low", "high", "low_80", "high_80")


@dataclass(frozen=True)
class Forecast:
    """A score per customer with its 90 % (`low`, `high`) and 80 % interval, and the score by horizon in days.

    Every array has shape (n,), nan where there is none.
    """

    prediction: Floats
    low: Floats
    high: Floats
    low_80: Floats
    high_80: Floats
    by_horizon: Mapping[int, Floats] = field(default_factory=dict)

    @classmethod
    def without_interval(cls, prediction: Floats, by_horizon: Mapping[int, Floats] | None = None) -> "Forecast":
        """A forecast that says nothing of its own doubt."""
        nothing = np.full(len(prediction), np.nan)
        return cls(prediction, nothing, nothing, nothing, nothing, by_horizon or {})

    @property
    def says_nothing(self) -> bool:
        """Whether nobody got a score: there was nothing to learn from."""
        return bool(np.isnan(self.prediction).all())


def scores(known: Histories, cutoff: int, bundle: Bundle) -> Forecasts:
    """What would be served at `cutoff` (µs) to every customer of `known`, by target."""
    blocks = [_read(answers) for answers in _answers(known, cutoff, bundle)]
    return {target: _joined([block[target] for block in blocks]) for target in TARGETS}


def _answers(known: Histories, cutoff: int, bundle: Bundle) -> Iterator[list[Recommendation]]:
    """In blocks, so that only the scores of a large book stay in memory."""
    for start in range(0, max(len(known), 1), BLOCK):
        block = known.select(np.arange(start, min(start + BLOCK, len(known))))
        yield recommend(block, cutoff, bundle, plan=None)


def _read(answers: Sequence[Recommendation]) -> Forecasts:
    money = [answer.lifetime_value for answer in answers]
    ends = {name: _column([getattr(one, name) for one in money]) for name in ENDS}
    value = _column([one.value for one in money])
    return {
        "lifetime_value": Forecast(value, **ends, by_horizon=_by_horizon([one.by_horizon for one in money])),
        "conversion": _chance([(answer.conversion.value, answer.conversion.by_horizon) for answer in answers]),
        "churn": _chance([(answer.churn.value, answer.churn.by_horizon) for answer in answers]),
    }


def _chance(said: Sequence[tuple[float | None, Horizons]]) -> Forecast:
    return Forecast.without_interval(_column([value for value, _ in said]), _by_horizon([ahead for _, ahead in said]))


def _column(values: Sequence[float | None]) -> Floats:
    """Numbers as an array, nan for what is null."""
    return np.array(values, dtype=np.float64)


def _by_horizon(said: Sequence[Horizons]) -> dict[int, Floats]:
    """A column for every horizon that anybody was answered for, ascending."""
    answered = [{ahead.horizon_days: ahead.value for ahead in horizons} for horizons in said]
    return {days: _column([one.get(days) for one in answered]) for days in sorted(set().union(*answered))}


def _joined(parts: Sequence[Forecast]) -> Forecast:
    days = sorted(set().union(*(part.by_horizon for part in parts)))
    nothing = [np.full(len(part.prediction), np.nan) for part in parts]
    return Forecast(
        prediction=np.concatenate([part.prediction for part in parts]),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in ENDS},
        by_horizon={
            day: np.concatenate([part.by_horizon.get(day, none) for part, none in zip(parts, nothing, strict=True)])
            for day in days
        },
    )
