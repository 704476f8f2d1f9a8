"""Cuts through a book: customers who are tied across one all fall below it."""

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def top_cut(values: Floats, percent: float) -> float | None:
    """The lowest value of the top percent of values, shape (n,); None where ties leave nobody there.

    Never more than the percent (rounded up) reach it.
    """
    descending = np.sort(values)[::-1]
    places = math.ceil(len(values) * percent / 100)
    if places >= len(values):
        return float(descending[-1]) if len(values) else None
    inside = descending[:places][descending[:places] > descending[places]]
    return float(inside[-1]) if len(inside) else None


def tercile_cuts(values: Floats) -> tuple[float | None, float | None]:
    """From where on a value is mid, and from where on high: the upper two thirds, and the upper third."""
    return top_cut(values, 200 / 3), top_cut(values, 100 / 3)


def median_of(values: Floats) -> float | None:
    """The median; None of no values."""
    return float(np.median(values)) if len(values) else None


def median_cut(values: Floats) -> float | None:
    """The median; where it is the least value of all, the lowest above it, so that not everybody is high."""
    if not len(values):
        return None
    middle, least = float(np.median(values)), float(values.min())
    above = values[values > least]
    return middle if middle > least else float(above.min()) if len(above) else None


def reaches(values: Floats, cut: float | None) -> NDArray[np.bool_]:
    """Which values, shape (n,), reach a cut; nan and a cut of nobody are never reached."""
    return np.zeros(len(values), np.bool_) if cut is None else np.asarray(values >= cut)
