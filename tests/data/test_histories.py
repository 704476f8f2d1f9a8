"""Histories: batch and inline encoding are the same bytes, and selecting keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.book import Book, load_book
from data.events import EVENT_SCHEMA, Event
from data.histories import EVENT_ARRAYS, Histories, encode, encode_customers

BOOK_TEXT = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
appended = ["visit"]

[roles]
order = "purchase"
refund = "return"
visit = "visit"

[[sources]]
name = "orders"
path = "orders.csv"
columns = { customer_id = "customer", time = "at", amount = "amount" }
types = [
    { type = "refund", where = { column = "amount", op = "<", value = 0 } },
    { type = "order" },
]

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
columns = { industry = "category", size = "number", since = "date" }
known_from = 2020-01-01
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Book:
    file: Path = tmp_path_factory.mktemp("book") / "shop.toml"
    file.write_text(BOOK_TEXT)
    return load_book(str(file))


def same(left: Histories, right: Histories) -> None:
    assert list(left.customer_ids) == list(right.customer_ids)
    assert left.offsets.tobytes() == right.offsets.tobytes()
    for name, dtype in EVENT_ARRAYS.items():
        assert getattr(left, name).dtype == dtype == getattr(right, name).dtype, name
        assert getattr(left, name).tobytes() == getattr(right, name).tobytes(), name
    for name, values in left.profile.items():
        assert values.tobytes() == right.profile[name].tobytes(), name
        assert left.profile_known[name].tobytes() == right.profile_known[name].tobytes(), name


def frame(events: Sequence[Event]) -> pl.DataFrame:
    """The events as a table, as an application might write them to Parquet."""
    names = [name for name in EVENT_SCHEMA.names if name != "attributes"]
    rows = [[_plain(getattr(event, name)) for name in names] for event in events]
    times = {name: pl.Datetime("us", "UTC") for name in ("time", "known_time")}
    texts = {name: pl.String for name in names if name not in (*times, "amount", "quantity")}
    schema = {name: times.get(name) or texts.get(name) or pl.Float64 for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else value


texts = st.none() | st.sampled_from(["", "a", "b", "桌子", "Ünder", "a,b"])
START = datetime(2021, 3, 27, 20, tzinfo=UTC)
times = st.integers(0, 20).map(lambda hours: START + timedelta(hours=hours))


@st.composite
def events(draw: st.DrawFn) -> Event:
    kind = draw(st.sampled_from(["order", "refund", "visit"]))
    amount = draw(st.none() | st.sampled_from([Decimal("0.575"), 1.5, 0.0, 12.34, 7]))
    return Event(
        customer_id=draw(st.sampled_from(["c1", "c10", "c2", "客户"])),
        time=draw(times),
        known_time=draw(st.none() | times),
        type=kind,
        amount=-amount if amount is not None and kind == "refund" else amount,
        quantity=draw(st.none() | st.sampled_from([0.0, 1.0, 2.5])),
        product=draw(texts),
        category=draw(texts),
        channel=draw(texts),
        order_id=draw(texts),
        key=draw(st.none() | st.sampled_from(["k1", "k2", "k3"])),
    )


def grouped(
    events: Sequence[Event], profiles: Mapping[str, Mapping[str, object]]
) -> list[tuple[str, list[Event], Mapping[str, object]]]:
    ids = {event.customer_id for event in events} | set(profiles)
    return [(name, [event for event in events if event.customer_id == name], profiles.get(name, {})) for name in ids]


@settings(max_examples=60, deadline=None)
@given(st.lists(events(), max_size=12), st.randoms())
def test_a_customer_inline_has_the_same_bytes_as_in_a_batch_in_any_order(book, drawn, random) -> None:
    profiles = {"c2": {"industry": "steel", "size": 12}, "quiet": {"since": "2020-05-01"}}
    table = pl.DataFrame(
        [["c2", "steel", 12.0, None], ["quiet", None, None, "2020-05-01"]],
        schema=["customer_id", "industry", "size", "since"],
        orient="row",
    )
    inline = encode_customers(grouped(drawn, profiles), book)
    shuffled = random.sample(drawn, len(drawn))
    same(encode(frame(shuffled), table, book), inline)
    same(encode_customers(grouped(shuffled, profiles), book), inline)
