"""Hours left over, filled with customers to whom two tiers are worth the same."""

import numpy as np
from numpy.typing import NDArray

from serving.capacity.hours import Balance
from serving.capacity.limits import UNLIMITED, fits, hours_used
from serving.capacity.problem import Problem

Ints = NDArray[np.int64]


def filled(problem: Problem, balance: Balance) -> Ints:
    """The assignment within the hours, moved towards the one beyond them as far as seats and hours reach, shape (n,).

    Both are best at the same prices, so every single move between them costs nothing but what it leaves empty.
    """
    places = balance.within.copy()
    while _moved(problem, places, balance.beyond):
        pass
    return places


def _moved(problem: Problem, places: Ints, target: Ints) -> bool:
    """Moves whom it can, pair of tiers by pair of tiers, those that take most hours first."""
    tiers = len(problem.seats)
    pairs = [(start, end) for start in range(tiers) for end in range(tiers) if start != end]
    moved = False
    for start, end in sorted(pairs, key=lambda pair: problem.hours[pair[0]] - problem.hours[pair[1]]):
        waiting = np.flatnonzero((places == start) & (target == end))
        movers = waiting[: _places_left(problem, places, start, end, len(waiting))]
        places[movers] = end
        moved |= len(movers) > 0
    return moved


def _places_left(problem: Problem, places: Ints, start: int, end: int, waiting: int) -> int:
    """How many of those waiting seats and hours allow to move."""
    room = int(problem.room(places)[end]) if problem.seats[end] != UNLIMITED else waiting
    more, used = float(problem.hours[end] - problem.hours[start]), hours_used(places, problem.hours)
    most = min(room, waiting)
    if more > 0 and np.isfinite(problem.capacity):
        most = min(most, max(0, int((problem.capacity - used) / more) + 1))
        while most and not fits(used + most * more, problem.capacity):
            most -= 1
    return most
