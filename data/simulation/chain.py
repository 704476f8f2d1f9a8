"""The Markov chain of the customers' states, day by day: walked by chance, and worked out exactly.

States, moves and compiled code stand in one file, because compiled code is kept until its own file changes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Codes = NDArray[np.int8]
Days = NDArray[np.int64]

STATES = (
    "browsing",
    "inquired",
    "quoted",
    "sampled",
    "lost",
    "rested",  # has just ordered
    "waiting",
    "preparing",  # looks around for the next order
    "quiet",
    "gone",
)
CODES = {state: code for code, state in enumerate(STATES)}
LEAD_STATES = 5  # the first five have never bought


@dataclass(frozen=True, slots=True)
class Move:
    """From one state to another; `hazard` names the daily rate in `data.simulation.latent`.

    `order` says that the move is an order, `seasonal` that the season speeds it or slows it, `served` that
    an account manager's care lifts it.
    """

    before: str
    after: str
    hazard: str
    order: bool = False
    seasonal: bool = False
    served: bool = False


MOVES = (
    Move("browsing", "inquired", "inquire", seasonal=True),
    Move("browsing", "lost", "lose_interest"),
    Move("inquired", "quoted", "get_quote"),
    Move("inquired", "lost", "fail_inquiry"),
    Move("quoted", "sampled", "get_sample", seasonal=True),
    Move("quoted", "rested", "order_on_quote", order=True, seasonal=True, served=True),
    Move("quoted", "gone", "order_once_on_quote", order=True, seasonal=True, served=True),
    Move("quoted", "lost", "fail_quote"),
    Move("sampled", "rested", "order_on_sample", order=True, seasonal=True, served=True),
    Move("sampled", "gone", "order_once_on_sample", order=True, seasonal=True, served=True),
    Move("sampled", "lost", "fail_sample"),
    Move("lost", "browsing", "come_back"),
    Move("rested", "waiting", "sell_off"),
    Move("waiting", "preparing", "need", seasonal=True, served=True),
    Move("waiting", "quiet", "fall_quiet"),
    Move("waiting", "gone", "leave"),
    Move("preparing", "rested", "order", order=True, seasonal=True, served=True),
    Move("preparing", "waiting", "buy_elsewhere"),
    Move("quiet", "waiting", "wake"),
    Move("quiet", "gone", "leave_quietly"),
    Move("gone", "waiting", "win_back"),
)

MOST_EXITS = 4
NO_MOVE = -1
HAZARDS = tuple(move.hazard for move in MOVES)
BEFORE = np.array([CODES[move.before] for move in MOVES])
AFTER = np.array([CODES[move.after] for move in MOVES])
ORDERS = np.array([move.order for move in MOVES])
SEASONAL = np.array([move.seasonal for move in MOVES])
SERVED = np.array([move.served for move in MOVES])
# The moves out of a state stand together: those of state s are FIRST_EXIT[s] to FIRST_EXIT[s + 1] − 1.
FIRST_EXIT = np.searchsorted(BEFORE, np.arange(len(STATES) + 1))
STATE_COUNT, MOVE_COUNT = len(STATES), len(MOVES)  # compiled code knows numbers, not names
BUYING = int(FIRST_EXIT[LEAD_STATES])  # from here on the moves of those who have bought
UNBORN = -1
SUREST = 0.95  # the most that all moves of one day may have together


@njit(cache=True)
def exits(chances: Floats, state: int, hazards: Floats, season: float, lift: float) -> int:
    """Fills `chances` with the probabilities of today's moves out of `state`; returns how many there are."""
    first, last = FIRST_EXIT[state], FIRST_EXIT[state + 1]
    total = 0.0
    for move in range(first, last):
        chance = hazards[move]
        if SEASONAL[move]:
            chance *= season
        if SERVED[move]:
            chance *= lift
        chances[move - first] = chance
        total += chance
    if total > SUREST:
        for k in range(last - first):
            chances[k] *= SUREST / total
    return int(last - first)


@njit(cache=True)
def walk(
    born: Days, start: Codes, hazards: Floats, seasons: Floats, lifts: Floats, care: Flags, quarter: Days, luck: Floats
) -> tuple[Codes, Codes]:
    """One life of every customer.

    `born` (n,) is the day at whose end the state is `start` (n,); `hazards` (n, moves) daily rates; `seasons`
    (days, n); `lifts` (n,) the factor of care; `care` (n, quarters); `quarter` (days,) its number on each day;
    `luck` (days, n) uniform in [0, 1). Returns the state at the end of each day (`UNBORN` before) and the
    day's move (`NO_MOVE` for none), both (days, n).
    """
    days, count = luck.shape
    states = np.full((days, count), UNBORN, np.int8)
    moves = np.full((days, count), NO_MOVE, np.int8)
    chances = np.empty(MOST_EXITS)
    for i in range(count):
        state = int(start[i])
        states[max(born[i], 0), i] = state
        for day in range(born[i] + 1, days):
            lift = lifts[i] if care[i, quarter[day]] else 1.0
            number = exits(chances, state, hazards[i], seasons[day, i], lift)
            rest = luck[day, i]
            for k in range(number):
                if rest < chances[k]:
                    moves[day, i] = FIRST_EXIT[state] + k
                    state = int(AFTER[FIRST_EXIT[state] + k])
                    break
                rest -= chances[k]
            states[day, i] = state
    return states, moves


