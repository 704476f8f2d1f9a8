"""The table behind every sum that fades: whole-numbered weights by age in days."""

from functools import cache

import numpy as np

from features.families.windows import HALF_LIVES
from features.kernel.columns import Ints

ONE = 2**16
ROUNDS_TO_NOTHING = 18


@cache
def decay_table() -> Ints:
    """int64[half-lives, days]: round(2^16 · 2^(-age / half-life)), down to 0.

    Whole numbers make a fading sum exact, so it cannot depend on the order of its terms. They hold as long
    as a customer's purchases stay below 2^47 minor units.
    """
    ages = np.arange(ROUNDS_TO_NOTHING * max(HALF_LIVES))
    rows = [np.rint(ONE * 0.5 ** (ages / half_life)) for half_life in HALF_LIVES]
    table = np.array(rows).astype(np.int64)
    table.flags.writeable = False
    return table
