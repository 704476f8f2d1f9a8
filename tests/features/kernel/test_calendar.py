from __future__ import annotations

from tests.features.strategies import event, features_of, is_nan, order

CUTOFF = 500.0


def aged(days: int, amount: float = 10.0) -> object:
    return order(CUTOFF - days, amount)


def test_the_coming_season_is_read_from_last_year() -> None:
    # a year ago the coming 91 days had ages 364 down to 274
    ages = (365, 364, 274, 273, 183, 182)
    events = [aged(age, 2.0**place) for place, age in enumerate(ages)]
    found = features_of(events, CUTOFF)
    assert found["orders_next_91d_last_year"] == 2
    assert found["spend_next_91d_last_year"] == 6.0
    assert found["spend_next_182d_last_year"] == 30.0


def test_this_season_is_held_against_the_same_days_last_year() -> None:
    events = [aged(455, 1.0), aged(365, 2.0), aged(364, 4.0), aged(91, 8.0), aged(90, 9.0)]
    found = features_of(events, CUTOFF)
    assert found["spend_91d_last_year"] == 3.0
    assert found["spend_year_trend_91d"] == 0.75


def test_a_season_is_undefined_where_the_record_does_not_reach() -> None:
    found = features_of([aged(363)], CUTOFF)
    assert is_nan(found["spend_next_91d_last_year"])
    assert is_nan(found["spend_91d_last_year"])
    known = features_of([event("visit", CUTOFF - 455), aged(10)], CUTOFF)
    assert known["spend_next_91d_last_year"] == known["spend_91d_last_year"] == 0.0
    assert known["spend_year_trend_91d"] == 1.0


def test_the_weekend_is_saturday_and_sunday() -> None:
    # 2021-01-01 was a Friday
    assert [features_of([order(day + 0.5)], days=30)["weekend_share"] for day in range(5)] == [0, 1, 1, 0, 0]
    assert features_of([order(0.5), order(1.5)], days=30)["weekend_share"] == 0.5
    assert is_nan(features_of([], days=30)["weekend_share"])
