"""Maps on the link scale that make probabilities and money come true on average."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit

Floats = NDArray[np.float64]


def start_of(labels: Floats, offset: Floats, scale: str, weights: Floats | None = None) -> float:
    """The constant c for which link⁻¹(c + offset) has the labels' mean; labels, offset, weights have shape (n,).

    Half an event is added on each side, so that one class alone, or nobody, still gives a finite start.
    """
    if scale == "log":
        return float(np.log(max(labels.sum(), 1e-6) / np.exp(offset).sum()))
    if not len(labels):
        return 0.0
    counts = np.ones(len(labels)) if weights is None else weights
    mean = (labels @ counts + 0.5) / (counts.sum() + 1.0)
    return float(brentq(lambda c: float(np.average(expit(c + offset), weights=counts)) - mean, -60.0, 60.0))
