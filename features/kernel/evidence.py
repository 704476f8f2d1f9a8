"""Evidence of a rise or a fall: exact binomial tests of one window against another of the same length."""

import math

from features.families.evidence import INTERACTION_RISES, ORDER_WINDOWS
from features.kernel.arithmetic import orders_between
from features.kernel.columns import NEVER, Floats, Records, columns
from features.kernel.engagement import interactions
from features.kernel.pieces import piece

ORDERS_RISE = columns(*(f"orders_rise_{days}d" for days in ORDER_WINDOWS))
INTERACTIONS_RISE = columns(*(f"interactions_rise_{days}d" for days in INTERACTION_RISES))
(YEAR_RISE,) = columns("orders_year_rise_91d")
LOG_2 = math.log(2.0)
NOTHING = 1e-18  # a term this small beside the sum does not change it
YEAR = 365
QUARTER = 91


@piece
def rise(recent: int, before: int) -> float:
    """P(X < recent) + P(X = recent) / 2 for X binomial(recent + before, 1/2); undefined if both are 0."""
    count = recent + before
    if count == 0:
        return NEVER
    fewer = recent if recent < before else before
    term = math.exp(
        math.lgamma(count + 1.0) - math.lgamma(fewer + 1.0) - math.lgamma(count - fewer + 1.0) - count * LOG_2
    )
    tail = term / 2
    for k in range(fewer, 0, -1):
        term *= k / (count - k + 1)
        tail += term
        if term < tail * NOTHING:
            break
    if recent == before:
        return 0.5
    return tail if recent < before else 1.0 - tail


@piece
def evidence(row: Floats, orders: Records, others: Records, first_age: int) -> None:
    """Writes the family "evidence"; undefined where the record does not cover both windows."""
    for k in range(len(ORDER_WINDOWS)):
        days = ORDER_WINDOWS[k]
        row[ORDERS_RISE[k]] = NEVER
        if first_age >= 2 * days - 1:
            row[ORDERS_RISE[k]] = rise(orders_between(orders, 0, days - 1), orders_between(orders, days, 2 * days - 1))
    for k in range(len(INTERACTION_RISES)):
        days = INTERACTION_RISES[k]
        row[INTERACTIONS_RISE[k]] = NEVER
        if first_age >= 2 * days - 1:
            recent = interactions(others, days - 1)
            row[INTERACTIONS_RISE[k]] = rise(recent, interactions(others, 2 * days - 1) - recent)
    row[YEAR_RISE] = NEVER
    if first_age >= YEAR + QUARTER - 1:
        then = orders_between(orders, YEAR, YEAR + QUARTER - 1)
        row[YEAR_RISE] = rise(orders_between(orders, 0, QUARTER - 1), then)
