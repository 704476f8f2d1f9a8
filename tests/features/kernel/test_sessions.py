from __future__ import annotations

from tests.features.strategies import event, features_of, is_nan, order


def test_a_session_ends_with_more_than_a_day_of_quiet() -> None:
    events = [event("visit", 0), event("content", 1), order(2), event("visit", 3.01), event("visit", 60), order(60.5)]
    found = features_of(events, days=70)
    assert (found["sessions"], found["sessions_30d"], found["sessions_91d"]) == (3, 1, 3)
    assert found["session_depth"] == 2
    assert (found["deepest_session_events"], found["last_session_events"]) == (3, 2)
    assert found["last_session_gap_days"] == 60 - 3.01


def test_the_lines_of_one_order_are_one_event_of_a_session() -> None:
    found = features_of([order(0, order_id="a"), order(0.1, order_id="a")], days=1)
    assert (found["sessions"], found["session_depth"]) == (1, 1)


def test_nobody_seen_has_no_session() -> None:
    found = features_of([], days=10)
    assert found["sessions"] == found["deepest_session_events"] == found["last_session_events"] == 0
    assert is_nan(found["session_depth"])
    assert is_nan(found["last_session_gap_days"])
