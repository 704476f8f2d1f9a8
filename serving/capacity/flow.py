"""Seats given out to the greatest sum of gains, exactly.

A transportation problem with few sinks. Everybody starts in their favourite tier at some prices; while a tier is
overfull, the cheapest chain of moves leads one customer's worth of surplus to a tier with room (successive shortest
paths: Jewell 1958, Busacker and Gowen 1960). The shortest path runs over k tiers only, because of all customers of a
tier just the one who moves cheapest to each other tier counts: a heap for every pair of tiers knows them. At most
O(n k³ + n k² log n), and exact: gains are whole numbers here. All of it stands in one file, because compiled code is
kept until its own file changes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Handles = NDArray[np.int32]
Bits = NDArray[np.uint8]

FAR = 1 << 62


@njit(cache=True, nogil=True)
def favourites(gains: Ints, seats: Ints) -> Ints:
    """The best tier that has any seats for each customer; of equal ones the lower. (n, k), (k,) -> (n,)."""
    places = np.empty(len(gains), np.int64)
    for customer in range(len(gains)):
        best = len(seats) - 1
        for tier in range(len(seats) - 2, -1, -1):
            if seats[tier] > 0 and gains[customer, tier] > gains[customer, best]:
                best = tier
        places[customer] = best
    return places


@njit(cache=True, nogil=True)
def seat(gains: Ints, seats: Ints, places: Ints) -> None:
    """Moves `places` (n,) to the greatest sum of gains (n, k) within seats (k,); the last tier must hold everybody.

    They must begin as the favourites at prices that are 0 in every tier with room to spare.
    """
    tiers = len(seats)
    room = seats - np.bincount(places, minlength=tiers)
    if room.min() >= 0:
        return
    heaps = np.empty((tiers, tiers, len(gains)), np.int32)
    sizes = np.zeros((tiers, tiers), np.int64)
    queued = np.zeros((len(gains), tiers), np.uint8)
    costs, movers = np.full((tiers, tiers), FAR), np.full((tiers, tiers), -1)
    for customer in range(len(gains)):
        _join(customer, places[customer], gains, heaps, sizes, queued)
    for tier in range(tiers):
        _refresh(tier, gains, places, heaps, sizes, queued, costs, movers)
    distances, before = np.empty(tiers, np.int64), np.empty(tiers, np.int64)
    while room.min() < 0:
        end = _nearest(room, costs, seats, distances, before)
        start = _shift(end, places, movers, before, gains, heaps, sizes, queued)
        room[start] += 1
        room[end] -= 1
        tier = end
        while tier >= 0:
            _refresh(tier, gains, places, heaps, sizes, queued, costs, movers)
            tier = before[tier]


@njit(cache=True, nogil=True)
def steepest(gains: Ints, places: Ints) -> Ints:
    """[t, s]: the most that anybody in tier t would gain by a place in s, shape (k, k); -FAR where t is empty."""
    tiers = gains.shape[1]
    most = np.full((tiers, tiers), -FAR)
    for customer in range(len(gains)):
        place = places[customer]
        for tier in range(tiers):
            most[place, tier] = max(most[place, tier], gains[customer, tier] - gains[customer, place])
    return most


@njit(cache=True, nogil=True)
def _nearest(room: Ints, costs: Ints, seats: Ints, distances: Ints, before: Ints) -> int:
    """The tier with room that surplus reaches at least cost; `before` holds the way there (Bellman 1958)."""
    tiers = len(room)
    for tier in range(tiers):
        distances[tier] = 0 if room[tier] < 0 else FAR
        before[tier] = -1
    changed = True
    while changed:
        changed = False
        for start in range(tiers):
            for end in range(tiers):
                if distances[start] < FAR and costs[start, end] < FAR and seats[end] > 0:
                    distance = distances[start] + costs[start, end]
                    if distance < distances[end]:
                        distances[end], before[end], changed = distance, start, True
    nearest = tiers - 1
    for tier in range(tiers - 2, -1, -1):
        if room[tier] > 0 and distances[tier] < distances[nearest]:
            nearest = tier
    return nearest


@njit(cache=True, nogil=True)
def _shift(
    end: int, places: Ints, movers: Ints, before: Ints, gains: Ints, heaps: Handles, sizes: Ints, queued: Bits
) -> int:
    """Moves one customer along each step of the way to `end`; returns where the way begins."""
    while before[end] >= 0:
        mover = movers[before[end], end]
        places[mover] = end
        _join(mover, end, gains, heaps, sizes, queued)
        end = before[end]
    return end


@njit(cache=True, nogil=True)
def _refresh(
    start: int, gains: Ints, places: Ints, heaps: Handles, sizes: Ints, queued: Bits, costs: Ints, movers: Ints
) -> None:
    """Who moves cheapest from `start` to each other tier; those who have left are taken off the heaps on sight."""
    for end in range(len(costs)):
        if end != start:
            heap = heaps[start, end]
            while sizes[start, end] > 0 and places[heap[0]] != start:
                _pop(start, end, gains, heap, sizes, queued)
            mover = heap[0] if sizes[start, end] > 0 else -1
            movers[start, end] = mover
            costs[start, end] = gains[mover, start] - gains[mover, end] if mover >= 0 else FAR


@njit(cache=True, nogil=True)
def _join(customer: int, start: int, gains: Ints, heaps: Handles, sizes: Ints, queued: Bits) -> None:
    """Puts a customer of tier `start` on the heaps of moves from there, unless still on them."""
    for end in range(gains.shape[1]):
        if end != start and not queued[customer, start] >> end & 1:
            queued[customer, start] |= 1 << end
            heap, at = heaps[start, end], sizes[start, end]
            sizes[start, end] += 1
            cost = gains[customer, start] - gains[customer, end]
            while at > 0:
                parent = heap[(at - 1) >> 1]
                if gains[parent, start] - gains[parent, end] <= cost:
                    break
                heap[at] = parent
                at = (at - 1) >> 1
            heap[at] = customer


@njit(cache=True, nogil=True)
def _pop(start: int, end: int, gains: Ints, heap: Handles, sizes: Ints, queued: Bits) -> None:
    """Takes the first off a heap."""
    queued[heap[0], start] &= ~(1 << end) & 255
    sizes[start, end] -= 1
    size, at = sizes[start, end], 0
    last = heap[size]
    cost = gains[last, start] - gains[last, end]
    while 2 * at + 1 < size:
        child = 2 * at + 1
        below = gains[heap[child], start] - gains[heap[child], end]
        if child + 1 < size:
            other = gains[heap[child + 1], start] - gains[heap[child + 1], end]
            if other < below:
                child, below = child + 1, other
        if cost <= below:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = last
