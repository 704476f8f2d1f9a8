"""The order in which each policy chooses, and who gets which seat."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from data.settings.tiers.profit import DEFAULT, ExpectedProfit
from features.feature import Words
from serving.tiers.ladder import LOWEST
from serving.tiers.policies import POLICIES
from serving.tiers.room import seats_of

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

OURS = ("expected_profit", "value_percentile")
PAST, LAST = "past_spend", "last_spend"
OPTIMUM, TOLD = "own_optimum", "told_truth"

NAMES: dict[str, Words] = {
    **{policy.name: policy.title for policy in POLICIES},
    PAST: Words("total past spend", "累计采购额排序"),
    LAST: Words("spend of the last {days} days", "近 {days} 天采购额排序"),
    OPTIMUM: Words("expected profit, its own optimum", "预期利润（自身最优解）"),
    TOLD: Words("expected profit, told the truth", "预期利润（已知真实值）"),
}
"""What everything that is compared is called."""

RANKINGS = (*(policy.name for policy in POLICIES), PAST, LAST)
OTHERS = tuple(name for name in RANKINGS if name not in OURS)
"""The classic models, the scorecard, the hybrid and both spends: what ours are compared with."""


def ordered(key: Floats | Ints, spend: Floats, customers: Sequence[str]) -> Ints:
    """Customers from the first to be chosen to the last, shape (n,): the lowest key first, ties by the larger total
    past spend, then by customer id."""
    ids = np.unique(np.array(customers, dtype=str), return_inverse=True)[1]
    return np.lexsort((ids, -spend, key)).astype(np.int64)


def chosen(order: Ints, percent: float) -> Flags:
    """Who is among the first percent (rounded up), shape (n,)."""
    found = np.zeros(len(order), np.bool_)
    found[order[: math.ceil(len(order) * percent / 100)]] = True
    return found


def seated(order: Ints, seats: Sequence[int]) -> Ints:
    """The place of everybody, shape (n,), when the seats of each tier but the floor are taken in order."""
    places = np.full(len(order), LOWEST, dtype=np.int64)
    ends = np.cumsum([0, *seats])
    for place in range(len(seats)):
        places[order[ends[place] : ends[place + 1]]] = place
    return places


def seats_for(settings: ExpectedProfit, customers: int) -> tuple[int, ...]:
    """The seats of each tier but the floor among so many customers, the highest first.

    A tier whose seats the book does not count as a whole has those of the defaults.
    """
    seats, left = list[int](), customers
    for service, default in zip(settings.services[:-1], DEFAULT[:-1], strict=True):
        own = None if service.seats_per_owner is not None else seats_of(service, customers)
        seats.append(min(own if own is not None else seats_of(default, customers) or 0, left))
        left -= seats[-1]
    return tuple(seats)
