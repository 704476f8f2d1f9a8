from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan, order


def test_punctuality_is_told_from_payments_that_state_it() -> None:
    days_late = ((0, -2.0), (300, 10.0), (390, 4.0), (395, None))
    found = features_of([event("payment", day, 5.0, quantity=late) for day, late in days_late], days=400)
    assert found["payments"] == 4
    assert found["late_payment_share"] == pytest.approx(2 / 3)
    assert found["mean_days_late"] == 4
    assert (found["last_days_late"], found["worst_days_late_365d"]) == (4, 10)
    assert features_of([event("payment", 0, quantity=-2.0)], days=10)["worst_days_late_365d"] == -2


def test_support_and_surveys() -> None:
    answers = [event("survey", 0, quantity=9.0), event("survey", 50, quantity=4.0), event("survey", 60)]
    found = features_of([*answers, event("support", 5), event("support", 120), order(1), order(2)], days=130)
    assert (found["surveys"], found["last_survey_score"], found["mean_survey_score"]) == (2, 4, 6.5)
    assert found["last_survey_age_days"] == 80
    assert (found["support_tickets_91d"], found["support_per_order"]) == (1, 1)


def test_nothing_stated_is_undefined_and_not_punctual() -> None:
    found = features_of([event("payment", 0, 5.0)], days=10)
    undefined = ("late_payment_share", "mean_days_late", "last_days_late", "worst_days_late_365d", "support_per_order")
    assert all(is_nan(found[name]) for name in (*undefined, "last_survey_score", "mean_survey_score"))
