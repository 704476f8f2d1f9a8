"""Histories: batch and inline encoding are the same bytes, and selecting keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import instant_of
from data.errors import SourceError
from data.events import EVENT_SCHEMA, ROLES, Event
from data.hashing import hash_text, stable_hash
from data.histories.encoding import encode
from data.histories.histories import EVENT_ARRAYS, Histories, no_histories
from data.histories.inline import columns_of, encode_customers, event_content, event_keys
from data.histories.profiles import ALWAYS_KNOWN, NEVER_KNOWN, NO_DATE
from data.identity import attributes_text
from data.settings.book import Book, load_book

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
    for name, dated in left.profile.items():
        for part in ("offsets", "values", "known", "expires"):
            assert getattr(dated, part).tobytes() == getattr(right.profile[name], part).tobytes(), (name, part)


def frame(events: Sequence[Event]) -> pl.DataFrame:
    """The events as a table, as an application might write them to Parquet."""
    names = EVENT_SCHEMA.names
    rows = [[_plain(getattr(event, name)) for name in names] for event in events]
    times = {name: pl.Datetime("us", "UTC") for name in ("time", "known_time")}
    texts = {name: pl.String for name in names if name not in (*times, "amount", "margin", "quantity")}
    schema = {name: times.get(name) or texts.get(name) or pl.Float64 for name in names}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _plain(value: object) -> object:
    if isinstance(value, dict):
        return attributes_text(value)
    return float(value) if isinstance(value, Decimal) else value


texts = st.none() | st.sampled_from(["", "a", "b", "桌子", "Ünder", "a,b"])
told = st.sampled_from(["", "ann", 'the "boss"', "王\\n芳", "contact", "{}"])
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
        margin=draw(st.none() | st.sampled_from([Decimal("0.575"), 0.0, -4.5])),
        quantity=draw(st.none() | st.sampled_from([0.0, 1.0, 2.5])),
        product=draw(texts),
        category=draw(texts),
        channel=draw(texts),
        order_id=draw(texts),
        attributes=draw(st.none() | st.dictionaries(st.sampled_from(["contact", "contact_role"]), told, max_size=2)),
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


@settings(max_examples=40)
@given(st.lists(events(), max_size=12))
def test_one_customer_alone_has_the_bytes_of_a_batch(book, drawn) -> None:
    batch = encode_customers(grouped(drawn, {}), book)
    for index, customer in enumerate(batch.customer_ids):
        alone = encode_customers([each for each in grouped(drawn, {}) if each[0] == customer], book)
        same(alone, batch.one(index))
        same(alone, batch.select([index]))


@settings(max_examples=40)
@given(st.lists(events(), max_size=12), st.randoms(use_true_random=False))
def test_what_was_taken_apart_comes_together_again(book, drawn, random) -> None:
    batch = encode_customers(grouped(drawn, {}), book)
    parts = [batch.one(index) for index in range(len(batch))]
    random.shuffle(parts)
    same(Histories.concatenate([no_histories(book.profile_kinds), *parts]), batch)
    order = random.sample(range(len(batch)), len(batch))
    chosen = batch.select(order)
    assert list(chosen.customer_ids) == [batch.customer_ids[index] for index in order]
    same(Histories.concatenate([chosen]), batch)


def at(hour: int, kind: str = "order", **more: object) -> Event:
    return Event("c", START + timedelta(hours=hour), kind, **more)  # type: ignore[arg-type]


def numbers(book: Book, *events: Event) -> list[int]:
    return encode_customers([("c", events, {})], book).order.tolist()


def test_until_an_instant_stands_what_had_happened_however_late_it_became_known(book: Book) -> None:
    day = datetime(2024, 1, 1, tzinfo=UTC)
    early = Event("a", day, "order", amount=1.0, known_time=day + timedelta(days=9))
    late = Event("a", day + timedelta(days=5), "order", amount=2.0)
    histories = encode_customers([("a", [early, late], {"size": 3}), ("b", [replace(late, customer_id="b")], {})], book)
    until = histories.until(instant_of(day))
    same(until, encode_customers([("a", [early], {"size": 3}), ("b", [], {})], book))
    same(histories.until(instant_of(day + timedelta(days=5))), histories)


def test_lines_of_one_order_share_a_number_wherever_they_stand(book: Book) -> None:
    lines = [
        at(0, order_id="b"),
        at(1, order_id="a"),
        at(2, "visit"),
        at(3, order_id="b"),
        at(4, "refund", order_id="c"),
    ]
    assert numbers(book, *lines) == [0, 1, -1, 0, 2]


def test_without_an_order_id_the_lines_of_one_local_day_are_one_order(book: Book) -> None:
    # 20:00 UTC on 27 March is 21:00 in Berlin; the night that follows is an hour short.
    assert numbers(book, at(0), at(2), at(3), at(25), at(26)) == [0, 0, 1, 1, 2]


def test_simultaneous_events_are_in_order_of_role_order_and_key(book: Book) -> None:
    lines = [
        at(0, "visit", key="a"),
        at(0, order_id="2"),
        at(0, "refund"),
        at(0, order_id="1", key="z"),
        at(0, key="y"),
    ]
    history = encode_customers([("c", lines, {})], book)
    assert [ROLES[code] for code in history.role] == ["visit", "purchase", "purchase", "purchase", "return"]
    assert history.order.tolist()[1:4] == [0, 1, 2]


def test_money_is_rounded_to_minor_units_half_to_even(book: Book) -> None:
    amounts = [Decimal("10.50"), 0.125, 0.375, 1, None]
    history = encode_customers([("c", [at(hour, amount=amount) for hour, amount in enumerate(amounts)], {})], book)
    assert history.amount.tolist() == [1050, 12, 38, 100, 0]
    assert history.priced.tolist() == [True, True, True, True, False]


def test_a_margin_makes_another_event_and_none_changes_no_key(book: Book) -> None:
    plain, told, other = at(0, amount=5), at(0, amount=5, margin=2), at(0, amount=5, margin=3)
    assert encode_customers([("c", [plain, told, other], {})], book).events == 3
    columns = columns_of([plain, plain, told])
    content = event_content(columns, stable_hash(["c"] * 3), 2)
    *same_content, third = event_keys(columns, content)
    assert same_content == ["2b07ff3808e1501a-1", "2b07ff3808e1501a-2"]
    assert third.endswith("-1")


def test_a_profile_is_in_the_book_s_kinds_and_missing_values_are_never_known(book: Book) -> None:
    given = {"industry": "steel", "size": None, "since": "2020-05-01"}
    history = encode_customers([("c", [], given), ("d", [], {"size": 3})], book)
    industry, known = history.profile["industry"].as_known(0, 0)
    assert industry.tolist() == [hash_text("steel"), 0]
    assert known.tolist() == [ALWAYS_KNOWN, NEVER_KNOWN]
    np.testing.assert_array_equal(history.profile["size"].as_known(0, 0)[0], [np.nan, 3.0])
    assert history.profile["since"].as_known(0, 0)[0].tolist() == [1588284000000000, NO_DATE]


def test_profile_values_of_a_table_are_known_from_their_time_on(book: Book) -> None:
    known = datetime(2021, 1, 1, tzinfo=UTC)
    table = pl.DataFrame({"customer_id": ["c"], "industry": ["steel"], "size": [2], "known_time": [known]})
    table = table.with_columns(pl.lit(7).alias("size.known_time"))
    history = encode(frame([]), table, book)
    assert history.profile["industry"].known.tolist() == [1609459200000000]
    assert history.profile["size"].known.tolist() == [7]
    assert len(history.profile["since"].known) == 0


def test_the_contact_of_an_event_is_its_attribute_of_that_name(book: Book) -> None:
    given = [{"contact": "王芳", "b": "contact"}, {"b": "ann"}, None, {"contact": ""}, {"contact": 'the "boss"\n'}]
    events = [at(hour, attributes=each) for hour, each in enumerate(given)]
    expected = [hash_text("王芳"), 0, 0, 0, hash_text('the "boss"\n')]
    assert encode_customers([("c", events, {})], book).contact.tolist() == expected
    assert encode(frame(events), None, book).contact.tolist() == expected
    broken = frame(events[:2]).with_columns(attributes=pl.Series(['{"contact": ', '"contact"']))
    assert encode(broken, None, book).contact.tolist() == [0, 0]


REFUSED = [
    ([("c", [at(0, "ordr")], {})], "event 1 of a customer: type has no role in the book"),
    ([("c", [at(0), at(0, amount=float("inf"))], {})], "event 2 of a customer: amount is not finite"),
    ([("d", [at(0)], {})], "event 1 of a customer: customer_id is that of another customer"),
    ([("c", [], {}), ("c", [], {})], "expected each customer_id once"),
    ([("c", [], {"industri": "steel"})], 'declares no column "industri"; .*did you mean "industry"'),
    ([("c", [], {"size": "large"})], "profile: expected a number"),
    ([("c", [], {"size": float("inf")})], "profile: expected a finite number"),
    ([("c", [], {"since": "soon"})], "profile: expected a date"),
    ([("c", [], {"since": 12})], "profile: expected a date"),
]


@pytest.mark.parametrize(("customers", "said"), REFUSED)
def test_what_a_caller_cannot_hand_over_is_told(book: Book, customers, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        encode_customers(customers, book)


def test_a_table_that_cannot_be_encoded_is_told(book: Book) -> None:
    with pytest.raises(SourceError, match="missing time, type"):
        encode(pl.DataFrame({"customer_id": ["c"]}), None, book)
    with pytest.raises(SourceError, match="types without a role in book shop: ordr"):
        encode(frame([at(0, "ordr")]), None, book)
