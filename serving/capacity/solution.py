"""What the optimiser answers."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from serving.capacity.prices import Prices

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Worth:
    """What limits are worth in money: `more` (m, k) one seat more of a tier, `less` (m, k) what one seat less costs
    (infinite where there is none to lose), `hour` (m,) an hour more.

    Exact for seats where hours do not bind; where they do, slopes of the bound.
    """

    more: Floats
    less: Floats
    hour: Floats


@dataclass(frozen=True, eq=False)
class Solution:
    """`places` (n,), their `profit`, and the `bound` that no assignment within the limits exceeds.

    `gap` is (bound - profit) / max(|bound|, greatest |gain|). `priced_places` are the places by `prices` alone, and
    `priced_profit` and `priced_gap` theirs; they differ where gains are tied or hours fall between two customers.
    """

    places: Ints
    profit: float
    bound: float
    gap: float
    prices: Prices
    worth: Worth
    priced_places: Ints
    priced_profit: float
    priced_gap: float
