"""The formulas of the theories, compiled: what a silence may mean, and what to expect after it.

Under Pareto/NBD the customer lived through a silence, or left during it. All compiled functions stand in this file:
each is read from its cache as long as the file is the same.
"""

from typing import NamedTuple

import numpy as np
from numba import njit

from training.theory.likelihood import Floats

Law = tuple[float, float, float, float]  # r, alpha, s, beta
Prices = tuple[float, float, float]  # p, q, gamma

DAYS_A_WEEK = 7.0
LEAST_VALUE = 1e-2  # currency; keeps the logarithm of a hopeless customer finite
LEAST_PROBABILITY = 1e-6

POINTS = 32
DEPTH = 37.0  # exp(-37) is below half a unit in the last place

_ROOTS, _MASSES = np.polynomial.legendre.leggauss(POINTS)
ROOTS: Floats = (_ROOTS + 1.0) / 2.0
MASSES: Floats = _MASSES / 2.0


class Room(NamedTuple):
    """Points and weights of the quadrature, and room for the parts of one silence and the moments they are around."""

    roots: Floats
    masses: Floats
    left: Floats
    ends: Floats


def room() -> Room:
    """Room for one silence after the other."""
    return Room(ROOTS, MASSES, np.empty(POINTS), np.empty(POINTS))


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
    shape = (len(frequency), POINTS)
    found = Silence(np.empty(len(frequency)), np.empty(shape), np.empty(shape))
    _fill(found, law, frequency, start, end, room())
    return found


def outcomes(law: Law, frequency: Floats, start: Floats, end: Floats) -> tuple[Floats, Floats]:
    """(survived, left) of `silence`, each of shape (n,), whenever the customer left."""
    survived, left = np.empty(len(frequency)), np.empty(len(frequency))
    _add_up(survived, left, law, frequency, start, end, room())
    return survived, left


def purchases(law: Law, frequency: Floats, recency: Floats, age: Floats, horizon: Floats) -> Floats:
    """The expected number of purchases in (age, age + horizon], arrays of shape (n,)."""
    found = np.empty(len(frequency))
    _expect(found, law, frequency, recency, age, horizon, room())
    return found


def silent_for(law: Law, frequency: Floats, recency: Floats, age: Floats, horizon: Floats) -> Floats:
    """The probability of no purchase in (age, age + horizon], alive or not, arrays of shape (n,)."""
    found = np.empty(len(frequency))
    _stay_silent(found, law, frequency, recency, age, horizon, room())
    return found


def spend_of(prices: Prices, count: Floats, mean: Floats) -> Floats:
    """The expected money per purchase, arrays of shape (n,)."""
    found = np.empty(len(count))
    _spend(found, prices, count, mean)
    return found


def log_values(law: Law, prices: Prices, prospect: float, inputs: Floats, weeks: float) -> Floats:
    """log of the money expected within so many weeks, shape (n,), from (n, 4) inputs: orders, days since the last and
    since the first, mean value of an order. Who never bought brings `prospect` a week."""
    found = np.empty(len(inputs))
    _log_values(found, law, prices, prospect, np.ascontiguousarray(inputs), weeks, room())
    return found


def logit_silences(law: Law, prospect: float, inputs: Floats, weeks: float) -> Floats:
    """log-odds of no purchase within so many weeks, shape (n,), from the same inputs; `prospect` is the chance of it
    for who never bought."""
    found = np.empty(len(inputs))
    _logit_silences(found, law, prospect, np.ascontiguousarray(inputs), weeks, room())
    return found


@njit(cache=True, nogil=True)
def _log_values(
    found: Floats,
    law: Law,
    prices: Prices,
    prospect: float,
    inputs: Floats,
    weeks: float,
    room: Room,
) -> None:
    for row in range(len(found)):
        value = prospect * weeks
        if inputs[row, 0] >= 1.0:
            x, recency, age = _history(inputs[row])
            orders = _purchases(law, x, recency, age, weeks, room)
            value = orders * _price(prices, x + 1.0, inputs[row, 3])
        found[row] = np.log(max(value, LEAST_VALUE))


@njit(cache=True, nogil=True)
def _logit_silences(found: Floats, law: Law, prospect: float, inputs: Floats, weeks: float, room: Room) -> None:
    for row in range(len(found)):
        silent = prospect
        if inputs[row, 0] >= 1.0:
            x, recency, age = _history(inputs[row])
            silent = _silent_for(law, x, recency, age, weeks, room)
        silent = min(max(silent, LEAST_PROBABILITY), 1.0 - LEAST_PROBABILITY)
        found[row] = np.log(silent) - np.log1p(-silent)


@njit(cache=True, nogil=True)
def _history(inputs: Floats) -> tuple[float, float, float]:
    """Repeat orders, recency and age in weeks of a buyer."""
    frequency = inputs[0] - 1.0
    recency = max(inputs[2] - inputs[1], 0.0) / DAYS_A_WEEK if frequency > 0.0 else 0.0
    return frequency, recency, max(inputs[2] / DAYS_A_WEEK, recency)


@njit(cache=True, nogil=True)
def _expect(
    found: Floats,
    law: Law,
    frequency: Floats,
    recency: Floats,
    age: Floats,
    horizon: Floats,
    room: Room,
) -> None:
    for row in range(len(found)):
        x, start, end = frequency[row], recency[row], age[row]
        found[row] = _purchases(law, x, start, end, horizon[row], room)


