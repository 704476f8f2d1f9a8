"""Who was in which tier a quarter ago, and is in which now."""

from collections.abc import Sequence

import numpy as np

from serving.overview.overview import Flow, Size
from serving.tiers.inputs import Floats
from serving.tiers.ladder import TIERS


def sizes(now: Sequence[str], value: Floats) -> tuple[Size, ...]:
    """The size of every tier, the highest first; `value` (n,) is the money expected of each customer."""
    names = np.array(now)
    return tuple(
        Size(name=tier, customers=int((names == tier).sum()), value=float(value[names == tier].sum())) for tier in TIERS
    )


def flows(before: Sequence[str | None], now: Sequence[str], value: Floats) -> tuple[Flow, ...]:
    """Every way from a tier, or from nowhere, to a tier that somebody took."""
    then, after = np.array([tier or "" for tier in before]), np.array(now)
    found = []
    for start in (*TIERS, ""):
        for end in TIERS:
            members = (then == start) & (after == end)
            if members.any():
                money = float(value[members].sum())
                found.append(Flow(before=start or None, after=end, customers=int(members.sum()), value=money))
    return tuple(found)
