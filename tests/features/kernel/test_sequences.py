from __future__ import annotations

import pytest

from tests.features.strategies import features_of, is_nan, order


def test_the_last_gaps_and_values_stand_newest_first() -> None:
    events = [order(0, 10.0), order(40, 20.0), order(50, 30.0), order(55, 60.0), order(57, 30.0)]
    found = features_of(events, days=60)
    assert [found[f"{name}_gap_days"] for name in ("last", "second_last", "third_last")] == [2, 5, 10]
    assert found["recent_gap_ratio"] == pytest.approx((17 / 3) / (57 / 4))
    assert found["last_order_value"] == 30.0
    assert [found[f"{name}_value_ratio"] for name in ("last", "second_last", "third_last")] == [1, 2, 1]


def test_what_is_too_short_for_a_place_is_undefined_there() -> None:
    found = features_of([order(0, 10.0), order(4, 30.0)], days=5)
    assert found["last_gap_days"] == 4
    assert found["second_last_value_ratio"] == 0.5
    undefined = ("second_last_gap_days", "third_last_gap_days", "recent_gap_ratio", "third_last_value_ratio")
    assert all(is_nan(found[name]) for name in undefined)


def test_an_order_without_a_price_is_no_last_value() -> None:
    found = features_of([order(0, 10.0), order(4, None)], days=5)
    assert found["last_order_value"] == 10.0
    assert found["last_gap_days"] == 4
