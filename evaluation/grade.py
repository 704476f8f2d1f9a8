"""One plain grade: how many more of the best customers the model finds than a rule of thumb does."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray

from evaluation.comparison import DRAWS, OURS, Asked, questions
from training.metrics import paired_bootstrap_interval

Floats = NDArray[np.float64]

HIGH_VALUE_SHARE = 0.2
RULE_OF_THUMB = "monthly_average"
CLEARLY_MORE = 0.05


@dataclass(frozen=True)
class Grade(Asked):
    """`more` is the share of further high-value customers that `model` finds beyond `baseline`, with its 95 %
    paired bootstrap interval; `found` and `found_by_baseline` are shares of the high-value customers."""

    grade: Literal["A", "B", "C"] | None
    model: str
    baseline: str
    found: float
    found_by_baseline: float
    more: float
    low: float
    high: float
    n: int


def grade(predictions: pl.DataFrame, seed: int, draws: int = DRAWS) -> Grade | None:
    """The grade of lifetime value, from a table of predictions; None where value was not asked of anybody.

    A: at least 5 % more and the interval above 0. B: not A, but not fewer. C: fewer.
    """
    for asked, truth, forecasts in questions(predictions):
        if asked.target == "lifetime_value":
            ours, theirs = forecasts[OURS], forecasts[RULE_OF_THUMB]
            gain = paired_bootstrap_interval(_log_found, truth, ours, theirs, seed=seed, draws=draws)
            more, low, high = (float(np.expm1(end)) for end in gain)
            return Grade(
                asked.book,
                asked.cutoff,
                asked.horizon_days,
                asked.target,
                grade=_letter(more, low),
                model=OURS,
                baseline=RULE_OF_THUMB,
                found=high_value_found(truth, ours),
                found_by_baseline=high_value_found(truth, theirs),
                more=more,
                low=low,
                high=high,
                n=len(truth),
            )
    return None


def high_value_found(truth: ArrayLike, prediction: ArrayLike) -> float:
    """The share of the high-value customers, the highest 20 % in `truth` and above 0, who are among the
    highest 20 % in `prediction`; customers tied at that edge count by their chance. nan where nobody is."""
    y, p = np.asarray(truth, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    if not (y > 0).any():
        return np.nan
    places = int(np.ceil(HIGH_VALUE_SHARE * len(y)))
    high = (y >= np.partition(y, -places)[-places]) & (y > 0)
    edge = np.partition(p, -places)[-places]
    above, tied = p > edge, p == edge
    chance = np.where(above, 1.0, np.where(tied, (places - above.sum()) / tied.sum(), 0.0))
    return float(chance[high].mean())


def _log_found(truth: ArrayLike, prediction: ArrayLike) -> float:
    """On this scale a ratio is a difference."""
    found = high_value_found(truth, prediction)
    return float(np.log(found)) if found > 0 else np.nan


def _letter(more: float, low: float) -> Literal["A", "B", "C"] | None:
    if np.isnan(more):
        return None
    if more >= CLEARLY_MORE and low > 0.0:
        return "A"
    return "B" if more >= 0.0 else "C"
