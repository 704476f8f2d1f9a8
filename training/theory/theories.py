"""One buy-till-you-die forecast per snapshot, each from what was known at its snapshot."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from training.sample import Sample
from training.snapshots import SnapshotPlan
from training.theory.buy_till_you_die import INPUTS, BuyTillYouDie

Floats = NDArray[np.float64]

MOST_BUYERS = 3_000
"""Four parameters and three are known well enough from so many buyers, and fitted in a fraction of a second."""


def fit_theories(tables: Mapping[int, Floats], sample: Sample, plan: SnapshotPlan) -> dict[int, BuyTillYouDie]:
    """A forecast for every instant of `tables` (n, f), by snapshot.

    Trees must start from forecasts that are as wrong as the one they will start from when they serve: fitted
    with what was known then, and judged by what came. One fit with all that is known today would already
    know the windows it is corrected on (on CDNOW that leaves churn 7 points too high, this about one).
    """
    columns = [sample.names.index(name) for name in INPUTS]
    prospect_value, prospect_churn = _prospects(sample, plan)
    return {
        instant: BuyTillYouDie.fit(_buyers(table[:, columns]), prospect_value, prospect_churn)
        for instant, table in tables.items()
    }


def _buyers(inputs: Floats) -> Floats:
    """The inputs of those who bought, evenly thinned to MOST_BUYERS rows; one plain buyer where nobody did."""
    bought = inputs[inputs[:, 0] >= 1]
    if not len(bought):
        return np.array([[1.0, 1.0, 1.0, 1.0]])
    kept = np.linspace(0, len(bought) - 1, min(len(bought), MOST_BUYERS)).astype(np.int64)
    return np.asarray(bought[kept])


def _prospects(sample: Sample, plan: SnapshotPlan) -> tuple[float, float]:
    """Money a week, and the probability of no purchase in the window, of those who had not bought yet."""
    prospects = ~(sample.features[:, sample.names.index(INPUTS[0])] >= 1)
    money, buying = sample.labels[prospects].sum(), (sample.labels[prospects] > 0).sum()
    weeks = plan.horizon_days / 7
    return float(money / ((prospects.sum() + 1) * weeks)), float(1 - (buying + 0.5) / (prospects.sum() + 1))
