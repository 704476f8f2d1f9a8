"""Exact Shapley values of a function of few inputs."""

import itertools
import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numba import njit
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Worth = Callable[[Floats], Floats]


def shapley(inputs: Floats, reference: Floats, worth: Worth, players: int) -> tuple[float, Floats]:
    """(worth of the reference, Shapley values of shape (n, k)) of (n, k) inputs against a reference, shape (k,).

    `worth` maps rows of inputs to numbers. A coalition is worth what a row is with the coalition's inputs from the
    customer and the others from the reference (Shapley 1953): 2^`players` evaluations a row. Inputs after the first
    `players` do not matter to it and get 0.
    """
    members, weights = _coalitions(players, inputs.shape[1])
    mixed = np.where(members[:, None, :], inputs, reference)
    worths = worth(mixed.reshape(-1, inputs.shape[1])).reshape(len(members), len(inputs))
    values = np.zeros(inputs.shape)
    _weigh(worths, weights, values)
    return float(worths[0, 0] if len(inputs) else worth(reference[None, :])[0]), values


@cache
def _coalitions(players: int, inputs: int) -> tuple[NDArray[np.bool_], Floats]:
    """Who is in each coalition, shape (2^players, inputs), the empty one first; and how much each coalition's worth
    counts for each player, shape (players, 2^players): for it with the player, against it without."""
    members = np.array(list(itertools.product([False, True], repeat=players)), dtype=np.bool_)
    weights = np.empty((players, len(members)))
    for coalition, player in itertools.product(range(len(members)), range(players)):
        others = int(members[coalition].sum()) - int(members[coalition, player])
        share = math.factorial(others) * math.factorial(players - others - 1) / math.factorial(players)
        weights[player, coalition] = share if members[coalition, player] else -share
    idle = np.zeros((len(members), inputs - players), dtype=np.bool_)
    return np.concatenate([members, idle], axis=1), weights


@njit(cache=True, nogil=True)
def _weigh(worths: Floats, weights: Floats, values: Floats) -> None:
    """Adds in a fixed order, so that a row's bytes do not depend on its neighbours."""
    for row in range(worths.shape[1]):
        for player in range(len(weights)):
            for coalition in range(len(worths)):
                values[row, player] += weights[player, coalition] * worths[coalition, row]
