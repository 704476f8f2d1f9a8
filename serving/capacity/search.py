"""Every cheap combination of moves, tried: which fills the hours best.

Moves change nothing but how many customers each tier holds, so combinations are told apart by that alone: of those
that change the numbers alike the cheapest is kept (dynamic programming over an expanding core: Pisinger 1995, on the
multiple-choice knapsack problem). All of it stands in one file, because compiled code is kept until its own file
changes.
"""

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

STATES = 1 << 16  # numbers of customers told apart at most
STEPS = 1 << 18  # combinations tried at most
SLOTS = 1 << 18
WIDTH = 8  # bits of a state for each tier
MOST = 100  # by so many customers a tier may grow or shrink
NOBODY = -1


@njit(cache=True, nogil=True)
def search(
    owners: Ints, starts: Ints, ends: Ints, costs: Floats, room: Ints, prices: Floats, hours: Floats, spare: float,
    capacity: float, hour: float, loss: float,
) -> tuple[Ints, bool]:  # fmt: skip
    """The moves, as indices, that lose less than `loss` and least of all, and whether all others are ruled out.

    Move i takes customer `owners[i]` from tier `starts[i]` to `ends[i]` at `costs[i]` >= 0; one customer's moves stand
    together, cheapest first, and customers in the order of their cheapest. At the beginning `room` (k,) seats and
    `spare` hours of `capacity` are left over; each left in the end costs `prices` (k,) and `hour`.
    """
    tiers = len(hours)
    keys, sums, nodes = np.empty(STATES, np.int64), np.empty(STATES), np.empty(STATES, np.int64)
    parents, moves = np.empty(STEPS, np.int64), np.empty(STEPS, np.int64)
    found_keys, found_sums = np.empty(STEPS, np.int64), np.empty(STEPS)
    table = np.full(SLOTS, NOBODY)
    keys[0], sums[0], nodes[0] = 0, 0.0, NOBODY
    table[_slot(0, keys, table)] = 0
    states, steps, best = 1, 0, NOBODY
    first = 0
    while first < len(owners) and costs[first] < loss:
        last = first
        while last < len(owners) and owners[last] == owners[first]:
            last += 1
        begun = steps
        for state in range(states):
            for move in range(first, last):
                if sums[state] + costs[move] >= loss:
                    break
                if steps == STEPS:
                    return _path(best, parents, moves), False
                found_keys[steps] = keys[state] + _step(ends[move], tiers) - _step(starts[move], tiers)
                found_sums[steps] = sums[state] + costs[move]
                parents[steps], moves[steps] = nodes[state], move
                steps += 1
        for step in range(begun, steps):
            slot = _slot(found_keys[step], keys, table)
            state = table[slot]
            if state == NOBODY:
                if states == STATES:
                    return _path(best, parents, moves), False
                state = table[slot] = states
                keys[state], sums[state] = found_keys[step], np.inf
                states += 1
            if found_sums[step] < sums[state]:
                sums[state], nodes[state] = found_sums[step], step
                left = _left(keys[state], room, prices, hours, spare, capacity, hour)
                if left == -np.inf:
                    return _path(best, parents, moves), False
                if sums[state] + left < loss:
                    loss, best = sums[state] + left, step
        first = last
    return _path(best, parents, moves), True


@njit(cache=True, nogil=True)
def _step(tier: int, tiers: int) -> int:
    """One customer more in a tier, as part of a state; the floor is what the others leave."""
    return 1 << (WIDTH * tier) if tier < tiers - 1 else 0


@njit(cache=True, nogil=True)
def _slot(key: int, keys: Ints, table: Ints) -> int:
    """Where a state stands in the table, or would stand."""
    mixed = key * 0x9E3779B97F4A7C1
    slot = (mixed ^ (mixed >> 29)) & (SLOTS - 1)
    while table[slot] != NOBODY and keys[table[slot]] != key:
        slot = (slot + 1) & (SLOTS - 1)
    return slot


@njit(cache=True, nogil=True)
def _left(
    key: int, room: Ints, prices: Floats, hours: Floats, spare: float, capacity: float, hour: float
) -> float:  # fmt: skip
    """What the seats and hours cost that a state leaves over: infinite where it breaks a limit, -infinite where it
    is too far away to be told."""
    tiers, cost = len(hours), 0.0
    for tier in range(tiers - 1):
        grown = ((key + 128) & 255) - 128
        key = (key - grown) >> WIDTH
        if abs(grown) > MOST:
            return -np.inf
        if grown > room[tier]:
            cost = np.inf
        if prices[tier] > 0:
            cost += prices[tier] * (room[tier] - grown)
        spare -= grown * (hours[tier] - hours[tiers - 1])
    if spare < -1e-12 * max(capacity, 1.0):
        return np.inf
    return cost + hour * max(spare, 0.0)


@njit(cache=True, nogil=True)
def _path(step: int, parents: Ints, moves: Ints) -> Ints:
    """The moves that lead to a step."""
    length, at = 0, step
    while at != NOBODY:
        length, at = length + 1, parents[at]
    path = np.empty(length, np.int64)
    for index in range(length):
        path[index] = moves[step]
        step = parents[step]
    return path
