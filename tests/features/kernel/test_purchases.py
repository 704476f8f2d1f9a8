from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan, order


def test_lines_of_one_order_are_one_purchase_and_their_money_adds_up() -> None:
    lines = [
        order(0, 10.0, order_id="a", product="p", category="x", channel="web", quantity=2),
        order(0.1, 2.5, order_id="a", product="q", category="x", channel="web", quantity=3),
        order(3, 40.0, order_id="b", product="p", category="y", channel="shop"),
        order(5, 7.5, order_id="c", product="p", category="y", channel="shop", quantity=1),
    ]
    found = features_of(lines, days=10)
    assert found["orders"] == 3
    assert found["spend"] == 60.0
    assert found["average_order_value"] == 20.0
    assert found["median_order_value"] == 12.5
    assert found["largest_order_value"] == 40.0
    assert found["order_value_variation"] == 0.875
    assert found["lines_per_order"] == pytest.approx(4 / 3)
    assert found["quantity_per_order"] == 2.0
    assert (found["products"], found["categories"], found["channels"]) == (2, 2, 2)
    assert found["active_days"] == 3


def test_without_an_order_id_the_lines_of_one_local_day_are_one_order() -> None:
    # 22:30 UTC and 23:30 UTC are 23:30 and 00:30 in Berlin
    assert features_of([order(0.5), order(0.6)], days=3)["orders"] == 1
    assert features_of([order(22.5 / 24), order(23.5 / 24)], days=3)["orders"] == 2


def test_an_order_whose_lines_interleave_with_another_is_still_one() -> None:
    lines = [order(0, 1, order_id="a"), order(1, 2, order_id="b"), order(2, 4, order_id="a")]
    found = features_of(lines, days=3)
    assert found["orders"] == 2
    assert found["largest_order_value"] == 5.0
    assert found["last_order_age_days"] == 2.0


def test_orders_without_a_price_count_but_have_no_value() -> None:
    found = features_of([order(0, None), order(1, 8.0), order(2, 0.0)], days=3)
    assert found["orders"] == 3
    assert found["average_order_value"] == 4.0
    assert found["zero_value_orders"] == 1


def test_returns_are_counted_by_order_and_measured_against_purchases() -> None:
    events = [
        order(0, 80.0, order_id="a"),
        event("refund", 2, -15.0, order_id="a"),
        event("refund", 3, -5.0, order_id="a"),
    ]
    found = features_of(events, days=10)
    assert found["returns"] == 1
    assert found["return_share"] == 0.25
    assert found["spend"] == 80.0
    assert found["orders"] == 1
    assert features_of([order(0, 10.0), event("refund", 1, -30.0)], days=2)["return_share"] == 1.0


def test_somebody_who_has_never_bought_has_counts_of_zero_and_no_averages() -> None:
    for events in ([], [event("visit", 0)]):
        found = features_of(events, days=10)
        assert found["orders"] == found["spend"] == found["products"] == found["zero_value_orders"] == 0
        undefined = ("average_order_value", "median_order_value", "largest_order_value", "return_share")
        assert all(is_nan(found[name]) for name in undefined)
