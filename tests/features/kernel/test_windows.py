from __future__ import annotations

import pytest

from tests.features.strategies import features_of, order

NOON = 0.5


def test_windows_hold_the_calendar_days_that_end_with_the_cutoffs_day() -> None:
    events = [order(day + NOON, 2.0**place) for place, day in enumerate((0, 60, 94, 100))]
    found = features_of(events, days=100 + NOON)
    assert [found[f"orders_{days}d"] for days in (7, 14, 30, 60, 91, 182, 365)] == [2, 2, 2, 3, 3, 4, 4]
    assert [found[f"spend_{days}d"] for days in (7, 60, 182)] == [12.0, 14.0, 15.0]
    assert [found[f"active_days_{days}d"] for days in (30, 91, 365)] == [2, 3, 4]
    assert found["active_weeks_91d"] == 2


def test_a_window_opens_with_the_local_day_not_with_the_hour() -> None:
    # the cutoff's day is Berlin's; 23:30 UTC the day before belongs to it
    assert features_of([order(10 - 6.0)], days=10.1)["orders_7d"] == 1
    assert features_of([order(10 - 7 + 23.5 / 24)], days=10.1)["orders_7d"] == 1
    assert features_of([order(10 - 7 + 22.5 / 24)], days=10.1)["orders_7d"] == 0


def test_fading_sums_halve_with_every_half_life() -> None:
    found = features_of([order(0 + NOON, 80.0), order(30 + NOON, 40.0)], days=30 + NOON)
    assert found["decayed_orders_30d"] == 1.5
    assert found["decayed_spend_30d"] == 80.0
    assert found["decayed_orders_120d"] == pytest.approx(1 + 2**-0.25, abs=1e-5)


def test_two_orders_on_one_day_are_one_active_day() -> None:
    events = [order(3.1, order_id="a"), order(3.2, order_id="b")]
    found = features_of(events, days=5)
    assert (found["orders_7d"], found["active_days_30d"], found["active_weeks_91d"]) == (2, 1, 1)
