"""Early warning: customers of the upper tiers whose churn rose within a quarter."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from serving.overview.overview import Warning
from serving.tiers.ladder import TIERS
from training.scores import Scores

UPPER = TIERS[:2]
RISE = 0.1
"""(ours) From so many percentage points (as a share) on, a rise is told."""

MOST = 200


def rises(
    customers: Sequence[str],
    tiers: Mapping[str, str],
    before: Scores,
    now: Scores,
    known: NDArray[np.bool_],
) -> Iterator[Warning]:
    """Those of the customers, rows of both scores, who were `known` (n,) before and stand high in `tiers`, by id."""
    risen = known & (now.churn - before.churn >= RISE)
    for row in np.flatnonzero(risen).tolist():
        tier = tiers[customers[row]]
        if tier in UPPER:
            yield Warning(
                customer_id=customers[row],
                tier=tier,
                churn_before=float(before.churn[row]),
                churn=float(now.churn[row]),
                value=float(now.lifetime_value[row]),
            )


def foremost(found: Iterable[Warning]) -> tuple[Warning, ...]:
    """Those with the most money at stake, by the rise times the value, the foremost first."""
    return tuple(sorted(found, key=lambda each: (-at_stake(each), each.customer_id))[:MOST])


def at_stake(warning: Warning) -> float:
    """The money that the rise puts at stake."""
    return (warning.churn - warning.churn_before) * warning.value
