"""The customers whom prices leave undecided, decided by search."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.limits import UNLIMITED
from serving.capacity.losses import Losses
from serving.capacity.problem import Problem
from serving.capacity.search import search

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

SETTLED = 1e-12  # of the greatest gain: a loss of less is none


@dataclass(frozen=True, eq=False)
class Polished:
    """The best assignment found, and by how much a better one could exceed it at most: 0 where none can."""

    places: Ints
    gap: float


def polished(problem: Problem, lost: Losses, places: Ints) -> Polished:
    """Betters an assignment where hours leave a gap.

    Whoever would lose more by a move than the whole assignment loses does not move: reduced costs fix them. The others
    are searched, those first who lose least. Where the search ends by itself, nothing better is left.
    """
    loss = lost.of(problem, places)
    if lost.hour == 0 or loss <= SETTLED * float(np.abs(problem.gains).max(initial=0.0)):
        return Polished(places, loss)
    owners, tiers, costs = _moves(lost, places, loss)
    chosen, done = search(
        owners,
        places[owners],
        tiers,
        costs,
        problem.room(places),
        np.where(problem.seats == UNLIMITED, 0.0, lost.seats),
        problem.hours,
        problem.spare(places),
        problem.capacity,
        lost.hour,
        loss,
    )
    found = places.copy()
    found[owners[chosen]] = tiers[chosen]
    return Polished(found, 0.0 if done else lost.of(problem, found))


def _moves(lost: Losses, places: Ints, loss: float) -> tuple[Ints, Ints, Floats]:
    """Customer, new tier and cost of every move that costs less than the loss, the cheapest customers first."""
    everyone = np.arange(len(places))
    costs = np.maximum(lost.regrets - lost.regrets[everyone, places][:, None], 0.0)
    costs[everyone, places] = np.inf
    cheapest = costs.min(axis=1)
    owners, tiers = np.nonzero(costs < loss)
    order = np.lexsort((costs[owners, tiers], owners, cheapest[owners]))
    owners, tiers = owners[order], tiers[order]
    return owners, tiers, costs[owners, tiers]
