"""Engagement: what the customer does apart from buying and answering."""

from data.events import ROLES
from features.families.engagement import AGED_ROLES, COUNTED_ROLES, INTERACTION_WINDOWS
from features.families.windows import HALF_LIVES
from features.kernel.arithmetic import ratio, weight
from features.kernel.columns import (
    ALWAYS,
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
    Records,
    columns,
)
from features.kernel.contacts import age_of_last, count_role
from features.kernel.pieces import piece

COUNTED = tuple(ROLES.index(role) for role, _, _, _ in COUNTED_ROLES)
COUNTS = columns(*(name for _, name, _, _ in COUNTED_ROLES))
AGED = tuple(ROLES.index(role) for role, _, _ in AGED_ROLES)
AGES = columns(*(f"last_{role}_age_days" for role, _, _ in AGED_ROLES))
INTERACTIONS_IN = columns(*(f"interactions_{days}d" for days in INTERACTION_WINDOWS))
FADE_30 = HALF_LIVES.index(30)


@piece
def is_intent(role: int) -> bool:
    """Whether an event of this role speaks of wanting to buy."""
    return role in (INQUIRY, QUOTE, SAMPLE)


@piece
def is_interaction(role: int) -> bool:
    """Whether an event of this role is the customer dealing with us."""
    return is_intent(role) or role in (VISIT, CONTENT, RESPONSE, MEETING)


@piece
def interactions(others: Records, oldest: int) -> int:
    """Interactions at most `oldest` calendar days old."""
    found = 0
    for k in range(len(others)):
        found += is_interaction(others[k].role) and others[k].age <= oldest
    return found


@piece
def decayed_interactions(others: Records, decay: Ints) -> float:
    """Interactions, each fading with a half-life of 30 days."""
    weights = 0
    for k in range(len(others)):
        if is_interaction(others[k].role):
            weights += weight(decay, FADE_30, others[k].age)
    return ratio(weights, decay[FADE_30, 0])


@piece
def intents_since(orders: Records, others: Records) -> int:
    """Inquiries, quote requests and samples later than the last order, or all of them without one."""
    found = 0
    for k in range(len(others)):
        is_open = len(orders) == 0 or others[k].time > orders[len(orders) - 1].time
        found += is_open and is_intent(others[k].role)
    return found


@piece
def engagement(row: Floats, orders: Records, others: Records, cutoff: int, decay: Ints) -> None:
    """Writes the family "engagement"."""
    for k in range(len(COUNTED)):
        row[COUNTS[k]] = count_role(others, COUNTED[k], ALWAYS)
    for k in range(len(AGED)):
        row[AGES[k]] = age_of_last(others, AGED[k], cutoff)
    for k in range(len(INTERACTION_WINDOWS)):
        row[INTERACTIONS_IN[k]] = interactions(others, INTERACTION_WINDOWS[k] - 1)
    row[AT.decayed_interactions_30d] = decayed_interactions(others, decay)
    row[AT.intents_since_last_order] = intents_since(orders, others)
