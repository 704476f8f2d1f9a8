from __future__ import annotations

import math

import pytest

from tests.features.strategies import features_of, is_nan, order


def test_gaps_are_measured_and_the_present_one_is_held_against_them() -> None:
    found = features_of([order(0), order(10), order(40), order(60)], days=100)
    assert found["first_order_age_days"] == 100
    assert found["last_order_age_days"] == 40
    assert found["buying_span_days"] == 60
    assert found["mean_gap_days"] == 20
    assert found["gap_sd_days"] == 10
    assert found["longest_gap_days"] == 30
    assert found["gap_variation"] == 0.5
    assert found["overdue_ratio"] == 2
    assert found["overdue_longest_ratio"] == pytest.approx(4 / 3)
    assert found["orders_per_month"] == pytest.approx(1.2)
    assert found["spend_per_month"] == pytest.approx(12.0)


def test_clumpiness_is_0_for_even_orders_and_1_for_all_at_once() -> None:
    even = [order(0), order(10), order(20)]
    assert features_of(even, days=30)["clumpiness"] == pytest.approx(0)
    at_once = [order(0, order_id="a"), order(0, order_id="b"), order(0, order_id="c")]
    assert features_of(at_once, days=30)["clumpiness"] == pytest.approx(1)
    uneven = features_of([order(0), order(10)], days=40)["clumpiness"]
    assert uneven == pytest.approx(1 + (0.25 * math.log(0.25) + 0.75 * math.log(0.75)) / math.log(2))


def test_one_order_has_an_age_but_no_gap() -> None:
    found = features_of([order(0)], days=7.5)
    assert found["first_order_age_days"] == found["last_order_age_days"] == 7.5
    assert found["buying_span_days"] == 0
    assert found["orders_per_month"] == 1
    undefined = ("mean_gap_days", "gap_sd_days", "longest_gap_days", "clumpiness", "overdue_ratio")
    assert all(is_nan(found[name]) for name in undefined)


def test_orders_at_one_instant_have_a_gap_of_zero_and_no_ratio_to_it() -> None:
    found = features_of([order(0, order_id="a"), order(0, order_id="b")], days=0)
    assert found["mean_gap_days"] == 0
    assert is_nan(found["overdue_ratio"])
    assert is_nan(found["clumpiness"])
