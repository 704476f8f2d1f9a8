from __future__ import annotations

import pytest

from tests.features.strategies import event, features_of, is_nan, order


def test_the_stage_is_the_furthest_since_the_last_order_and_dates_from_its_first_event() -> None:
    events = [event("sample", 0), order(5), event("inquiry", 10), event("quote", 20), event("quote", 25)]
    found = features_of([*events, event("inquiry", 28)], days=30)
    assert (found["stage_since_last_order"], found["stage_age_days"], found["open_quotes_90d"]) == (2, 10, 2)
    after = features_of([*events, order(29)], days=30)
    assert (after["stage_since_last_order"], after["open_quotes_90d"]) == (0, 0)
    assert is_nan(after["stage_age_days"])


def test_what_became_of_quotes_is_asked_once_they_had_90_days() -> None:
    events = [event("quote", 0), order(10), event("quote", 20), event("quote", 150), order(180), event("quote", 190)]
    found = features_of(events, days=200)
    # the quote of day 20 is followed by an order only after 160 days; those of days 150 and 190 are too young
    assert found["quotes_won_share"] == 0.5
    assert found["quote_to_order_days"] == 20.0
    assert found["orders_after_intent_share"] == 1.0
    assert features_of(events, days=241)["quotes_won_share"] == pytest.approx(2 / 3)


def test_inquiries_and_samples_have_windows_of_their_own() -> None:
    events = [event("inquiry", 0), event("quote", 30), event("inquiry", 40), event("sample", 50), order(141)]
    found = features_of(events, days=145)
    assert found["inquiries_quoted_share"] == 0.5
    assert found["samples_won_share"] == 0.0
    assert found["orders_after_intent_share"] == 0.0


def test_nobody_seen_is_at_no_stage_and_has_no_shares() -> None:
    found = features_of([], days=10)
    assert found["stage_since_last_order"] == found["open_quotes_90d"] == 0
    shares = ("inquiries_quoted_share", "quotes_won_share", "samples_won_share", "orders_after_intent_share")
    assert all(is_nan(found[name]) for name in (*shares, "quote_to_order_days"))


def test_a_quote_and_its_order_of_one_day_without_clock_times_are_won() -> None:
    found = features_of([event("inquiry", 0), event("quote", 0), order(0)], days=100)
    assert found["stage_since_last_order"] == found["open_quotes_90d"] == found["intents_since_last_order"] == 0
    assert (found["quotes_won_share"], found["orders_after_intent_share"]) == (1.0, 1.0)
