"""What the models of a bundle say of customers."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FURTHEST_DAYS = 730


@dataclass(frozen=True)
class Scores:
    """Three scores per customer, each of shape (n,): currency, probability, probability.

    `churn` is nan for customers who never bought: there is no purchase to be the last one. `ranges` holds, by
    level in percent (80, 90), the (low, high) ends of the realised money; `by_horizon` each target's scores by
    horizon in days, ascending; both are empty where the bundle has none. `days_to_conversion` is the median
    number of days to the conversion event, nan where it lies beyond 730.
    """

    lifetime_value: Floats
    conversion: Floats
    churn: Floats
    ranges: Mapping[int, tuple[Floats, Floats]] = field(default_factory=dict)
    by_horizon: Mapping[str, Mapping[int, Floats]] = field(default_factory=dict)
    days_to_conversion: Floats | None = None
