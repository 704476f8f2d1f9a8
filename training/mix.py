"""How much each of several forecasts counts in their mean on the link scale."""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import LinearConstraint, minimize

from training.boosting import losses, slopes

Floats = NDArray[np.float64]

STEPS = np.linspace(1.0, 0.0, 21)
ROUNDING = 1e-12


def mix_of(target: str, links: Floats, labels: Floats, customers: NDArray[np.int64], prior: Floats) -> Floats:
    """The weights (k,), adding up to 1, that are as near to `prior` (k,) as the data cannot tell from the best ones.

    `links` (n, k) are predictions of rows that no tree had seen, `customers` (n,) the customer of each row. On
    the way from the prior to the weights of the least mean loss it stops where the loss is within one standard
    error over customers of the least (Breiman, Friedman, Olshen and Stone 1984): estimated weights carry noise
    that equal weights do not (Bates and Granger 1969).
    """
    best = _least(target, links, labels, len(prior))
    least = losses(target, links @ best, labels)
    for share in STEPS:
        weights = best + share * (prior - best)
        rows = losses(target, links @ weights, labels)
        if rows.mean() - least.mean() <= standard_error(rows - least, customers) + ROUNDING * abs(least.mean()):
            break
    return np.asarray(weights)


def _least(target: str, links: Floats, labels: Floats, count: int) -> Floats:
    """The weights of the least mean loss, none below 0; the loss is convex in them."""

    def loss(weights: Floats) -> float:
        return float(losses(target, links @ weights, labels).mean())

    def gradient(weights: Floats) -> Floats:
        return np.asarray(links.T @ slopes(target, links @ weights, labels) / len(labels))

    found = minimize(
        loss,
        np.full(count, 1.0 / count),
        jac=gradient,
        bounds=[(0.0, 1.0)] * count,
        constraints=LinearConstraint(np.ones((1, count)), 1.0, 1.0),
        method="SLSQP",
    )
    weights = np.clip(found.x, 0.0, None)
    return np.asarray(weights / weights.sum())


def standard_error(differences: Floats, customers: NDArray[np.int64]) -> float:
    """Of the mean over rows, when customers, not rows, are drawn."""
    numbers = np.unique(customers, return_inverse=True)[1]
    sums = np.bincount(numbers, weights=differences)
    return float(sums.std() * np.sqrt(len(sums)) / len(differences))
