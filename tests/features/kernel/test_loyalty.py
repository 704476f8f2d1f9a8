from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan, order


def test_periods_are_counted_back_from_the_cutoff() -> None:
    # ages 400, 200, 100, 10: periods of 91 days 4, 2, 1, 0
    found = features_of([order(0), order(200), order(300), order(390)], days=400)
    assert found["buying_years"] == 2
    assert found["buying_streak_91d"] == 3
    assert found["buying_period_share"] == pytest.approx(4 / 5)


def test_without_an_order_in_the_present_period_there_is_no_streak() -> None:
    assert features_of([order(0)], days=91)["buying_streak_91d"] == 0
    assert features_of([order(0)], days=90)["buying_streak_91d"] == 1


def test_nobody_bought_and_nothing_is_shared() -> None:
    found = features_of([event("visit", 0)], days=10)
    assert found["buying_years"] == found["buying_streak_91d"] == 0
    assert is_nan(found["buying_period_share"])
