"""The risk scan: three rules, what shows, what does not, and what cannot be told."""

from typing import Any

import numpy as np
import pytest

from serving.indicators.answer import Risk
from serving.indicators.signs import LAST_THREE
from tests.serving.indicators.machines import WHOLE, accountant_of, measured_of, yardstick_of

HABIT: dict[str, Any] = {
    "orders": 8.0,
    "last_order_age_days": 40.0,
    "first_order_age_days": 700.0,
    "overdue_ratio": 0.5,
    "orders_rise_91d": 0.5,
    "orders_rise_182d": 0.5,
    "interactions_91d": 4.0,
    "interactions_rise_91d": 0.5,
    "intents_since_last_order": 0.0,
    "last_value_ratio": 1.0,
    "second_last_value_ratio": 1.0,
    "third_last_value_ratio": 1.0,
    "order_value_variation": 0.5,
    "recent_gap_ratio": 1.0,
    "categories": 4.0,
    "new_categories_91d": 0.0,
    "contacts_seen": 3.0,
    "active_contacts_91d": 2.0,
    "touches": 20.0,
    "answered_touch_share": 0.5,
    "last_meeting_age_days": 20.0,
    "worst_days_late_365d": 0.0,
    "last_survey_score": 9.0,
    "last_survey_age_days": 50.0,
    "support_tickets_91d": 0.0,
}
ASKING = {"overdue_ratio": 3.0, "interactions_rise_91d": 0.0, "intents_since_last_order": 1.0}
RULES = ("competitive_threat", "business_change", "relationship_weakness")


def risk_of(rule: str, yardstick: Any = WHOLE, language: Any = "en", **changed: float) -> Risk:
    told = measured_of(yardstick, **{**HABIT, **changed}).about(0, accountant_of(yardstick, language))
    return next(risk for risk in told.risks if risk.name == rule)


@pytest.mark.parametrize("rule", RULES)
def test_a_customer_within_its_habit_shows_no_sign(rule: str) -> None:
    told = risk_of(rule)
    assert (told.level, told.text, told.evidence) == ("none", "No sign of it.", ())


@pytest.mark.parametrize(
    ("rule", "level", "changed"),
    [
        ("competitive_threat", "watch", {"overdue_ratio": 1.5}),
        ("competitive_threat", "alert", {"overdue_ratio": 2.5}),
        (
            "competitive_threat",
            "alert",
            ASKING,
        ),
        ("competitive_threat", "none", {"overdue_ratio": 3.0, "interactions_rise_91d": 0.1}),
        ("competitive_threat", "watch", {"orders_rise_91d": 0.1}),
        ("competitive_threat", "watch", {"quotes": 3.0, "quotes_won_share": 0.0}),
        ("competitive_threat", "none", {"quotes": 2.0, "quotes_won_share": 0.0}),
        (
            "business_change",
            "alert",
            dict.fromkeys(LAST_THREE, 0.4),
        ),
        (
            "business_change",
            "watch",
            dict.fromkeys(LAST_THREE, 2.0),
        ),
        ("business_change", "alert", {"orders_rise_182d": 0.01}),
        ("business_change", "none", {"orders_rise_182d": 0.01, "orders_year_rise_91d": 0.5}),
        ("business_change", "alert", {"orders_rise_182d": 0.01, "orders_year_rise_91d": 0.1}),
        ("business_change", "watch", {"recent_gap_ratio": 2.0}),
        ("business_change", "watch", {"recent_gap_ratio": 0.3}),
        ("business_change", "watch", {"new_categories_91d": 2.0}),
        ("business_change", "none", {"new_categories_91d": 2.0, "first_order_age_days": 90.0}),
        ("relationship_weakness", "none", {"worst_days_late_365d": 30.0}),
        ("relationship_weakness", "watch", {"worst_days_late_365d": 60.0}),
        ("relationship_weakness", "watch", {"worst_days_late_365d": 30.0, "support_tickets_91d": 3.0}),
        ("relationship_weakness", "alert", {"active_contacts_91d": 0.0, "last_meeting_age_days": 400.0}),
        ("relationship_weakness", "watch", {"last_survey_score": 2.0}),
        ("relationship_weakness", "none", {"last_survey_score": 2.0, "last_survey_age_days": 500.0}),
        ("relationship_weakness", "none", {"answered_touch_share": 0.0, "touches": 3.0}),
    ],
)
def test_the_default_thresholds(rule: str, level: str, changed: dict[str, float]) -> None:
    told = risk_of(rule, **changed)
    assert told.level == level
    assert bool(told.evidence) == (level in ("watch", "alert"))


