"""Maps on the link scale that make probabilities and money come true on average."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq, minimize
from scipy.special import expit

Floats = NDArray[np.float64]

LEAST_SLOPE, MOST_SLOPE = 0.5, 2.0


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


def platt(link: Floats, labels: Floats) -> tuple[float, float]:
    """(slope, intercept) of the logistic map slope · link + intercept, strictly increasing (Platt 1999).

    A quadratic pull towards (1, 0), worth a handful of events, keeps small windows sane.
    """

    def loss(parameters: Floats) -> float:
        z = parameters[0] * link + parameters[1]
        return float(np.logaddexp(0.0, z).sum() - labels @ z + 5.0 * ((parameters - [1.0, 0.0]) ** 2).sum())

    found = minimize(loss, np.array([1.0, 0.0]), bounds=[(LEAST_SLOPE, MOST_SLOPE), (-3.0, 3.0)], method="L-BFGS-B")
    return float(found.x[0]), float(found.x[1])
