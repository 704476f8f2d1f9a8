"""Margins: what a book may say of them, and how they come from columns and callers into the histories."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]
import pytest

from data import events as why
from data.errors import BookError
from data.events import Event
from data.histories.histories import EVENT_ARRAYS
from data.histories.inline import encode_customers
from data.ingest.opening import compact, open_store
from data.settings.book import Book, load_book
from data.store.inbox import Appended
from data.store.store import Store

BOOK = """name = "shop"
currency = "EUR"
time_zone = "UTC"
VALUE
appended = ["ticket"]

[roles]
order = "purchase"
refund = "return"
ticket = "support"

[[sources]]
name = "orders"
path = "orders.csv"
DECIMAL

[sources.columns]
customer_id = "customer"
time = "at"
type = "type"
amount = "amount"
COLUMN
"""
HEADER = "customer,at,type,amount,pieces,unit_margin\n"
MAPPED = 'margin = { multiply = ["pieces", "unit_margin"] }'


def book_of(folder: Path, value: str = "", column: str = "", more: str = "", decimal: str = "") -> Book:
    text = BOOK.replace("VALUE", value).replace("COLUMN", column).replace("DECIMAL", decimal) + more
    (folder / "shop.toml").write_text(text, encoding="utf-8")
    return load_book(str(folder / "shop.toml"))


@pytest.mark.parametrize(
    ("more", "rate", "rates"),
    [
        ("[margin]\nrate = 0.35", 0.35, {}),
        ("[margin]\nrate = 1\nrates = { Toys = 0.4, Books = -0.1 }", 1.0, {"Toys": 0.4, "Books": -0.1}),
        ('[margin]\nrate = 0.3\n[margin.rates]\n"Toys & games" = 0.4', 0.3, {"Toys & games": 0.4}),
    ],
)
def test_a_margin_is_a_rate_or_rates_by_category(
    tmp_path: Path, more: str, rate: float, rates: dict[str, float]
) -> None:
    margin = book_of(tmp_path, 'value = "margin"', more=more).margin
    assert margin is not None
    assert (margin.rate, margin.rates) == (rate, rates)


def test_a_margin_of_a_column_needs_no_rate_and_may_have_one(tmp_path: Path) -> None:
    alone = book_of(tmp_path, 'value = "margin"', MAPPED)
    assert alone.maps_margin
    assert alone.margin is None
    assert book_of(tmp_path, 'value = "margin"', MAPPED, "[margin]\nrate = 0.3").margin is not None
    assert book_of(tmp_path, 'value = "gross"', MAPPED).maps_margin


@pytest.mark.parametrize("value", ["net", "margin"])
def test_service_cost_is_money_by_type(tmp_path: Path, value: str) -> None:
    more = "[service_cost]\nticket = 25\nrefund = 1.5\n" + ("[margin]\nrate = 0.3\n" if value == "margin" else "")
    assert book_of(tmp_path, f'value = "{value}"', more=more).service_cost == {"ticket": 25.0, "refund": 1.5}


MARGIN = 'value = "margin"'
REFUSED = [
    (MARGIN, "", 'line 4: value: "margin" needs a table [margin] with a rate, or margin ='),
    ('value = "margn"', "", 'line 4: value: expected one of gross, net, margin, got "margn"; did you mean "margin"?'),
    (MARGIN, "[margin]", "line 23: margin: rate is missing: it holds for all purchases whose category"),
    (MARGIN, "[margin]\nrates = { Toys = 0.4 }", "line 23: margin: rate is missing: it holds for all purchases"),
    (MARGIN, "[margin]\nrate = 35", "line 24: margin.rate: expected a share of the money from -1 to 1, such as 0.35"),
    (MARGIN, "[margin]\nrate = nan", "line 24: margin.rate: expected finite number, got nan"),
    (MARGIN, '[margin]\nrate = "0.35"', 'line 24: margin.rate: expected number, got "0.35"'),
    (MARGIN, "[margin]\nrate = 0.3\nrats = {}", 'line 25: margin.rats: unknown key; did you mean "rates"?'),
    (
        MARGIN,
        "[margin]\nrate = 0.3\nrates = { Toys = 40 }",
        "line 25: margin.rates.Toys: expected a share of",
    ),
    (MARGIN, '[margin]\nrate = 0.3\nrates = { "" = 0.4 }', "line 25: margin.rates: expected a text that is not empty"),
    ("margin = 0.35", "", "line 4: margin: expected a table, got 0.35"),
    (
        'value = "net"',
        "[margin]\nrate = 0.3",
        'line 23: margin: this table belongs to value = "margin", got',
    ),
    ("", "[margin]\nrate = 0.3", 'line 23: margin: this table belongs to value = "margin", got value = "gross"'),
    ("", "[service_cost]\nticket = 5.0", 'line 23: service_cost: value = "gross" counts purchases alone'),
    (
        'value = "net"',
        "[service_cost]\ntiket = 5.0",
        'line 24: service_cost.tiket: the type "tiket" has no role; roles has order, refund, ticket; did you',
    ),
    ('value = "net"', '[service_cost]\n"a call" = 5.0', 'line 23: service_cost: the type "a call" has no role'),
    ('value = "net"', "[service_cost]\nticket = -5", "line 24: service_cost.ticket: expected money from 0"),
    ('value = "net"', "[service_cost]\nticket = inf", "line 24: service_cost.ticket: expected finite number, got inf"),
    ('value = "net"\nservice_cost = { ticket = true }', "", "line 5: service_cost.ticket: expected number, got true"),
]


@pytest.mark.parametrize(("value", "more", "said"), REFUSED)
def test_money_settings_that_cannot_be_are_told_with_file_line_and_key(
    tmp_path: Path, value: str, more: str, said: str
) -> None:
    with pytest.raises(BookError) as caught:
        book_of(tmp_path, value, more=more)
    message = str(caught.value)
    assert message.startswith(f"{tmp_path / 'shop.toml'}: {said}")
    assert "\n" not in message


def test_a_wrong_column_of_margins_is_told(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r"sources\[0\]\.columns\.margin: expected either column or multiply"):
        book_of(tmp_path, MARGIN, "margin = { negate = true }")


def opened(folder: Path, home: Path, rows: str, **settings: str) -> Store:
    (folder / "orders.csv").write_text(HEADER + rows, encoding="utf-8")
    return open_store(book_of(folder, **{"value": MARGIN, "column": MAPPED, **settings}), home)


def test_a_column_of_margins_becomes_minor_units_and_stays_in_words(tmp_path: Path, home: Path) -> None:
    rows = "a,2024-01-01,order,10,3,1.5\na,2024-01-02,order,10,2,\na,2024-01-03,refund,-5,1,-2.25\n"
    store = opened(tmp_path, home, rows)
    history = store.read_all()
    assert history.margin.tolist() == [450, 0, -225]
    assert history.margined.tolist() == [True, False, True]
    assert [event.margin for event in store.events("a")] == [4.5, None, -2.25]
    assert store.frame(0)["margin"].to_list() == [4.5, None, -2.25]


def test_a_margin_may_be_one_column_with_the_sign_turned(tmp_path: Path, home: Path) -> None:
    column = 'margin = { column = "unit_margin", negate = true }'
    assert opened(tmp_path, home, "a,2024-01-01,refund,-5,1,2.5\n", column=column).read_all().margin.tolist() == [-250]


@pytest.mark.parametrize(
    ("margin", "decimal", "reason"),
    [
        ("much", "", why.BAD_MARGIN),
        ('"1,25"', "", why.COMMA_MARGIN),
        ("1.25", 'decimal = ","', why.POINT_MARGIN),
        ("inf", "", why.INFINITE_MARGIN),
        ("1e15", "", why.HUGE_MARGIN),
    ],
)
def test_a_margin_that_is_none_is_quarantined_with_its_reason(
    tmp_path: Path, home: Path, margin: str, decimal: str, reason: str
) -> None:
    rows = f"a,2024-01-01,order,10,1,2\na,2024-01-02,order,10,1,{margin}\n"
    (account,) = opened(tmp_path, home, rows, decimal=decimal).manifest.accounts
    assert (account.kept, account.quarantined) == (1, {reason: 1})


def test_inline_stored_and_appended_margins_have_the_same_bytes(tmp_path: Path, home: Path) -> None:
    store = opened(tmp_path, home, "a,2024-01-01,order,10,3,1.5\na,2024-01-02,order,10,2,\nb,2024-01-02,ticket,,,\n")
    assert store.inbox.append([order(3, 1.25), order(4, None)]) == Appended(2, 0)
    assert store.inbox.append([order(3, 1.25), order(3, 1.5)]) == Appended(1, 1)
    told = {name: store.events(name) for name in ("a", "b")}
    assert [event.margin for event in told["a"]] == [4.5, None, *sorted([1.25, 1.5], key=margins(store)), None]
    plain = [(name, [replace(event, source="inline") for event in events], {}) for name, events in told.items()]
    for histories in (store.read_all(), compact(store.book, home).read_all()):
        for name in EVENT_ARRAYS:
            assert getattr(encode_customers(plain, store.book), name).tobytes() == getattr(histories, name).tobytes()


def order(day: int, margin: float | None) -> Event:
    return Event("a", datetime(2024, 1, day, tzinfo=UTC), "order", amount=5.0, margin=margin)


def margins(store: Store) -> Callable[[float], int]:
    """The place of a margin among the events of the day, which their keys decide."""
    stored = (store.read_all().margin / 100).tolist()
    return stored.index


def test_a_bucket_without_margins_has_no_column_of_them(tmp_path: Path, home: Path) -> None:
    rows = "a,2024-01-01,order,10,1,\na,2024-01-02,order,10,1,\n"
    store = opened(tmp_path, home, rows)
    history = store.histories(["a"])
    assert history.margin.tolist() == [0, 0]
    assert not history.margined.any()
    assert (history.margin.dtype, history.margined.dtype) == (np.int64, np.bool_)
    assert "margin" not in columns_of(home)
    again = opened(tmp_path, home, rows + "b,2024-01-01,order,10,1,2\n")
    assert again.read_all().margin.tolist() == [0, 0, 200]
    assert "margin" in columns_of(home)


def columns_of(home: Path) -> list[str]:
    (file,) = (home / "shop" / "store").glob("*/events-0000.arrow")
    with pa.OSFile(str(file)) as source:
        names: list[str] = pa.ipc.open_file(source).schema.names
    return names
