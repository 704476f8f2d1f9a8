"""Engagement: what the customer does apart from buying and answering."""

from data.events import ROLES
from features.families.engagement import AGED_ROLES, CONTACT_WINDOWS, COUNTED_ROLES, INTERACTION_WINDOWS
from features.families.windows import HALF_LIVES
from features.kernel.arithmetic import ratio, weight
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
    Records,
    columns,
)
from features.kernel.contacts import age_of_last
from features.kernel.desk import Desk, Events
from features.kernel.distinct import Table, distinct
from features.kernel.pieces import piece

COUNTED = tuple(ROLES.index(role) for role, _, _, _ in COUNTED_ROLES)
COUNTS = columns(*(name for _, name, _, _ in COUNTED_ROLES))
AGED = tuple(ROLES.index(role) for role, _, _ in AGED_ROLES)
AGES = columns(*(f"last_{role}_age_days" for role, _, _ in AGED_ROLES))
INTERACTIONS_IN = columns(*(f"interactions_{days}d" for days in INTERACTION_WINDOWS))
FADE_30 = HALF_LIVES.index(30)
MONTH, QUARTER = CONTACT_WINDOWS
# (ours) How deep an interaction of each role goes; the meaning of the feature names the same numbers.
DEPTH_OF = {"visit": 1, "content": 2, "response": 3, "meeting": 5, "inquiry": 6, "quote": 8, "sample": 8}
DEPTHS = tuple(DEPTH_OF.get(role, 0) for role in ROLES)


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
def depth(others: Records, decay: Ints) -> float:
    """Interactions weighted by how deep they go, each fading with a half-life of 30 days."""
    weights = 0
    for k in range(len(others)):
        weights += DEPTHS[others[k].role] * weight(decay, FADE_30, others[k].age)
    return ratio(weights, decay[FADE_30, 0])


@piece
def diversity(row: Floats, events: Events, others: Records, rows: Ints, table: Table) -> None:
    """Writes through how many channels and people, and on how many topics, the customer deals with us.

    `rows` is room.
    """
    contents = count = month = quarter = 0
    for k in range(len(others)):
        if others[k].role == CONTENT:
            rows[contents] = others[k].row
            contents += 1
    row[AT.content_topics] = distinct(table, events.category, rows[:contents])
    for k in range(len(others) - 1, -1, -1):
        if is_interaction(others[k].role):
            rows[count] = others[k].row
            count += 1
            month = count if others[k].age < MONTH else month
            quarter = count if others[k].age < QUARTER else quarter
    row[AT.interaction_channels] = distinct(table, events.channel, rows[:count])
    row[AT.interaction_channels_91d] = distinct(table, events.channel, rows[:quarter])
    row[AT.contacts_seen] = distinct(table, events.contact, rows[:count])
    row[AT.active_contacts_30d] = distinct(table, events.contact, rows[:month])
    row[AT.active_contacts_91d] = distinct(table, events.contact, rows[:quarter])


@piece
def engagement(
    row: Floats, events: Events, orders: Records, others: Records, cutoff: int, decay: Ints, desk: Desk
) -> None:
    """Writes the family "engagement"; uses the desk's trail as room."""
    for k in range(len(COUNTED)):
        row[COUNTS[k]] = desk.counts[COUNTED[k]]
    for k in range(len(AGED)):
        row[AGES[k]] = age_of_last(desk.counts, desk.lasts, AGED[k], cutoff)
    for k in range(len(INTERACTION_WINDOWS)):
        row[INTERACTIONS_IN[k]] = interactions(others, INTERACTION_WINDOWS[k] - 1)
    row[AT.decayed_interactions_30d] = decayed_interactions(others, decay)
    row[AT.intents_since_last_order] = intents_since(orders, others)
    row[AT.engagement_depth_30d] = depth(others, decay)
    diversity(row, events, others, desk.trail, desk.table)
