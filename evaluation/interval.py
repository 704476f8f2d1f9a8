"""Percentile intervals of figures that were measured on many draws."""

import numpy as np
from numpy.typing import NDArray

from training.metrics import LEVEL

Floats = NDArray[np.float64]


def interval(drawn: Floats) -> tuple[float, float, float]:
    """(value, low, high) of a column whose first entry is the value; undefined draws are left out."""
    known = drawn[1:][np.isfinite(drawn[1:])]
    if not len(known):
        return float(drawn[0]), np.nan, np.nan
    low, high = np.percentile(known, [50.0 * (1.0 - LEVEL), 50.0 * (1.0 + LEVEL)])
    return float(drawn[0]), float(low), float(high)
