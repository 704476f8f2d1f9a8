"""A history that is continued by assumed events is the history of all these events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import instant_of
from data.events import PURCHASE, ROLES, Event
from data.histories.histories import EVENT_ARRAYS, Histories
from data.histories.inline import distinct_events, encode_customers
from data.histories.variants import Following, continued, plain_event
from data.settings.book import Book, load_book

BOOK = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
appended = ["visit"]

[roles]
order = "purchase"
visit = "visit"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at", amount = "amount" }

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
columns = { industry = "category" }
known_from = 2020-01-01
"""
START = datetime(2021, 3, 20, 20, tzinfo=UTC)
LAST = START + timedelta(hours=200)  # the clock changes in between
PROFILE = {"industry": "steel"}


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    file = tmp_path_factory.mktemp("book") / "shop.toml"
    file.write_text(BOOK, encoding="utf-8")
    return load_book(str(file))


@st.composite
def some_event(draw: st.DrawFn) -> Event:
    texts = st.none() | st.sampled_from(["a", "b", "桌子"])
    return Event(
        customer_id="c",
        time=START + timedelta(hours=draw(st.integers(0, 200))),
        type=draw(st.sampled_from(["order", "visit"])),
        amount=draw(st.none() | st.sampled_from([1.5, 0.0, 12.34])),
        quantity=draw(st.none() | st.sampled_from([0.0, 2.5])),
        product=draw(texts),
        category=draw(texts),
        channel=draw(texts),
        order_id=draw(texts),
        attributes=draw(st.none() | st.just({"contact": "ann"})),
    )


def patterns(history: Histories, told: Sequence[Event]) -> list[tuple[Histories, list[Event]]]:
    """Every visit and every order of the history, as rows and as events."""
    rows = [[row] for row in np.flatnonzero(history.order < 0)]
    rows += [list(np.flatnonzero(history.order == number)) for number in np.unique(history.order[history.order >= 0])]
    chosen = [np.isin(np.arange(history.events), some) for some in rows]
    return [(history.keeping(mask), [told[row] for row in some]) for mask, some in zip(chosen, rows, strict=True)]


def retold(lines: Sequence[Event], time: datetime, number: int) -> list[Event]:
    """The lines at another time, as an order of their own."""
    order = f"assumed {number}" if lines[0].type == "order" else None
    return [
        replace(line, time=time, order_id=order, key=f"assumed {number}-{place:03d}")
        for place, line in enumerate(lines)
    ]


def same(left: Histories, right: Histories) -> None:
    for name in EVENT_ARRAYS:
        assert getattr(left, name).dtype == getattr(right, name).dtype, name
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name
    for name, dated in left.profile.items():
        assert dated.values.tobytes() == right.profile[name].values.tobytes()


@settings(max_examples=80, deadline=None)
@given(st.lists(some_event(), min_size=1, max_size=10), st.data())
def test_a_continued_history_has_the_bytes_of_all_its_events_encoded(book: Book, drawn: list[Event], data) -> None:  # type: ignore[no-untyped-def]
    told = distinct_events(drawn, book)
    history = encode_customers([("c", told, PROFILE)], book)
    known = patterns(history, told)
    hours = st.lists(st.tuples(st.integers(0, len(known) - 1), st.integers(1, 100)), max_size=4)
    variants = data.draw(st.lists(hours, min_size=1, max_size=3))
    assumed = [[(known[place], LAST + timedelta(hours=hour)) for place, hour in variant] for variant in variants]
    before = [getattr(history, name).tobytes() for name in EVENT_ARRAYS]
    both = continued(
        history,
        [[Following(rows, instant_of(time)) for (rows, _), time in variant] for variant in assumed],
        book.time_zone,
    )
    assert list(both.customer_ids) == [f"{number:04d}" for number in range(len(variants))]
    for index, variant in enumerate(assumed):
        new = [line for n, ((_, lines), time) in enumerate(variant) for line in retold(lines, time, n)]
        same(both.one(index), encode_customers([("c", [*told, *new], PROFILE)], book))
    assert before == [getattr(history, name).tobytes() for name in EVENT_ARRAYS]


def test_an_event_of_which_nothing_is_known_is_that_of_a_type_alone(book: Book) -> None:
    history = encode_customers([("c", [Event("c", START, "order", amount=2.0)], PROFILE)], book)
    plain = Following(plain_event(history, "visit", ROLES.index("visit")), instant_of(LAST))
    same(
        continued(history, [[plain]], book.time_zone),
        encode_customers([("c", [Event("c", START, "order", amount=2.0), Event("c", LAST, "visit")], PROFILE)], book),
    )


def test_what_is_assumed_comes_later_than_all_else(book: Book) -> None:
    history = encode_customers([("c", [Event("c", LAST, "order", amount=2.0)], PROFILE)], book)
    with pytest.raises(ValueError, match="later than the history"):
        continued(history, [[Following(history, instant_of(LAST))]], book.time_zone)
    assert int(history.role[0]) == PURCHASE


def test_a_statement_learnt_later_is_not_known_before(book: Book) -> None:
    history = encode_customers([("c", [], PROFILE), ("d", [], {}), ("e", [], {"industry": "wood"})], book)
    dated = history.profile["industry"]
    late = replace(dated, known=np.array([instant_of(START), instant_of(LAST)]))
    first = late.known_by(instant_of(START))
    assert first.offsets.tolist() == [0, 1, 1, 1]
    assert first.values.tolist() == late.values[:1].tolist()
    assert late.known_by(instant_of(LAST)).values.tolist() == late.values.tolist()
