"""The set of optimal seat prices: its least, its greatest, and a point in the middle of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.flow import FAR, steepest
from serving.capacity.limits import counts_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Duals:
    """Optimal prices of one group's seats, each of shape (k,), in the unit of the gains.

    `least` is what one more seat is worth, `greatest` what one seat less costs: infinite where there is none to lose.
    `middle` lies off every border of the set that is not the whole set. Where a tier is closed it is the price that
    nobody would pay more than.
    """

    least: Floats
    greatest: Floats
    middle: Floats

    def __mul__(self, unit: float) -> "Duals":
        return Duals(self.least * unit, self.greatest * unit, self.middle * unit)


def duals_of(gains: Ints, places: Ints, seats: Ints) -> Duals:
    """The prices that prove `places` (n,) optimal for gains (n, k) within seats (k,).

    Nobody in tier t may prefer s: price s - price t >= max over t of (gain s - gain t); prices are >= 0, and 0 where
    seats are left over. Differences alone are constrained, so longest ways between k tiers give the tightest
    constraints, and each row and column of them is an extreme point of the set. Halfway between least and greatest
    one constraint may still be tight that need not be; their common mean touches only what all of them touch.
    """
    if not len(gains):
        nothing = np.zeros(len(seats))
        return Duals(nothing, np.where(seats > 0, 0.0, np.inf), nothing)
    ways = _longest(_constraints(gains, places, seats))
    held = np.flatnonzero(seats > 0)
    among = ways[np.ix_(held, held)].astype(np.float64)
    points = np.concatenate([among - among[:, -1:], among[-1][:, None] - among.T])
    least, greatest, middle = (np.full(len(seats), np.inf) for _ in range(3))
    least[held], greatest[held], middle[held] = among[-1], -among[:, -1], points.mean(axis=0)
    for tier in np.flatnonzero(seats == 0):
        least[tier] = ways[-1, tier]
        middle[tier] = max(0.0, float(np.max(middle[held] + ways[held, tier])))
    return Duals(least, greatest, middle)


def _constraints(gains: Ints, places: Ints, seats: Ints) -> Ints:
    """[t, s]: by how much the price of s must exceed that of t at least; the floor's price is 0."""
    apart = steepest(gains, places)
    np.fill_diagonal(apart, 0)
    apart[-1] = np.maximum(apart[-1], 0)
    spare = counts_of(places, len(seats)) < seats
    apart[spare, -1] = np.maximum(apart[spare, -1], 0)
    return apart


def _longest(apart: Ints) -> Ints:
    """The longest way between every two tiers (Floyd 1962, Warshall 1962)."""
    ways = apart.copy()
    for over in range(len(ways)):
        through = ways[:, over, None] + ways[None, over, :]
        known = (ways[:, over, None] > -FAR) & (ways[None, over, :] > -FAR)
        ways = np.where(known, np.maximum(ways, through), ways)
    return ways
