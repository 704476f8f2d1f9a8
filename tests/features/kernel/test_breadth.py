from __future__ import annotations

import pytest

from data.events import Event
from tests.features.strategies import event, features_of, is_nan, order


def test_breadth_tells_new_things_from_known_ones() -> None:
    lines = [
        order(0, product="x", category="a"),
        order(100, product="x", category="a"),
        order(100, product="y", category="a"),
        order(110, product="z", category="b", channel="web"),
        order(120),
    ]
    found = features_of(lines, days=120)
    assert (found["products"], found["categories"], found["channels"]) == (3, 2, 1)
    assert (found["new_products_91d"], found["new_categories_91d"]) == (2, 1)
    assert found["repeat_product_share"] == 0.25


def test_lines_without_a_product_are_no_repetition() -> None:
    assert is_nan(features_of([order(0)], days=1)["repeat_product_share"])


def test_depth_topics_and_channels_of_interactions() -> None:
    events = [
        event("content", 0, category="steel", channel="web"),
        event("content", 95, category="price", channel="ann"),
        event("quote", 100, channel="ann"),
        event("touch", 100, channel="mail"),
    ]
    found = features_of(events, days=100)
    assert (found["content_topics"], found["interaction_channels"], found["interaction_channels_91d"]) == (2, 2, 1)
    fading = 8 + 2 * 2 ** (-5 / 30) + 2 * 2 ** (-100 / 30)
    assert found["engagement_depth_30d"] == pytest.approx(fading, abs=1e-3)


def test_contacts_are_the_people_who_dealt_with_us() -> None:
    def by(who: str | None, kind: str, day: float) -> Event:
        return event(kind, day, attributes={"contact": who} if who else None)

    events = [by("ann", "inquiry", 0), by("bob", "meeting", 10.5), by("ann", "visit", 70), by("cho", "quote", 100)]
    events += [by("ann", "quote", 100), by(None, "visit", 100), by("dee", "touch", 100), by("eve", "support", 100)]
    found = features_of(events, days=100)
    counts = (found["contacts_seen"], found["active_contacts_91d"], found["active_contacts_30d"])
    assert counts == (3, 3, 2)
    early = features_of(events, days=69)
    assert (early["contacts_seen"], early["active_contacts_91d"], early["active_contacts_30d"]) == (2, 2, 0)


def test_net_spend_and_the_age_of_the_last_return() -> None:
    found = features_of([order(0, 100.0), event("refund", 4, -30.0)], days=10)
    assert (found["net_spend"], found["last_return_age_days"]) == (70, 6)


def test_habits_and_acceleration() -> None:
    # ages 272, 100, 20, 10 of a record of 273 days: 1, 1, 2 orders in three windows
    found = features_of([order(0, 10.0), order(172, 10.0), order(252, 10.0), order(262, 30.0)], days=272)
    assert found["orders_acceleration_91d"] == 2 - 2 * 1 + 1
    assert found["spend_habit_ratio_91d"] == pytest.approx(40 / 60 * 273 / 91)
    visits = [event("visit", day) for day in (0, 270, 271)]
    assert features_of(visits, days=272)["interactions_habit_ratio_30d"] == pytest.approx(2 / 3 * 273 / 30)
