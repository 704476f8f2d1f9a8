"""What a silence may mean under Pareto/NBD: the customer lived through it, or left during it."""

from typing import NamedTuple

import numpy as np

from training.theory.likelihood import Floats

Law = tuple[float, float, float, float]  # r, alpha, s, beta

POINTS = 32
DEPTH = 37.0  # exp(-37) is below half a unit in the last place

_ROOTS, _MASSES = np.polynomial.legendre.leggauss(POINTS)
ROOTS: Floats = (_ROOTS + 1.0) / 2.0
MASSES: Floats = _MASSES / 2.0


class Silence(NamedTuple):
    """Likelihoods of one silence per customer, relative to the last purchase; their sum is the whole.

    `survived` (n,): alive to its end; `left` (n, POINTS): left around the moments `ends` (n, POINTS).
    """

    survived: Floats
    left: Floats
    ends: Floats


def silence(law: Law, frequency: Floats, start: Floats, end: Floats) -> Silence:
    """The silence from `start` (last purchase, after `frequency` repeats) to `end`, arrays of shape (n,).

    With a = r + frequency, writing u and v for start and end,

        survived = ((alpha + u) / (alpha + v))^a ((beta + u) / (beta + v))^s
        left     = integral over y in (u, v) of ((alpha + u) / (alpha + y))^a
                   ((beta + u) / (beta + y))^s  s / (beta + y) dy

    so that (alpha + u)^-a (beta + u)^-s (survived + left) is the bracket of the likelihood of Schmittlein,
    Morrison and Colombo (1987), there a difference of two hypergeometric functions. Both terms here are
    positive and at most 1, so nothing cancels or overflows, however often a customer bought. The integral is
    taken by Gauss-Legendre over t = log((m + y) / (m + u)), m = min(alpha, beta), where the integrand is
    analytic within pi of the real line, cut off once it has decayed: relative error below 1e-12.
    """
    r, alpha, s, beta = law
    a = r + frequency
    span = np.maximum(end - start, 0.0)
    survived = np.exp(-a * np.log1p(span / (alpha + start)) - s * np.log1p(span / (beta + start)))
    near, far = min(alpha, beta) + start, max(alpha, beta) + start
    ratio = near / far
    if beta <= alpha:
        decay_near, decay_far, factor = np.full_like(a, s), a, np.full_like(a, s)
    else:
        decay_near, decay_far, factor = a - 1.0, np.full_like(a, s + 1.0), s * ratio
    reach = np.minimum(np.log1p(span / near), _decayed(decay_near, decay_far, ratio))
    t = reach[:, None] * ROOTS
    growth = np.expm1(t)
    exponent = decay_near[:, None] * t + decay_far[:, None] * np.log1p(ratio[:, None] * growth)
    left = (factor * reach)[:, None] * MASSES * np.exp(-exponent)
    return Silence(survived, left, start[:, None] + near[:, None] * growth)


def total(parts: Floats) -> Floats:
    """Row sums of an (n, POINTS) array, added in halves: a row's bytes do not depend on its neighbours."""
    while parts.shape[1] > 1:
        half = parts.shape[1] // 2
        parts = parts[:, :half] + parts[:, half:]
    return parts[:, 0]


def _decayed(decay_near: Floats, decay_far: Floats, ratio: Floats) -> Floats:
    """A t past which exp(-decay_near t) (1 + ratio (e^t - 1))^-decay_far stays below exp(-DEPTH).

    The least of three bounds: both factors decay; the far one alone; the near one alone.
    """
    both = (DEPTH - decay_far * np.log(ratio)) / (decay_near + decay_far)
    against = DEPTH + np.maximum(-decay_near, 0.0) * both
    far = np.log1p(np.expm1(np.minimum(against / decay_far, 600.0)) / ratio)
    near = DEPTH / np.maximum(decay_near, 1e-9)
    return np.minimum(both, np.minimum(far, near))
