"""From which tier customers went to which."""

import numpy as np
from numpy.typing import NDArray

from serving.tiers.ladder import TIERS

Ints = NDArray[np.int64]

NEW = "new"
"""Not on record yet at the first of two reviews."""

FROM = (*TIERS, NEW)


def flows(first: Ints, last: Ints) -> Ints:
    """How many customers went from each tier, or from `NEW`, to each tier; shape (tiers + 1, tiers).

    The places at both reviews are (n,), negative of who is not on record; nobody ever leaves the records.
    """
    here = last >= 0
    start = np.where(first[here] < 0, len(TIERS), first[here])
    table = np.zeros((len(FROM), len(TIERS)), dtype=np.int64)
    np.add.at(table, (start, last[here]), 1)
    return table