@njit(cache=True)
def chances_of(hazards: Floats, seasons: Floats, lift: float) -> Floats:
    """The probability of every move of one customer at each season, without and with care: (seasons, 2, moves)."""
    moving = np.zeros((len(seasons), 2, MOVE_COUNT))
    chances = np.empty(MOST_EXITS)
    for season in range(len(seasons)):
        for served in range(2):
            for state in range(STATE_COUNT):
                for k in range(exits(chances, state, hazards, seasons[season], lift if served else 1.0)):
                    moving[season, served, FIRST_EXIT[state] + k] = chances[k]
    return moving


@njit(cache=True)
def outlook(
    state: int,
    cared: bool,
    moving: Floats,
    season: Days,
    propensity: float,
    opens: Flags,
    worth: Floats,
    horizons: Days,
) -> tuple[Floats, Floats]:
    """What is expected of one customer after the end of a day, given the state and whether care is on.

    The exact distribution over care × state is carried forward day by day, apart for those who have ordered
    since and those who have not. `moving` as of `chances_of`; `season` (days,) its row on each day, `opens`
    (days,) whether a quarter begins and with it care is drawn anew with `propensity`, and `worth` (days, 2),
    the mean money of a first and of a later order, start on the following day. Returns the expected money and
    the probability of at least one order within each of the `horizons` (ascending days).
    """
    fresh, since = np.zeros((2, STATE_COUNT)), np.zeros((2, STATE_COUNT))
    fresh[int(cared), state] = 1.0
    lead = state < LEAD_STATES
    first, last = (0, BUYING) if lead else (BUYING, MOVE_COUNT)
    flows = np.empty(MOVE_COUNT)
    money, reached = np.zeros(len(horizons)), np.zeros(len(horizons))
    total, at = 0.0, 0
    for day in range(horizons[-1]):
        if opens[day]:
            _redraw(fresh, propensity)
            _redraw(since, propensity)
        for side in range(2):
            chances = moving[season[day], side]
            total += _step(since[side], since[side], chances, BUYING, MOVE_COUNT, flows) * worth[day, 1]
            total += _step(fresh[side], since[side], chances, first, last, flows) * worth[day, 0 if lead else 1]
        if day + 1 == horizons[at]:
            money[at], reached[at] = total, min(since.sum(), 1.0)
            at += 1
    return money, reached


@njit(cache=True)
def _step(mass: Floats, buyers: Floats, chances: Floats, first: int, last: int, flows: Floats) -> float:
    """One day of the distribution `mass`, in place, by the moves from `first` to before `last`; orders lead into
    `buyers`. Returns how much ordered."""
    ordered = 0.0
    for move in range(first, last):
        flows[move] = mass[BEFORE[move]] * chances[move]
    for move in range(first, last):
        mass[BEFORE[move]] -= flows[move]
        if ORDERS[move]:
            buyers[AFTER[move]] += flows[move]
            ordered += flows[move]
        else:
            mass[AFTER[move]] += flows[move]
    return ordered


@njit(cache=True)
def _redraw(mass: Floats, propensity: float) -> None:
    """A new quarter: care is given with `propensity`, whatever it was."""
    for state in range(mass.shape[1]):
        both = mass[0, state] + mass[1, state]
        mass[0, state] = both * (1.0 - propensity)
        mass[1, state] = both * propensity


@njit(cache=True)
def outlooks(
    states: Codes,
    cared: Flags,
    hazards: Floats,
    levels: Floats,
    season: Days,
    region: Days,
    lift: Floats,
    propensity: Floats,
    opens: Flags,
    money: Floats,
    growth: Floats,
    trial: float,
    cutoffs: Days,
    horizons: Days,
) -> tuple[Floats, Floats]:
    """`outlook` of n customers after each of k cutoffs (days): money and probabilities, both (n, k, h).

    `states` (k, n); `cared` (n, k); `levels` the distinct seasons and `season` (regions, days) which of them
    holds; `opens` (days,); an order's mean is `money` times exp(`growth` · years), a first one's `trial` of
    it; `horizons` (k, h). 0 where a customer is `UNBORN`.
    """
    count, days = states.shape[1], season.shape[1]
    value = np.zeros((count, len(cutoffs), horizons.shape[1]))
    reached = np.zeros((count, len(cutoffs), horizons.shape[1]))
    worth = np.empty((days, 2))
    for i in range(count):
        moving = chances_of(hazards[i], levels, lift[i])
        worth[:, 1] = money[i] * np.exp(growth[i] * np.arange(days) / 365.0)
        worth[:, 0] = worth[:, 1] * trial
        for k in range(len(cutoffs)):
            if states[k, i] != UNBORN:
                after = cutoffs[k] + 1
                value[i, k], reached[i, k] = outlook(
                    states[k, i],
                    cared[i, k],
                    moving,
                    season[region[i], after:],
                    propensity[i],
                    opens[after:],
                    worth[after:],
                    horizons[k],
                )
    return value, reached
