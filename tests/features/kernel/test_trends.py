from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan, order


def test_a_trend_is_the_share_of_the_later_of_two_windows() -> None:
    # cutoff on day 100: ages 90, 50, 20, 10
    events = [order(10, 10.0), order(50, 30.0), order(80, 50.0), order(90, 20.0)]
    found = features_of(events, days=100)
    assert found["orders_trend_30d"] == pytest.approx(2 / 3)
    assert found["spend_trend_30d"] == pytest.approx(0.7)
    assert found["spend_share_91d"] == 1.0


def test_a_trend_needs_a_record_of_both_windows_and_something_in_them() -> None:
    assert is_nan(features_of([order(71)], days=100)["orders_trend_30d"])
    assert features_of([event("visit", 0), order(71)], days=100)["orders_trend_30d"] == 1.0
    assert is_nan(features_of([order(0)], days=100)["orders_trend_30d"])
    assert features_of([order(50)], days=100 + 9)["orders_trend_30d"] == 0.0


def test_habit_is_the_customers_own_rate_since_the_first_order() -> None:
    # 182 days on record, 4 orders, all in the first half: then all in the second but the first
    early = [order(0), order(1), order(2), order(3)]
    assert features_of(early, days=181)["orders_habit_ratio_91d"] == 0.0
    late = [order(0), order(150), order(160), order(170)]
    assert features_of(late, days=181)["orders_habit_ratio_91d"] == 1.5
    assert features_of([order(0)], days=10)["orders_habit_ratio_91d"] == 1.0
    assert is_nan(features_of([], days=10)["orders_habit_ratio_91d"])
