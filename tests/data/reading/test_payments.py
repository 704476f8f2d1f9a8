"""The days that a payment came after it was due."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BookError
from data.ingest.opening import open_store
from data.settings.book import load_book

BOOK = """name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
paid = "payment"

[[sources]]
name = "payments"
path = "payments.csv"
type = "paid"
columns = { customer_id = "who", time = "paid", amount = "money", quantity = { days_from = "due", days_to = "paid" } }
"""
ROWS = """who,due,paid,money
a,2021-03-01,2021-03-11 23:30,10
b,2021-04-01,2021-03-30,10
c,,2021-03-30,10
d,soon,2021-03-30,10
"""


def test_the_quantity_of_a_payment_may_be_the_days_between_two_columns(tmp_path: Path) -> None:
    (tmp_path / "payments.csv").write_text(ROWS)
    (tmp_path / "shop.toml").write_text(BOOK)
    store = open_store(load_book(str(tmp_path / "shop.toml")), tmp_path / "work")
    late = {
        customer: store.read(bucket).quantity[index]
        for bucket in range(store.buckets)
        for index, customer in enumerate(store.read(bucket).customer_ids)
    }
    assert sorted(late) == ["a", "b", "c"]  # d's due date is no date
    assert (late["a"], late["b"]) == (10.0, -2.0)
    assert late["c"] != late["c"]


def test_a_delay_needs_both_of_its_columns(tmp_path: Path) -> None:
    (tmp_path / "shop.toml").write_text(BOOK.replace('days_from = "due", ', ""))
    with pytest.raises(BookError, match=r"columns.quantity.days_from: this key is missing"):
        load_book(str(tmp_path / "shop.toml"))