@njit(cache=True, nogil=True)
def _stay_silent(
    found: Floats,
    law: Law,
    frequency: Floats,
    recency: Floats,
    age: Floats,
    horizon: Floats,
    room: Room,
) -> None:
    for row in range(len(found)):
        x, start, end = frequency[row], recency[row], age[row]
        found[row] = _silent_for(law, x, start, end, horizon[row], room)


@njit(cache=True, nogil=True)
def _spend(found: Floats, prices: Prices, count: Floats, mean: Floats) -> None:
    for row in range(len(found)):
        found[row] = _price(prices, count[row], mean[row])


@njit(cache=True, nogil=True)
def _purchases(
    law: Law,
    frequency: float,
    recency: float,
    age: float,
    horizon: float,
    room: Room,
) -> float:
    """P(alive) (r + x) / (alpha + T) times the integral of ((beta + T) / (beta + T + t))^s over the horizon, written
    so that s = 1 is no exception."""
    r, alpha, s, beta = law
    survived = _one(law, frequency, recency, age, room)
    alive = survived / (survived + _total(room.left))
    stretch = np.log1p(horizon / (beta + age))
    slower = (1.0 - s) * stretch
    lifetime = (beta + age) * stretch * (np.expm1(slower) / slower if slower != 0.0 else 1.0)
    return float(alive * (r + frequency) / (alpha + age) * lifetime)


@njit(cache=True, nogil=True)
def _silent_for(
    law: Law,
    frequency: float,
    recency: float,
    age: float,
    horizon: float,
    room: Room,
) -> float:
    """Exactly the likelihood ratio L(x, t_x, T + h) / L(x, t_x, T): the same history, silent for longer."""
    now = _one(law, frequency, recency, age, room) + _total(room.left)
    later = _one(law, frequency, recency, age + horizon, room) + _total(room.left)
    return min(later / now, 1.0)


@njit(cache=True, nogil=True)
def _price(prices: Prices, count: float, mean: float) -> float:
    """p (gamma + n z) / (p n + q - 1), never negative; a mean that is none counts as none.

    Where q <= 1 that mean is infinite, and near 1 it is no use: q - 1 is floored at q / 10, so it is at most ten times
    the harmonic mean p gamma / q.
    """
    p, q, gamma = prices
    n = max(count, 0.0)
    z = mean if n > 0.0 and mean > 0.0 else 0.0
    return p * (gamma + n * z) / (p * n + max(q - 1.0, q / 10.0))


@njit(cache=True, nogil=True)
def _total(parts: Floats) -> float:
    """In order, so that a row's bytes do not depend on its neighbours."""
    total = 0.0
    for part in parts:
        total += part
    return total


@njit(cache=True, nogil=True)
def _fill(found: Silence, law: Law, frequency: Floats, start: Floats, end: Floats, room: Room) -> None:
    for row in range(len(frequency)):
        found.survived[row] = _one(law, frequency[row], start[row], end[row], room)
        found.left[row], found.ends[row] = room.left, room.ends


@njit(cache=True, nogil=True)
def _add_up(
    survived: Floats,
    left: Floats,
    law: Law,
    frequency: Floats,
    start: Floats,
    end: Floats,
    room: Room,
) -> None:
    for row in range(len(frequency)):
        survived[row] = _one(law, frequency[row], start[row], end[row], room)
        left[row] = _total(room.left)


@njit(cache=True, nogil=True, error_model="numpy")
def _one(law: Law, frequency: float, start: float, end: float, room: Room) -> float:
    """Writes how a silence may have ended, and answers how likely it was lived through."""
    r, alpha, s, beta = law
    a, span = r + frequency, max(end - start, 0.0)
    near, far = min(alpha, beta) + start, max(alpha, beta) + start
    ratio = near / far
    if beta <= alpha:
        decay_near, decay_far, factor = s, a, s
    else:
        decay_near, decay_far, factor = a - 1.0, s + 1.0, s * ratio
    reach = min(np.log1p(span / near), _decayed(decay_near, decay_far, ratio))
    roots, masses, left, ends = room.roots, room.masses, room.left, room.ends
    for k in range(len(roots)):
        t = reach * roots[k]
        growth = np.expm1(t)
        exponent = decay_near * t + decay_far * np.log1p(ratio * growth)
        left[k] = factor * reach * masses[k] * np.exp(-exponent)
        ends[k] = start + near * growth
    return float(np.exp(-a * np.log1p(span / (alpha + start)) - s * np.log1p(span / (beta + start))))


@njit(cache=True, nogil=True, error_model="numpy")
def _decayed(decay_near: float, decay_far: float, ratio: float) -> float:
    """A t past which exp(-decay_near t) (1 + ratio (e^t - 1))^-decay_far stays below exp(-DEPTH).

    The least of three bounds: both factors decay; the far one alone; the near one alone.
    """
    both = (DEPTH - decay_far * np.log(ratio)) / (decay_near + decay_far)
    against = DEPTH + max(-decay_near, 0.0) * both
    far = np.log1p(np.expm1(min(against / decay_far, 600.0)) / ratio)
    return float(min(both, far, DEPTH / max(decay_near, 1e-9)))
