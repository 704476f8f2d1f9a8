"""Optimal prices made fit to be posted: whoever assigns by them breaks no limit."""

import numpy as np
from numpy.typing import NDArray

from serving.capacity.hours import Balance
from serving.capacity.limits import counts_of
from serving.capacity.prices import favoured
from serving.capacity.problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

TIE = 1e-12  # of the greatest gain


def tie_of(problem: Problem) -> float:
    """How little two tiers may differ in money to count as equal."""
    return TIE * float(np.abs(problem.gains).max(initial=0.0))


def posted(problem: Problem, balance: Balance) -> tuple[Floats, Ints]:
    """Seat prices (k,) and the places (n,) by them.

    Everybody's place is among their best at optimal prices, and of equal ones by prices they get the lowest: that may
    overfill a tier below the first. Then the prices of that tier and of all above it rise together until enough fall
    from it; so nobody rises, and where no gains are tied the optimal prices stay as they are.
    """
    prices, tie = balance.duals.middle.copy(), np.array(tie_of(problem))
    while True:
        nets = problem.gains - prices - balance.price * problem.hours
        nets[:, problem.seats == 0] = -np.inf
        places = favoured(nets, tie)
        overfull = np.flatnonzero(counts_of(places, len(prices)) > problem.seats)
        if not len(overfull):
            return prices, places
        tier = int(overfull[0])
        prices[: tier + 1] += _raise(nets[places == tier], tier, int(problem.seats[tier]))


def _raise(nets: Floats, tier: int, seats: int) -> float:
    """By how much prices must rise until no more than the tier's seats are worth them.

    Counted from the best of the tier and those above: who is tied with one above must fall below that one too.
    """
    margins = nets[:, : tier + 1].max(axis=1) - nets[:, tier + 1 :].max(axis=1)
    return float(np.sort(margins)[::-1][seats])