def test_evidence_tells_the_numbers_and_since_when() -> None:
    told = risk_of("competitive_threat", overdue_ratio=3.0)
    assert [one.feature for one in told.evidence] == ["interactions_91d", "overdue_ratio", "last_order_age_days"]
    assert "3×" in told.evidence[1].text
    assert "2023-10-06, 40 days ago" in told.evidence[2].text
    assert "may" in told.text


def test_a_fact_that_speaks_for_two_signs_is_told_once() -> None:
    names = [one.feature for one in risk_of("competitive_threat", overdue_ratio=3.0, orders_rise_91d=0.01).evidence]
    assert len(names) == len(set(names)) == 4


def test_thresholds_are_those_of_the_book() -> None:
    lenient = yardstick_of(
        indicators={
            "risks": {
                "competitive_threat": {"overdue": {"watch": 5.0, "alert": 9.0}},
                "relationship_weakness": {"days_late": {"watch": 90.0}, "alert_points": 5},
            }
        }
    )
    assert risk_of("competitive_threat", lenient, overdue_ratio=4.0).level == "none"
    assert risk_of("competitive_threat", lenient, overdue_ratio=5.0).level == "watch"
    weak = {"active_contacts_91d": 0.0, "last_meeting_age_days": 400.0}
    assert risk_of("relationship_weakness", lenient, **weak).level == "watch"
    assert risk_of("relationship_weakness", lenient, worst_days_late_365d=80.0).level == "none"


@pytest.mark.parametrize("rule", RULES)
def test_who_never_bought_or_is_lost_is_not_called_safe(rule: str) -> None:
    never, lost = risk_of(rule, orders=0.0, last_order_age_days=np.nan), risk_of(rule, last_order_age_days=366.0)
    assert never.level == lost.level == "unknown"
    assert never.text == "Cannot be told: no order yet."
    assert "no order for more than 365 days" in lost.text


def test_a_rule_that_lacks_its_features_says_so_instead_of_none() -> None:
    bare = measured_of(orders=9.0, last_order_age_days=3.0).about(0, accountant_of(WHOLE))
    assert [risk.level for risk in bare.risks] == ["unknown"] * 3
    assert {risk.text for risk in bare.risks} == {"Cannot be told: too little of what the rule looks at is on record."}
    assert risk_of("business_change", orders=4.0).text == "Cannot be told: fewer than 5 orders."


def test_counts_of_events_that_a_book_lacks_are_no_signs() -> None:
    columns = {"customer_id": "customer", "time": "time", "amount": "amount"}
    shop = yardstick_of(
        roles={"order": "purchase"},
        sources=[{"name": "orders", "path": "orders.csv", "type": "order", "columns": columns}],
    )
    nothing = {"contacts_seen": 0.0, "active_contacts_91d": 0.0, "interactions_91d": 0.0, "categories": 0.0}
    assert risk_of("competitive_threat", shop, overdue_ratio=5.0, **nothing).level == "unknown"
    assert risk_of("business_change", shop, **nothing).level == "none"
    few = {"answered_touch_share": np.nan, "last_survey_score": np.nan, "worst_days_late_365d": np.nan}
    assert risk_of("relationship_weakness", shop, **nothing, **few).level == "unknown"


def test_a_feature_that_the_model_was_trained_without_cannot_be_told() -> None:
    older = yardstick_of(("overdue_ratio",))
    given = {name: value for name, value in HABIT.items() if name != "overdue_ratio"}
    told = measured_of(older, **{**given, "orders_rise_91d": 0.01})
    assert told.columns["risk_competitive_threat"] == [2.0]
