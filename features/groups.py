"""How features are told together: correlated ones share a group, so that a reason is said once."""

from dataclasses import dataclass

from features.feature import Feature, Words


@dataclass(frozen=True)
class Group:
    """A kind of reason: the families that it tells whole, and the features that it tells of other families."""

    name: str
    title: Words
    families: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


GROUPS = (
    Group(
        "what_they_buy",
        Words("What they buy", "买什么、买多少"),
        ("purchases", "breadth"),
        (
            *(f"spend_{days}d" for days in (7, 14, 30, 60, 91, 182, 365)),
            "decayed_spend_30d",
            "decayed_spend_120d",
            "spend_per_month",
            "spend_trend_30d",
            "spend_trend_91d",
            "spend_trend_182d",
            "spend_share_91d",
            "spend_habit_ratio_91d",
            "last_order_value",
            "last_value_ratio",
            "second_last_value_ratio",
            "third_last_value_ratio",
        ),
    ),
    Group(
        "how_often",
        Words("How often they buy", "购买频率"),
        ("cadence", "windows", "trends", "evidence", "loyalty", "sequences"),
        ("orders", "active_days"),
    ),
    Group(
        "how_recently",
        Words("How recently they were here", "最近的活动"),
        (),
        (
            "last_order_age_days",
            "overdue_ratio",
            "overdue_longest_ratio",
            "last_event_age_days",
            "second_last_event_age_days",
            "third_last_event_age_days",
            "fourth_last_event_age_days",
            "fifth_last_event_age_days",
            "last_visit_age_days",
            "last_session_gap_days",
            "quiet_ratio",
        ),
    ),
    Group(
        "what_they_signal",
        Words("What they signal", "购买信号"),
        ("stages", "sessions", "steps", "signals"),
        (
            "visits",
            "contents",
            "inquiries",
            "quotes",
            "samples",
            "last_inquiry_age_days",
            "last_quote_age_days",
            "last_sample_age_days",
            "intents_since_last_order",
            "interactions_habit_ratio_30d",
            "interactions_rise_30d",
            "interactions_rise_91d",
        ),
    ),
    Group(
        "how_they_respond",
        Words("How they respond to us", "对联系的回应"),
        ("touches", "engagement"),
        (
            "surveys",
            "last_survey_score",
            "mean_survey_score",
            "last_survey_age_days",
            "support_tickets_91d",
            "support_per_order",
        ),
    ),
    Group(
        "how_they_pay",
        Words("How they pay", "付款情况"),
        ("payments",),
    ),
    Group(
        "season",
        Words("The season", "季节因素"),
        ("calendar",),
    ),
    Group(
        "who_they_are",
        Words("Who they are", "客户属性"),
        ("relationship", "profile"),
        ("first_order_age_days",),
    ),
)

_PLACES = {group.name: place for place, group in enumerate(GROUPS)}
_BY_FEATURE = {name: group for group in GROUPS for name in group.features}
_BY_FAMILY = {family: group for group in GROUPS for family in group.families}


def group_of(feature: Feature) -> Group:
    """The group that tells a feature: the one that names it, else that of its family."""
    return _BY_FEATURE.get(feature.name) or _BY_FAMILY[feature.family]


def place_of(feature: Feature) -> int:
    """The place among GROUPS of the group that tells a feature."""
    return _PLACES[group_of(feature).name]
