"""The signs of the risk scan: one number each, its steps in the book's `[indicators.risks]`, and what is told of it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Sign:
    """A sign of the rule `rule`; `name` is the key of its steps there, `evidence` the features that are told where it
    shows. Its number is one of `compiled.measures`."""

    rule: str
    name: str
    evidence: tuple[str, ...]


COMPETITIVE, CHANGE, WEAKNESS = "competitive_threat", "business_change", "relationship_weakness"
LAST_THREE = ("last_value_ratio", "second_last_value_ratio", "third_last_value_ratio")

SIGNS = (
    Sign(COMPETITIVE, "overdue", ("overdue_ratio", "last_order_age_days")),
    Sign(COMPETITIVE, "orders_fall", ("orders_rise_91d", "last_order_age_days")),
    Sign(COMPETITIVE, "quotes_won", ("quotes_won_share", "last_quote_age_days")),
    Sign(CHANGE, "smaller_orders", LAST_THREE),
    Sign(CHANGE, "larger_orders", LAST_THREE),
    Sign(CHANGE, "orders_fall", ("orders_rise_91d", "orders_rise_182d")),
    Sign(CHANGE, "longer_gaps", ("recent_gap_ratio",)),
    Sign(CHANGE, "shorter_gaps", ("recent_gap_ratio",)),
    Sign(CHANGE, "new_categories", ("new_categories_91d", "categories")),
    Sign(WEAKNESS, "contacts", ("contacts_seen",)),
    Sign(WEAKNESS, "active_contacts", ("active_contacts_91d",)),
    Sign(WEAKNESS, "answers", ("answered_touch_share", "last_response_age_days")),
    Sign(WEAKNESS, "interactions_fall", ("interactions_rise_91d",)),
    Sign(WEAKNESS, "meeting_age", ("last_meeting_age_days",)),
    Sign(WEAKNESS, "days_late", ("worst_days_late_365d",)),
    Sign(WEAKNESS, "survey", ("last_survey_score", "last_survey_age_days")),
    Sign(WEAKNESS, "tickets", ("support_tickets_91d", "last_support_age_days")),
)
