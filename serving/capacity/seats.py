"""One group's seats, given out to the greatest sum of gains."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.duals import Duals, duals_of
from serving.capacity.flow import favourites, seat
from serving.capacity.limits import UNLIMITED, counts_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

BITS = 54  # the greatest gain as a whole number; ways over eight tiers still fit into 64 bits
SAMPLED = 2_000  # below so many customers a sample does not pay
STRIDE = 16
SWEEPS = 100


@dataclass(frozen=True, eq=False)
class Seated:
    """An optimal assignment (n,) and the prices that prove it."""

    places: Ints
    duals: Duals


def seated(gains: Floats, seats: Ints) -> Seated:
    """The optimum of gains (n, k) within seats (k,): exact, once gains are rounded to 2^-55 of the greatest."""
    whole, unit = _whole(gains)
    places = _places(whole, seats)
    return Seated(places, duals_of(whole, places, seats) * unit)


def _whole(gains: Floats) -> tuple[Ints, float]:
    """Gains as whole numbers, and what one of them is worth."""
    exponent = BITS - math.frexp(float(np.abs(gains).max(initial=0.0)))[1]
    return np.rint(np.ldexp(gains, exponent)).astype(np.int64), math.ldexp(1.0, -exponent)


def _places(gains: Ints, seats: Ints) -> Ints:
    places = favourites(gains, seats)
    if np.any(counts_of(places, len(seats)) > seats):
        places = favourites(gains - _guessed(gains, seats), seats)
        seat(gains, seats, places)
    return places


def _guessed(gains: Ints, seats: Ints) -> Ints:
    """Prices (k,) near the optimal ones, 0 where seats would be left over: from every sixteenth customer."""
    if len(gains) < SAMPLED:
        return np.zeros(len(seats), dtype=np.int64)
    sample, share = gains[::STRIDE], len(gains[::STRIDE]) / len(gains)
    scaled = np.array([some if some == UNLIMITED else math.ceil(some * share) for some in seats.tolist()])
    least = duals_of(sample, _places(sample, scaled), scaled).least
    return _lowered(gains, seats, np.where(seats > 0, least, 0.0).astype(np.int64))


def _lowered(gains: Ints, seats: Ints, prices: Ints) -> Ints:
    """The prices, lowered until every tier that has one is full; no prices where that takes too long.

    Each time a few customers too many are called in, or two tiers would underbid each other for one customer.
    """
    beyond = math.isqrt(len(gains)) // 8
    for _ in range(SWEEPS):
        places = favourites(gains - prices, seats)
        lacking = np.where(prices > 0, seats - counts_of(places, len(seats)), 0)
        tier = int(np.argmax(lacking))
        if lacking[tier] <= 0:
            return prices
        others = np.flatnonzero(places != tier)
        nets = gains[others] - prices
        margins = nets[np.arange(len(others)), places[others]] - nets[:, tier]
        last = int(lacking[tier]) - 1 + beyond
        enough = int(np.partition(margins, last)[last]) + 1 if last < len(margins) else int(prices[tier])
        prices = prices.copy()
        prices[tier] = max(0, int(prices[tier]) - enough)
    return np.zeros_like(prices)
