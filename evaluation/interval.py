"""How sure a measured figure is: percentile intervals over draws, and the standard error of a mean."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.metrics import percentiles

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % bootstrap interval over customers; nan where undefined."""

    value: float
    low: float
    high: float


def interval(drawn: Floats) -> tuple[float, float, float]:
    """(value, low, high) of a column whose first entry is the value; undefined draws are left out."""
    return float(drawn[0]), *percentiles(drawn[1:])


def estimate(drawn: Floats) -> Estimate:
    """The figure of such a column."""
    return Estimate(*interval(drawn))


def standard_error(values: Floats) -> float:
    """That of the mean of (n,) values; nan for fewer than two."""
    return float(values.std(ddof=1) / np.sqrt(len(values))) if len(values) > 1 else np.nan
