"""Books and files that the tests of this room write."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import settings

from data.settings.book import Book, load_book

settings.register_profile("patient", deadline=None)  # the first call compiles, or reads the zone tables
settings.load_profile("patient")

SHOP = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
order = "purchase"
refund = "return"
visit = "visit"

[[sources]]
name = "orders"
path = "orders*.csv"
{keys}

[sources.columns]
customer_id = "customer"
time = "at"
type = "type"
amount = "amount"
quantity = "quantity"
product = "product"
order_id = "order"
"""
HEADER = "customer,at,type,amount,quantity,product,order\n"


@pytest.fixture
def shop(tmp_path: Path) -> Callable[..., Book]:
    """Writes a book of orders, with the given CSV files beside it, and loads it."""

    def write(*, keys: str = "", more: str = "", **files: str) -> Book:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        (tmp_path / "shop.toml").write_text(SHOP.format(keys=keys) + more, encoding="utf-8")
        return load_book(str(tmp_path / "shop.toml"))

    return write


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A working folder."""
    return tmp_path / "work"
