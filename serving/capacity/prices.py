"""Prices that assign: a customer's tier from their own gains alone."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.errors import CapacityError
from serving.capacity.limits import Limits
from serving.capacity.problem import GREATEST, coded

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Prices:
    """`seats` (m, k) and `hour` (m,) in money, `hours` (k,) that a customer of each tier takes, `open` (m, k) whether
    a tier has seats at all, and `tie` (m,): tiers whose gains net of prices differ by no more are equal."""

    seats: Floats
    hour: Floats
    hours: Floats
    open: Flags
    tie: Floats

    def places(self, gains: Floats, groups: Ints | None = None) -> Ints:
        """The tier of the greatest gain net of prices for each customer; of equal ones the lower. (n, k) -> (n,).

        Raising the gains of all tiers from some tier upwards by the same never lowers the place.
        """
        nets = self.nets(gains, groups)
        return favoured(nets, self.tie[coded(groups, len(nets), len(self.tie)), None])

    def nets(self, gains: Floats, groups: Ints | None = None) -> Floats:
        """Gains less the prices of seat and hours, shape (n, k); minus infinity where a tier is closed."""
        given = np.asarray(gains, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != len(self.hours) or not np.all(np.abs(given) <= GREATEST):
            raise CapacityError(
                f"gains of shape {given.shape} cannot be priced: give a finite number for each customer and each of "
                f"the {len(self.hours)} tiers"
            )
        codes = coded(groups, len(given), len(self.tie))
        nets = given - self.seats[codes] - self.hour[codes, None] * self.hours
        return np.where(self.open[codes], nets, -np.inf)


def bound_at(prices: Prices, gains: Floats, limits: Limits, groups: Ints | None = None) -> float:
    """What no assignment within the limits exceeds, gains being (n, k): by weak duality, the best net gain of every
    customer and what all the room is worth at these prices."""
    room = zip((*prices.seats.flat, *prices.hour), (*limits.seats.flat, *limits.capacity_hours), strict=True)
    best = prices.nets(gains, groups).max(axis=1)
    return math.fsum((*best.tolist(), *(price * left for price, left in room if price)))


@dataclass(frozen=True, eq=False)
class Regret:
    """What the tier above and the tier below would lose each customer, net of prices, each of shape (n,).

    NaN where there is no such tier, infinite where it is closed; negative where the neighbour would be better.
    """

    up: Floats
    down: Floats


def regret(gains: Floats, prices: Prices, groups: Ints | None = None, places: Ints | None = None) -> Regret:
    """Each customer's loss in the neighbouring tiers against `places` (n,), by default the places by prices."""
    nets = prices.nets(gains, groups)
    held = prices.places(gains, groups) if places is None else places
    everyone = np.arange(len(nets))
    own = nets[everyone, held]
    up = np.where(held > 0, own - nets[everyone, np.maximum(held - 1, 0)], np.nan)
    last = nets.shape[1] - 1
    down = np.where(held < last, own - nets[everyone, np.minimum(held + 1, last)], np.nan)
    return Regret(up, down)


def favoured(nets: Floats, tie: Floats) -> Ints:
    """The lowest tier that is within `tie` of the best, shape (n,)."""
    equal = nets >= nets.max(axis=1, keepdims=True) - tie
    last = nets.shape[1] - 1
    places: Ints = last - np.argmax(equal[:, ::-1], axis=1)
    return places
