"""Engagement: what the customer does apart from buying and answering."""

import numpy as np
from features.kernel.pieces import piece

from data.events import ROLES
from features.families.engagement import AGED_ROLES, COUNTED_ROLES, INTERACTION_WINDOWS
from features.families.windows import HALF_LIVES
from features.kernel.arithmetic import weight
from features.kernel.columns import (
    AT,
    CONTENT,
    INQUIRY,
    MEETING,
    QUOTE,
    RESPONSE,
    SAMPLE,
    VISIT,
    Floats,
    Ints,
    columns,
)
from features.kernel.contacts import age_of_last, count_role
from features.kernel.desk import Desk, Moment, Orders, Others, Seen

COUNTED = tuple(ROLES.index(role) for role, _, _, _ in COUNTED_ROLES)
COUNTS = columns(*(name for _, name, _, _ in COUNTED_ROLES))
AGED = tuple(ROLES.index(role) for role, _, _ in AGED_ROLES)
AGES = columns(*(f"last_{role}_age_days" for role, _, _ in AGED_ROLES))
INTERACTIONS_IN = columns(*(f"interactions_{days}d" for days in INTERACTION_WINDOWS))
FADE_30 = HALF_LIVES.index(30)
ALWAYS = 2**31


@piece
def is_intent(role: int) -> bool:
    """Whether an event of this role speaks of wanting to buy."""
    return role in (INQUIRY, QUOTE, SAMPLE)


@piece
def is_interaction(role: int) -> bool:
    """Whether an event of this role is the customer dealing with us."""
    return is_intent(role) or role in (VISIT, CONTENT, RESPONSE, MEETING)


@piece
def interactions(others: Others, count: int, oldest: int) -> int:
    """Interactions at most `oldest` calendar days old."""
    found = 0
    for k in range(count):
        found += is_interaction(others.role[k]) and others.age[k] <= oldest
    return found


@piece
def decayed_interactions(others: Others, count: int, decay: Ints) -> float:
    """Interactions, each fading with a half-life of 30 days."""
    weights = np.int64(0)
    for k in range(count):
        if is_interaction(others.role[k]):
            weights += weight(decay, FADE_30, others.age[k])
    return weights / decay[FADE_30, 0]


@piece
def intents_since(orders: Orders, order_count: int, others: Others, count: int) -> int:
    """Inquiries, quote requests and samples later than the last order, or all of them without one."""
    found = 0
    for k in range(count):
        is_open = order_count == 0 or others.time[k] > orders.time[order_count - 1]
        found += is_open and is_intent(others.role[k])
    return found


@piece
def engagement(row: Floats, desk: Desk, seen: Seen, moment: Moment, decay: Ints) -> None:
    """Writes the family "engagement"."""
    others, count = desk.others, seen.others
    for k in range(len(COUNTED)):
        row[COUNTS[k]] = count_role(others, count, COUNTED[k], ALWAYS)
    for k in range(len(AGED)):
        row[AGES[k]] = age_of_last(others, count, AGED[k], moment.cutoff)
    for k in range(len(INTERACTION_WINDOWS)):
        row[INTERACTIONS_IN[k]] = interactions(others, count, INTERACTION_WINDOWS[k] - 1)
    row[AT.decayed_interactions_30d] = decayed_interactions(others, count, decay)
    row[AT.intents_since_last_order] = intents_since(desk.orders, seen.orders, others, count)
