from __future__ import annotations

from tests.features.strategies import event, features_of, is_nan, order


def test_tenure_begins_with_the_first_event_of_any_kind() -> None:
    found = features_of([event("survey", 0), order(5), event("refund", 8, -1.0)], days=10)
    assert found["tenure_days"] == 10
    assert found["last_event_age_days"] == 2
    assert found["events"] == 3
    assert found["first_order_age_days"] == 5


def test_tenure_begins_with_the_first_event_that_was_known() -> None:
    late = event("visit", 0, known_time=event("visit", 9).time)
    assert features_of([late, order(5)], days=8)["tenure_days"] == 3
    assert features_of([late, order(5)], days=9)["tenure_days"] == 9


def test_nobody_seen_has_no_tenure() -> None:
    found = features_of([], days=10)
    assert found["events"] == 0
    assert is_nan(found["tenure_days"])
    assert is_nan(found["last_event_age_days"])
