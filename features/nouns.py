"""What a feature's number counts: the word after it, for one and for many, in both languages."""

from dataclasses import dataclass

from features.feature import Feature, Words


@dataclass(frozen=True)
class Noun:
    """What stands behind a number, its space included; Chinese has one form."""

    one: Words
    many: Words


def noun(one: str, many: str, zh: str) -> Noun:
    """English with a space before it, Chinese as it is."""
    return Noun(Words(f" {one}", zh), Words(f" {many}", zh))


NOTHING = Noun(Words("", ""), Words("", ""))
TIMES = noun("time", "times", " 次")
FOLD = Noun(Words("×", " 倍"), Words("×", " 倍"))
DAYS = noun("day", "days", " 天")
ORDERS = noun("order", "orders", " 单")
POINTS = noun("point", "points", " 分")
PRODUCTS = noun("product", "products", " 种")
CATEGORIES = noun("category", "categories", " 类")
CHANNELS = noun("channel", "channels", " 个渠道")
PEOPLE = noun("person", "people", " 人")
SPELLS = noun("spell", "spells", " 段")
EVENTS = noun("event", "events", " 条")
RESPONSES = noun("response", "responses", " 次")
TICKETS = noun("ticket", "tickets", " 张工单")

OF_UNIT = {"orders": ORDERS, "days": DAYS, "count": TIMES, "ratio": FOLD}
OF_FEATURE = {
    "products": PRODUCTS,
    "new_products_91d": PRODUCTS,
    "categories": CATEGORIES,
    "new_categories_91d": CATEGORIES,
    "channels": CHANNELS,
    "interaction_channels": CHANNELS,
    "interaction_channels_91d": CHANNELS,
    "contacts_seen": PEOPLE,
    "active_contacts_30d": PEOPLE,
    "active_contacts_91d": PEOPLE,
    "sessions": SPELLS,
    "sessions_30d": SPELLS,
    "sessions_91d": SPELLS,
    "deepest_session_events": EVENTS,
    "last_session_events": EVENTS,
    "session_depth": EVENTS,
    "events": EVENTS,
    "kinds_of_events": noun("kind", "kinds", " 种"),
    "content_topics": noun("topic", "topics", " 个主题"),
    "active_weeks_91d": noun("week", "weeks", " 周"),
    "buying_years": noun("year", "years", " 年"),
    "buying_streak_91d": noun("period", "periods", " 个周期"),
    "open_quotes_90d": noun("quote request", "quote requests", " 个报价"),
    "support_tickets": TICKETS,
    "support_tickets_91d": TICKETS,
    "support_per_order": TICKETS,
    "responses_per_touch": RESPONSES,
    "orders_per_month": ORDERS,
    "orders_acceleration_91d": ORDERS,
    "lines_per_order": noun("line", "lines", " 行"),
    "quantity_per_order": noun("unit", "units", " 件"),
    "order_value_variation": NOTHING,
    "gap_variation": NOTHING,
    "event_entropy": NOTHING,
    "engagement_depth_30d": POINTS,
    "last_survey_score": POINTS,
    "mean_survey_score": POINTS,
    "decayed_orders_30d": NOTHING,
    "decayed_orders_120d": NOTHING,
    "decayed_touches_30d": NOTHING,
    "decayed_responses_120d": NOTHING,
    "decayed_interactions_30d": NOTHING,
    "profile_contacts": PEOPLE,
    "profile_payment_terms": DAYS,
    "profile_strategic_fit": POINTS,
    "profile_reference_value": POINTS,
    "profile_cultural_fit": POINTS,
    "profile_demand_fit": POINTS,
}


def noun_of(feature: Feature) -> Noun:
    """What the feature counts; nothing for a bare number."""
    return OF_FEATURE.get(feature.name) or OF_UNIT.get(feature.unit, NOTHING)
