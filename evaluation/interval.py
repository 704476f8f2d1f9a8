"""Percentile intervals of figures that were measured on many draws."""

import numpy as np
from numpy.typing import NDArray

from training.metrics import percentiles

Floats = NDArray[np.float64]


def interval(drawn: Floats) -> tuple[float, float, float]:
    """(value, low, high) of a column whose first entry is the value; undefined draws are left out."""
    return float(drawn[0]), *percentiles(drawn[1:])
