"""Customers in ten groups of equal size, by prediction."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GROUPS = 10
Z = 1.96  # 95 % of a normal distribution


def tenths(prediction: Floats) -> list[NDArray[np.intp]]:
    """The customers of each tenth, or one each where they are fewer, lowest prediction first."""
    return np.array_split(np.argsort(prediction, kind="stable"), min(GROUPS, len(prediction)))
