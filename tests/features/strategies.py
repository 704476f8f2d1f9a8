"""Random customers as callers hand them over, and what turns them into named features."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from hypothesis import strategies as st

from data.clock import instant_of
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book, load_book
from features.build import build_features
from features.spec import FeatureSpec

BOOK_TEXT = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
appended = [
    "refund", "payment", "inquiry", "quote", "sample", "visit", "content", "touch", "response", "meeting",
    "support", "survey",
]

[roles]
order = "purchase"
refund = "return"
payment = "payment"
inquiry = "inquiry"
quote = "quote"
sample = "sample"
visit = "visit"
content = "content"
touch = "touch"
response = "response"
meeting = "meeting"
support = "support"
survey = "survey"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at", amount = "amount" }

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
known_from = 2020-01-01
columns = { industry = "category", size = "number", since = "date", remark = "text" }
"""
TYPES = tuple(BOOK_TEXT.split("[roles]")[1].split("[[", maxsplit=1)[0].split()[::3])
START = datetime(2021, 1, 1, tzinfo=UTC)
Customer = tuple[str, Sequence[Event], Mapping[str, object]]


@cache
def shop() -> Book:
    """A book with a type for every role and a profile column of every kind."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shop.toml"
        file.write_text(BOOK_TEXT)
        return load_book(str(file))


def at(days: float) -> datetime:
    """So many days after the start."""
    return START + timedelta(days=days)


def event(kind: str, days: float, amount: float | None = None, **fields: Any) -> Event:
    """An event of the only customer, so many days after the start."""
    return Event("c", at(days), kind, amount=amount, **fields)


def order(days: float, amount: float | None = 10.0, **fields: Any) -> Event:
    """A purchase line of the only customer."""
    return event("order", days, amount, **fields)


def features_of(events: Sequence[Event], days: float, known: float | None = None) -> dict[str, float]:
    """The features of one customer, so many days after the start, as known so many days after the start."""
    histories = encode_customers([("c", events, {})], shop())
    known_at = None if known is None else [instant_of(at(known))]
    table = build_features(histories, [instant_of(at(days))], spec(), known_at)
    return dict(zip(spec().names, table[0, 0].tolist(), strict=True))


def spec() -> FeatureSpec:
    """The catalogue alone."""
    return FeatureSpec(shop().time_zone, shop().minor_digits)


def histories_of(customers: Sequence[Customer]) -> Histories:
    """The customers, encoded."""
    return encode_customers(customers, shop())


def is_nan(value: float) -> bool:
    """Whether a feature is undefined."""
    return bool(np.isnan(value))


# Orders, days and instants coincide often; some events are more than a year old.
moments = st.one_of(
    st.integers(0, 12).map(lambda hours: at(400) - timedelta(hours=6 * hours)),
    st.integers(0, 500).map(at),
    st.datetimes(datetime(2021, 1, 1), datetime(2022, 6, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
amounts = st.none() | st.sampled_from([0.0, 0.01, 1.5, 12.34, 99.99, 1000.0])
texts = st.none() | st.sampled_from(["a", "b", "c"])


@st.composite
def events_of(draw: st.DrawFn, customer: str) -> Event:
    """A random event: often a purchase, at times late, without a price or an order, or simultaneous."""
    kind = draw(st.sampled_from([*("order",) * 8, "touch", "response", *TYPES]))
    time = draw(moments)
    amount = draw(amounts)
    return Event(
        customer,
        time,
        kind,
        known_time=draw(st.none() | st.just(time + timedelta(days=draw(st.integers(0, 60))))),
        amount=-amount if amount is not None and kind == "refund" else amount,
        quantity=draw(st.none() | st.sampled_from([0.0, 1.0, 2.5])),
        product=draw(texts),
        category=draw(texts),
        channel=draw(texts),
        order_id=draw(texts),
        attributes=draw(st.none() | st.fixed_dictionaries({"contact": st.sampled_from(["ann", "bob", "cho"])})),
    )


@st.composite
def customers(draw: st.DrawFn, most: int = 4) -> list[Customer]:
    """Customers with no, one or many events, and exact repetitions among them."""
    names = [f"c{number}" for number in range(draw(st.integers(1, most)))]
    drawn = []
    for name in names:
        events = draw(st.lists(events_of(name), max_size=25))
        repeated = draw(st.lists(st.sampled_from(events), max_size=3)) if events else []
        profile = draw(st.sampled_from([{}, {"industry": "steel", "size": 3}, {"since": "2020-05-01"}]))
        drawn.append((name, [*events, *repeated], profile))
    return drawn


cutoffs = st.integers(-5, 520).map(lambda day: instant_of(at(day))) | moments.map(instant_of)
