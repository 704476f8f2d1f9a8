"""Where a number stands among those of a book, as a share from 0 to 1."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

MOST_KNOTS = 401


def learn_scale(values: Floats) -> list[list[float]]:
    """[values, shares]: what share of a book's values, shape (n,), lies below each, ties counted half.

    Of many values some hundred are kept, and what lies between is interpolated. Nan is left out.
    """
    found, counts = np.unique(values[~np.isnan(values)], return_counts=True)
    shares = (np.cumsum(counts) - counts / 2) / max(counts.sum(), 1)
    kept = np.unique(np.linspace(0, len(found) - 1, min(len(found), MOST_KNOTS)).round().astype(np.int64))
    return [found[kept].tolist(), shares[kept].tolist()]


def shares(values: Floats, scale: Sequence[Sequence[float]], absent: float) -> Floats:
    """The share of every value, shape (n,); `absent` for nan."""
    known, share = scale
    return np.where(np.isnan(values), absent, np.interp(values, known, share))
