"""Texts that no store can keep are told, whatever kind of source they come from."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from data.errors import SourceError
from data.events import Event
from data.handover import Customer
from data.identity import attributes_text
from data.ingest.opening import open_store
from data.ingest.quarantine import read_quarantine
from data.nul import NUL, nul_problem, nul_reason
from data.settings.book import Book, load_book
from data.store.store import Store

FIELDS = {
    "customer": "customer_id",
    "product": "product",
    "group": "category",
    "place": "channel",
    "order": "order_id",
    "note": "attributes",
    "number": "key",
}
GOOD = {"customer": "c", "at": "2021-03-01", **dict.fromkeys([*FIELDS][1:], "x")}
BOOK = """
name = "shop"
currency = "EUR"
time_zone = "UTC"

[roles]
order = "purchase"

[[sources]]
name = "orders"
{place}
type = "order"
keys = ["number"]

[sources.columns]
customer_id = "customer"
time = "at"
product = "product"
category = "group"
channel = "place"
order_id = "order"
attributes = {{ note = "note" }}

[[profiles]]
name = "people"
source = "orders"
customer_id = "customer"
known_time = "at"
columns = {{ place = "category" }}
"""


def rows() -> list[dict[str, str]]:
    """One row in order, one with other control characters, and one with a NUL in each text."""
    controls = {**GOOD, "number": "controls", "product": "a\tb\x01\x1b\x7f"}
    spoilt = [{**GOOD, "number": f"n{name}", name: f"a{NUL}{name}"} for name in FIELDS]
    return [GOOD, controls, *spoilt]


def csv(folder: Path) -> str:
    pl.DataFrame(rows()).write_csv(folder / "orders.csv")
    return 'path = "orders.csv"'


def parquet(folder: Path) -> str:
    pl.DataFrame(rows()).write_parquet(folder / "orders.parquet")
    return 'path = "orders.parquet"'


def sql(folder: Path) -> str:
    pl.DataFrame(rows()).to_pandas().to_sql("orders", f"sqlite:///{folder / 'shop.db'}", index=False)
    return 'url = "sqlite:///shop.db"\nquery = "select * from orders"'


def store_of(folder: Path, write: Callable[[Path], str]) -> Store:
    (folder / "shop.toml").write_text(BOOK.format(place=write(folder)), encoding="utf-8")
    return open_store(load_book(str(folder / "shop.toml")), folder / "work")


@pytest.mark.parametrize("write", [csv, parquet, sql])
def test_a_row_with_a_nul_is_quarantined_with_its_field_and_accounts_balance(
    tmp_path: Path, write: Callable[[Path], str]
) -> None:
    store = store_of(tmp_path, write)
    orders, people = store.manifest.accounts
    assert orders.quarantined == {f"{field} holds a NUL character": 1 for field in FIELDS.values()}
    assert (orders.rows, orders.kept, orders.balanced) == (len(FIELDS) + 2, 2, True)
    assert people.quarantined == {"customer_id holds a NUL character": 1, "place holds a NUL character": 1}
    assert people.balanced
    assert store.customers() == ["c"]
    assert {event.product for event in store.events("c")} == {"x", "a\tb\x01\x1b\x7f"}
    rejected = read_quarantine("orders", tmp_path / "work" / "shop" / "quarantine")
    assert rejected.height == len(FIELDS)


def test_an_appended_event_with_a_nul_is_refused_with_its_field(shop: Callable[..., Book], home: Path) -> None:
    book = shop(orders="customer,at,type,amount,quantity,product,order\nc,2021-03-01,order,1,1,p,o\n")
    inbox = open_store(book, home).inbox
    moment = datetime(2021, 3, 2, tzinfo=UTC)
    for event, field in (
        (Event(f"c{NUL}", moment, "visit"), "customer_id"),
        (Event("c", moment, "visit", product=NUL), "product"),
        (Event("c", moment, "visit", attributes={"note": NUL}), "attributes"),
    ):
        with pytest.raises(SourceError, match=f"event 1: {field} holds a NUL character; nothing was appended"):
            inbox.append([event])
    assert inbox.last() == 0


def test_what_is_handed_over_in_json_holds_none_either() -> None:
    event = {"time": "2021-03-01T00:00:00Z", "type": "visit", "attributes": {"note": f"a{NUL}"}}
    for customer in ({"events": [event]}, {"profile": {"place": f"a{NUL}"}}):
        with pytest.raises(ValidationError):
            Customer.model_validate_json(json.dumps({"customer_id": "c", **customer}))


@given(st.text(alphabet=f'a\\u0"{NUL}', max_size=9))
def test_a_row_and_an_event_are_told_alike(text: str) -> None:
    event = Event("c", datetime(2021, 3, 1, tzinfo=UTC), "visit", attributes={"note": text})
    plain = dict.fromkeys(("customer_id", "type", "product", "category", "channel", "order_id", "key"), "x")
    row = pl.DataFrame({**plain, "attributes": attributes_text({"note": text})})
    assert row.select(nul_reason()).item() == nul_problem(event)
