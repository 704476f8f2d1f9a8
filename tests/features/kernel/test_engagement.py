from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan, order


def test_events_are_counted_and_aged_by_role() -> None:
    kinds = ("visit", "visit", "content", "inquiry", "quote", "sample", "meeting", "support")
    found = features_of([event(kind, day) for day, kind in enumerate(kinds)], days=10)
    counts = ("visits", "contents", "inquiries", "quotes", "samples", "meetings", "support_tickets")
    assert [found[name] for name in counts] == [2, 1, 1, 1, 1, 1, 1]
    roles = ("visit", "inquiry", "quote", "sample", "meeting", "support")
    assert [found[f"last_{role}_age_days"] for role in roles] == [9, 7, 6, 5, 4, 3]


def test_interactions_are_what_the_customer_does_and_not_what_we_do() -> None:
    kinds = ("visit", "content", "response", "meeting", "inquiry", "quote", "sample")
    ours = ("touch", "support", "payment", "survey")
    found = features_of([event(kind, 70) for kind in (*kinds, *ours)], days=100)
    assert (found["interactions_30d"], found["interactions_91d"]) == (0, 7)
    assert found["decayed_interactions_30d"] == pytest.approx(3.5)


def test_intent_counts_since_the_last_order() -> None:
    events = [event("inquiry", 1), order(2), event("quote", 3), event("sample", 4), event("visit", 5)]
    assert features_of(events, days=10)["intents_since_last_order"] == 2
    assert features_of(events[:1], days=10)["intents_since_last_order"] == 1
    assert features_of([*events, order(6)], days=10)["intents_since_last_order"] == 0


def test_roles_that_a_book_lacks_are_zero_or_undefined() -> None:
    found = features_of([order(0)], days=10)
    assert found["visits"] == found["interactions_91d"] == found["decayed_interactions_30d"] == 0
    assert is_nan(found["last_visit_age_days"])
