from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from tests.features.strategies import event, features_of, is_nan, order


def orders(recent: int, before: int) -> dict[str, float]:
    """The features of so many orders in the last 30 days, and in the 30 before."""
    lately = [order(95, order_id=f"r{number}") for number in range(recent)]
    earlier = [order(50, order_id=f"b{number}") for number in range(before)]
    return features_of([event("support", 0), *lately, *earlier], days=100)


def test_the_evidence_is_the_mid_p_value_of_the_binomial_test() -> None:
    assert orders(5, 0)["orders_rise_30d"] == pytest.approx(1 - 0.5**6)
    assert orders(0, 5)["orders_rise_30d"] == pytest.approx(0.5**6)
    assert orders(3, 3)["orders_rise_30d"] == 0.5
    assert is_nan(orders(0, 0)["orders_rise_30d"])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60))
def test_the_evidence_agrees_with_the_binomial_distribution(recent: int, before: int) -> None:
    found = orders(recent, before)["orders_rise_30d"]
    if recent + before:
        count = recent + before
        expected = binom.cdf(recent - 1, count, 0.5) + binom.pmf(recent, count, 0.5) / 2
        assert found == pytest.approx(expected, rel=1e-9)


def test_interactions_and_the_year_before_are_tested_too() -> None:
    visits = [event("visit", day) for day in (0, 480, 481, 482)]
    found = features_of([*visits, order(90), order(485)], days=490)
    assert found["interactions_rise_30d"] == pytest.approx(1 - 0.5**4)
    assert found["orders_year_rise_91d"] == 0.5  # ages 400 and 5


def test_a_record_too_short_for_both_windows_says_nothing() -> None:
    found = features_of([order(0), order(40)], days=58)
    assert is_nan(found["orders_rise_30d"])
    assert features_of([order(0), order(40)], days=59)["orders_rise_30d"] == 0.5
