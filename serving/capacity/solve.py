"""The assignment of greatest expected profit within seats and hours, with its proof."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.core import polished
from serving.capacity.duals import Duals
from serving.capacity.fill import filled
from serving.capacity.hours import balance
from serving.capacity.limits import Limits
from serving.capacity.losses import losses
from serving.capacity.posted import posted, tie_of
from serving.capacity.prices import Prices
from serving.capacity.problem import Problem, checked, coded, problems
from serving.capacity.solution import Solution, Worth

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Settled:
    """One group's answer: `gap` is what its places bring less than its bound."""

    places: Ints
    priced: Ints
    gap: float
    duals: Duals
    seats: Floats
    hour: float
    tie: float


def solve(gains: Floats, limits: Limits, groups: Ints | None = None) -> Solution:
    """The places of greatest total gain.

    `gains` (n, k) is what each customer brings in each tier, the highest first; `groups` (n,) the codes 0 to m - 1 of
    the groups that `limits` names, left out where there is one. Seats alone are solved exactly, as a transportation
    problem. With hours, the dual gives prices and a bound, and a search among the customers whom the prices leave
    undecided closes the gap: all of it unless too many are tied. Groups are independent. The order of customers does
    not matter but between customers of equal gains. Errors: `CapacityError`.
    """
    given = checked(gains, limits)
    codes = coded(groups, len(given), limits.groups)
    places, priced = np.empty((2, len(given)), dtype=np.int64)
    settled = []
    for members, problem in problems(given, limits, codes):
        answer = _settled(problem)
        places[members], priced[members] = answer.places, answer.priced
        settled.append(answer)
    return _solution(given, limits, places, priced, settled)


def _settled(problem: Problem) -> Settled:
    balanced = balance(problem)
    lost = losses(problem, balanced)
    start = min(balanced.within, filled(problem, balanced), key=lambda places: lost.of(problem, places))
    best = polished(problem, lost, start)
    seats, priced = posted(problem, balanced)
    return Settled(best.places, priced, best.gap, balanced.duals, seats, balanced.price, tie_of(problem))


def _solution(gains: Floats, limits: Limits, places: Ints, priced: Ints, settled: Sequence[Settled]) -> Solution:
    profit, priced_profit = _profit(gains, places), _profit(gains, priced)
    bound = profit + math.fsum(one.gap for one in settled)
    scale = max(abs(bound), float(np.abs(gains).max(initial=0.0))) or 1.0
    return Solution(
        places,
        profit,
        bound,
        (bound - profit) / scale,
        _prices(limits, settled),
        _worth(settled),
        priced,
        priced_profit,
        (bound - priced_profit) / scale,
    )


def _prices(limits: Limits, settled: Sequence[Settled]) -> Prices:
    seats = np.stack([one.seats for one in settled])
    hour, tie = np.array([one.hour for one in settled]), np.array([one.tie for one in settled])
    return Prices(seats, hour, limits.hours, limits.seats > 0, tie)


def _worth(settled: Sequence[Settled]) -> Worth:
    more, less = (np.stack([getattr(one.duals, end) for one in settled]) for end in ("least", "greatest"))
    return Worth(more, less, np.array([one.hour for one in settled]))


def _profit(gains: Floats, places: Ints) -> float:
    return math.fsum(gains[np.arange(len(places)), places].tolist())
