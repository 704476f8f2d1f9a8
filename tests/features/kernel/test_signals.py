from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import numpy as np
import pytest
from hypothesis import given, settings

from data.clock import instant_of
from data.events import Event
from data.settings.signals import Signal, signal_set
from features.build import build_features
from features.spec import FeatureSpec
from tests.features.strategies import Customer, customers, cutoffs, event, histories_of, is_nan, order, shop

WORDS = {"en": "So and so", "zh": "某信号"}


def signal(pattern: tuple[object, ...], days: int, **more: object) -> Signal:
    """A signal called "it"."""
    return Signal.model_validate({"name": "it", "words": WORDS, "pattern": pattern, "days": days, **more})


def fired(found: Signal, events: Sequence[Event], days: float) -> tuple[float, float, float]:
    """Times so far, times within the window, days since the last time."""
    return fired_of([("c", events, {})], found, instant_of(event("touch", days).time))[0]


def fired_of(customers: Sequence[Customer], found: Signal, cutoff: int) -> list[tuple[float, float, float]]:
    """The three columns of every customer."""
    spec = FeatureSpec(shop().time_zone, 2, columns=(), signals=(found,))
    table = build_features(histories_of(customers), [cutoff], spec)[0]
    assert table.shape[1] == 3
    return [tuple(row) for row in table.tolist()]


def test_a_pattern_fires_at_its_last_event_within_its_window() -> None:
    found = signal(("inquiry", "quote", "sample"), 30)
    events = [event("inquiry", 0), event("visit", 5), event("quote", 10), event("sample", 30)]
    assert fired(found, events, 40) == (1, 1, 10)
    assert fired(found, events, 100) == (1, 0, 70)
    times, recent, age = fired(found, [*events[:3], event("sample", 30.1)], 40)
    assert (times, recent) == (0, 0)
    assert is_nan(age)


def test_the_latest_start_counts_and_order_matters() -> None:
    found = signal(("inquiry", "quote"), 10)
    assert fired(found, [event("inquiry", 0), event("inquiry", 20), event("quote", 25)], 30)[0] == 1
    assert fired(found, [event("quote", 0), event("inquiry", 5)], 30)[0] == 0


def test_events_that_completed_a_signal_do_not_count_for_it_again() -> None:
    found = signal(("visit", "visit", "visit"), 7)
    assert fired(found, [event("visit", day) for day in range(5)], 10)[0] == 1
    assert fired(found, [event("visit", day) for day in range(6)], 10)[0] == 2


def test_a_step_may_be_any_of_several_roles_and_ask_for_texts() -> None:
    found = signal(({"role": "content", "category": "white paper"}, {"role": ("visit", "inquiry")}), 14)
    events = [event("content", 0, category="white paper"), event("inquiry", 3)]
    assert fired(found, events, 5)[0] == 1
    assert fired(found, [event("content", 0, category="news"), event("inquiry", 3)], 5)[0] == 0
    typed = signal(({"role": "touch", "channel": ("fair", "phone")},), 14)
    assert fired(typed, [event("touch", 0, channel="phone"), event("touch", 1, channel="mail")], 5)[0] == 1


def test_an_order_of_many_lines_is_one_event() -> None:
    found = signal(("purchase", "purchase"), 14)
    lines = [order(0, order_id="a"), order(0.001, order_id="a"), order(0.002, order_id="a")]
    assert fired(found, lines, 20)[0] == 0
    assert fired(found, [*lines, order(9, order_id="b")], 20) == (1, 1, 11)


@pytest.mark.parametrize("column", ["channel", "contact"])
def test_several_contacts_or_channels_active_within_a_week(column: str) -> None:
    def visit(day: float, who: str) -> Event:
        fields: dict[str, object] = {"channel": who} if column == "channel" else {"attributes": {column: who}}
        return event("visit", day, **fields)

    found = signal(({"role": ("visit", "inquiry")},), 7, distinct=column, least=3)
    days = [("ann", 0), ("bob", 3), ("ann", 5), ("cho", 6)]
    assert fired(found, [visit(day, who) for who, day in days], 10)[0] == 1
    assert fired(found, [visit(3.0 * day, who) for who, day in days], 20)[0] == 0
    assert fired(found, [visit(day, "ann") for day in range(5)], 10)[0] == 0
    assert fired(found, [event("visit", day) for day in range(5)], 10)[0] == 0


def test_a_step_may_ask_for_a_contact() -> None:
    found = signal(({"role": "meeting", "contact": ("ann", "bob")}, "quote"), 14)
    met = [event("meeting", 0, attributes={"contact": who}) for who in ("bob", "cho")]
    assert [fired(found, [one, event("quote", 3)], 5)[0] for one in met] == [1, 0]


def plain(found: Signal, events: Sequence[Event], cutoff: int) -> int:
    """How often a pattern of bare roles fired, by trying every chain that ends at each event."""
    roles = shop().roles
    seen = [
        (one.time, shop().role_codes[one.type], roles[one.type])
        for one in events
        if max(instant_of(one.time), instant_of(one.known_time or one.time)) <= cutoff
    ]
    seen.sort()
    used_until, times = -1, 0
    for end in range(len(seen)):
        if chain(found, seen, end, used_until):
            used_until, times = end, times + 1
    return times


def chain(found: Signal, seen: Sequence[tuple[object, ...]], end: int, after: int) -> bool:
    """Whether a match ends at `end` and begins later than `after`."""
    place, first = end, None
    for step in reversed(found.pattern):
        while place > after and seen[place][2] not in step.role:
            if first is None:
                return False
            place -= 1
        if place <= after:
            return False
        first, place = seen[place][0], place - 1
    return seen[end][0] - first <= timedelta(days=found.days)  # type: ignore[operator]


@settings(max_examples=60, deadline=None)
@given(customers(most=2), cutoffs)
def test_the_matcher_agrees_with_trying_every_chain(drawn: list[Customer], cutoff: int) -> None:
    found = signal(("touch", {"role": ("response", "inquiry")}, "touch"), 45)
    plainly = [
        (name, [*{repr(one): one for one in events if one.type != "order"}.values()], {}) for name, events, _ in drawn
    ]
    expected = [float(plain(found, events, cutoff)) for _, events, _ in plainly]
    assert [row[0] for row in fired_of(plainly, found, cutoff)] == expected


@pytest.mark.parametrize("name", ["trade", "retail"])
def test_a_shipped_set_gives_three_worded_columns_a_signal(name: str) -> None:
    shipped = signal_set(name)  # type: ignore[arg-type]
    spec = FeatureSpec("UTC", 2, columns=("orders",), signals=shipped)
    assert len(spec.names) == 1 + 3 * len(shipped)
    assert FeatureSpec.from_dict(spec.to_dict()) == spec
    assert {spec.feature(column).family for column in spec.names[1:]} == {"signals"}
    table = build_features(histories_of([("c", [order(0), order(1)], {})]), [instant_of(event("touch", 5).time)], spec)
    assert np.isfinite(table[0, 0, 1:]).any()
