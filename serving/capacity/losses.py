"""What an assignment falls short of the bound that prices prove, customer by customer."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.hours import Balance
from serving.capacity.limits import UNLIMITED
from serving.capacity.problem import Problem

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Losses:
    """`regrets` (n, k): what each customer's place brings less, net of prices, than the best place; infinite where a
    tier is closed. `seats` (k,) and `hour`: what a seat and an hour left over cost."""

    regrets: Floats
    seats: Floats
    hour: float

    def of(self, problem: Problem, places: Ints) -> float:
        """The dual bound less the profit of an assignment that keeps the limits.

        Σ regrets + Σ price · seats left + price · hours left: the same difference as between the two sums, but summed
        from parts of which none is negative, so that nothing cancels.
        """
        regrets = self.regrets[np.arange(len(places)), places]
        seats = np.where(problem.seats == UNLIMITED, 0.0, self.seats * problem.room(places))
        hours = self.hour * max(0.0, problem.spare(places)) if self.hour else 0.0
        return math.fsum([*regrets.tolist(), *seats.tolist(), hours])


def losses(problem: Problem, balance: Balance) -> Losses:
    """The losses at the prices of a balance."""
    nets = problem.gains - balance.duals.middle - balance.price * problem.hours
    nets[:, problem.seats == 0] = -np.inf
    return Losses(nets.max(axis=1, keepdims=True) - nets, balance.duals.middle, balance.price)
