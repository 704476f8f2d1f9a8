from __future__ import annotations

import pytest

from data.events import ROLES
from tests.features.strategies import event, features_of, is_nan, order


def test_the_last_events_stand_newest_first() -> None:
    found = features_of([event("visit", 0), event("inquiry", 4), order(6), event("refund", 8, -1.0)], days=10)
    places = ("last", "second_last", "third_last", "fourth_last")
    assert [ROLES[int(found[f"{place}_role"])] for place in places] == ["return", "purchase", "inquiry", "visit"]
    assert [found[f"{place}_event_age_days"] for place in places] == [2, 4, 6, 10]
    assert is_nan(found["fifth_last_role"])
    assert is_nan(found["fifth_last_event_age_days"])


def test_variety_and_pace_of_events() -> None:
    found = features_of([event("visit", 0), event("visit", 3), event("quote", 6), event("visit", 9)], days=15)
    assert found["kinds_of_events"] == 2
    assert found["event_entropy"] == pytest.approx(0.8112781244591328)  # of 3/4 and 1/4
    assert found["change_share"] == pytest.approx(2 / 3)
    assert found["mean_event_gap_days"] == 3
    assert found["quiet_ratio"] == 2


def test_the_lines_of_one_return_are_one_event() -> None:
    lines = [event("refund", 5, -1.0, order_id="a"), event("refund", 5, -2.0, order_id="a")]
    found = features_of([order(0, order_id="a"), *lines], days=6)
    assert ROLES[int(found["second_last_role"])] == "purchase"


def test_one_event_has_no_pace() -> None:
    found = features_of([event("visit", 0)], days=1)
    assert (found["kinds_of_events"], found["event_entropy"]) == (1, 0)
    assert all(is_nan(found[name]) for name in ("change_share", "mean_event_gap_days", "quiet_ratio"))
