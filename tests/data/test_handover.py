"""Customers in JSON are encoded to the bytes of a batch, and refused exactly where an event cannot be used."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from data.errors import SourceError
from data.events import NO_CUSTOMER, Event, problem
from data.frames import frame_of
from data.handover import Customer
from data.histories.encoding import encode
from data.histories.histories import EVENT_ARRAYS, Histories
from data.histories.inline import encode_customers
from data.settings.book import Book, load_book
from tests.data.conftest import SHOP

START = datetime(2021, 3, 27, 20, tzinfo=UTC)
ZONES = (UTC, timezone(timedelta(hours=9, minutes=30)), timezone(-timedelta(hours=5)))
texts = st.none() | st.sampled_from(["a", "b", "桌子", "Ünder", "a,b"])
numbers = st.none() | st.sampled_from([0.0, 0.575, 1.5, 12.34, 7.0])
margins = st.none() | st.sampled_from([0.0, 0.125, 3.5, -2.25])
times = st.builds(
    lambda micros, zone: (START + timedelta(microseconds=micros)).astimezone(zone),
    st.integers(0, 10**11) | st.integers(0, 20).map(lambda hours: hours * 3_600_000_000),
    st.sampled_from(ZONES),
)


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    file: Path = tmp_path_factory.mktemp("book") / "shop.toml"
    file.write_text(SHOP.format(keys=""))
    return load_book(str(file))


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["order", "order", "refund", "visit"]))
    amount = draw(numbers)
    return Event(
        customer_id="c",
        time=draw(times),
        type=kind,
        known_time=draw(st.none() | times),
        amount=-amount if amount is not None and kind == "refund" else amount,
        margin=draw(margins),
        quantity=draw(numbers),
        product=draw(texts),
        category=draw(texts),
        channel=draw(texts),
        order_id=draw(texts),
        attributes=draw(st.none() | st.dictionaries(st.sampled_from(["x", "y"]), st.sampled_from(["1", "2"]))),
    )


def body(events: Sequence[Event]) -> bytes:
    """The customer as a request has it."""
    names = ("type", "amount", "margin", "quantity", "product", "category", "channel", "order_id", "attributes")
    told = [
        {
            **{name: getattr(event, name) for name in names},
            **{name: moment and moment.isoformat() for name, moment in times_of(event).items()},
        }
        for event in events
    ]
    return json.dumps({"customer_id": "c", "events": told}).encode()


def times_of(event: Event) -> dict[str, datetime | None]:
    return {"time": event.time, "known_time": event.known_time}


def same(left: Histories, right: Histories) -> None:
    assert left.offsets.tobytes() == right.offsets.tobytes()
    for name in EVENT_ARRAYS:
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name


@settings(max_examples=150)
@given(st.lists(events(), max_size=25), st.randoms(use_true_random=False))
def test_a_customer_in_json_has_the_bytes_of_a_batch_in_any_order(book, drawn, random) -> None:
    drawn = [*drawn, *drawn[:2]]
    asked = Customer.model_validate_json(body(random.sample(drawn, len(drawn))))
    handed_over = encode_customers([asked.history], book)
    same(handed_over, encode_customers([("c", drawn, {})], book))
    batch = encode(frame_of(drawn), None, book)
    if drawn:
        same(handed_over, batch)


wrong_numbers = st.sampled_from([-1.0, float("nan"), float("inf"), 2.0**53 / 100, 2.0**54, Decimal(-1), Decimal("nan")])
wrong_times = st.sampled_from(
    [datetime(2021, 1, 1), datetime(1899, 12, 31, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)]  # noqa: DTZ001
)


@st.composite
def perhaps_wrong(draw: st.DrawFn) -> Event:
    return Event(
        customer_id=draw(st.sampled_from(["c", "c", "c", " "])),
        time=draw(times | times | wrong_times),
        type=draw(st.sampled_from(["order", "refund", "visit", "visit", "ordr"])),
        known_time=draw(st.none() | times | wrong_times),
        amount=draw(numbers | wrong_numbers),
        margin=draw(margins | wrong_numbers),
        quantity=draw(numbers | wrong_numbers.filter(lambda number: isinstance(number, float))),
        order_id=draw(texts),
    )


@settings(max_examples=300)
@given(st.lists(perhaps_wrong() | events(), max_size=4))
def test_customers_are_refused_exactly_where_an_event_cannot_be_used(book, drawn) -> None:
    found = [(number, problem(event, book.roles, book.minor_digits)) for number, event in enumerate(drawn, start=1)]
    wrong = next(((number, why) for number, why in found if why is not None), None)
    if wrong is None:
        assert encode_customers([("c", drawn, {})], book).events == len(drawn)
        return
    with pytest.raises(SourceError) as error:
        encode_customers([("c", drawn, {})], book)
    number, why = wrong
    why = "customer_id is that of another customer" if why == NO_CUSTOMER else why
    assert str(error.value) == f"event {number} of a customer: {why}"


def test_a_blank_customer_with_events_is_nobody(book: Book) -> None:
    with pytest.raises(SourceError, match="event 1 of a customer: customer_id is missing"):
        encode_customers([(" ", [Event(" ", START, "visit")], {})], book)
    assert len(encode_customers([(" ", [], {})], book)) == 1


def test_a_field_that_no_event_has_is_refused() -> None:
    for extra in ("source", "key", "customer_id", "price"):
        event = {"time": START.isoformat(), "type": "visit", extra: "x"}
        with pytest.raises(ValidationError, match="Unexpected keyword argument"):
            Customer.model_validate_json(json.dumps({"customer_id": "c", "events": [event]}))
