"""The price of an hour: seats are given out again and again until the hours balance."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.duals import Duals
from serving.capacity.limits import fits, hours_used
from serving.capacity.problem import Problem
from serving.capacity.seats import seated

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

ROUNDING = 1e-15  # of the greatest gain: sums that differ by less are equal


@dataclass(frozen=True, eq=False)
class Balance:
    """The smallest price of an hour at which the hours hold, the seat prices that go with it, and two assignments.

    Both are optimal at these prices: `within` keeps the hours, `beyond` needs more, or is the same where hours do not
    bind.
    """

    price: float
    duals: Duals
    within: Ints
    beyond: Ints


def balance(problem: Problem) -> Balance:
    """Minimises the dual over the price of an hour (Kelley 1960, in one dimension).

    At a price the profit is, as a function of the price, a straight line for each assignment; the dual is their upper
    envelope. The lines of one assignment that keeps the hours and one that does not meet at a price; whichever
    assignment is best there replaces one of the two, until neither can be bettered. Ends after finitely many steps.
    """
    free = seated(problem.gains, problem.seats)
    if fits(hours_used(free.places, problem.hours), problem.capacity):
        return Balance(0.0, free.duals, free.places, free.places)
    within, beyond = np.full(len(problem.gains), len(problem.seats) - 1), free.places
    last = -1.0  # a price met twice differs by rounding alone
    while True:
        price = _crossing(problem, within, beyond)
        nets = problem.gains - price * problem.hours
        trial = seated(nets, problem.seats)
        better = _lead(nets, trial.places, within) > _noise(nets, trial.places, within)
        inside = fits(hours_used(trial.places, problem.hours), problem.capacity)
        if not better or price == last:
            return Balance(price, trial.duals, within, beyond)
        within, beyond = (trial.places, beyond) if inside else (within, trial.places)
        last = price


def _crossing(problem: Problem, within: Ints, beyond: Ints) -> float:
    """The price at which both assignments bring the same."""
    hours = hours_used(beyond, problem.hours) - hours_used(within, problem.hours)
    return max(0.0, _lead(problem.gains, beyond, within) / hours)


def _lead(gains: Floats, one: Ints, other: Ints) -> float:
    """By how much an assignment brings more than another, summed over those alone whom they place differently."""
    differ = np.flatnonzero(one != other)
    return math.fsum((gains[differ, one[differ]] - gains[differ, other[differ]]).tolist())


def _noise(gains: Floats, one: Ints, other: Ints) -> float:
    return ROUNDING * float(np.abs(gains).max()) * (1 + np.count_nonzero(one != other))
