"""Excel workbooks: sheets as published, overlapping days kept once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from data.errors import SourceError
from data.ingest.opening import open_store
from data.settings.book import Book, load_book

COLUMNS = ("Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country")
Row = tuple[object, ...]


def line(
    invoice: object, day: int, quantity: int, price: float, customer: float | None, stock: object = "85048"
) -> Row:
    return (invoice, stock, "GLASS BALL", quantity, datetime(2010, 12, day, 8, 45), price, customer, "France")  # noqa: DTZ001


FIRST = [line(489434, 1, 12, 6.95, 13085.0), line(489434, 1, 12, 6.95, 13085.0), line("C489449", 2, -1, 2.5, 16321.0)]
SECOND = [*FIRST[1:], FIRST[0], line(489500, 9, 1, 0.0, 13085.0), line(489501, 9, -5, 1.0, None, stock=10002)]
SECOND += [line(489502, 10, 3, 1.25, 17000.0, stock=10002), line(489503, 10, -2, 1.25, 17000.0)]


def write(file: Path, sheets: dict[str, Sequence[Row]], columns: Sequence[str] = COLUMNS) -> None:
    with xlsxwriter.Workbook(str(file), {"default_date_format": "yyyy-mm-dd hh:mm"}) as book:
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for number, row in enumerate([columns, *rows] if rows or columns else []):
                sheet.write_row(number, 0, row)


def test_the_published_workbook_and_the_parquet_table_make_the_same_events(tmp_path: Path, home: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    write(tmp_path / "a" / "online_retail_II.xlsx", {"Year 2009-2010": FIRST, "Year 2010-2011": SECOND})
    once = [*FIRST, *SECOND[3:]]
    texts = [tuple(str(cell) if index < 2 else cell for index, cell in enumerate(row)) for row in once]
    schema = dict.fromkeys(COLUMNS, pl.String) | {"Quantity": pl.Int64, "InvoiceDate": pl.Datetime("us")}
    schema |= {"Price": pl.Float64, "Customer ID": pl.Float64}
    pl.DataFrame(texts, schema=schema, orient="row").write_parquet(tmp_path / "b" / "online_retail_II.parquet")

    book = open_store(load_book("online_retail", tmp_path / "a"), home / "a")
    table = open_store(load_book("online_retail", tmp_path / "b"), home / "b")
    assert book.customers() == ["13085", "16321", "17000"] == table.customers()
    assert [book.events(name) for name in book.customers()] == [table.events(name) for name in table.customers()]
    invoices = book.manifest.accounts[0]
    assert (invoices.rows, invoices.kept, invoices.known) == (10, 4, 3)
    assert invoices.filtered == {"no customer": 1, "quantity not positive": 1, "price not positive": 1}
    assert [event.amount for event in book.events("16321")] == [-2.5]
    country = book.histories(["17000"]).profile["country"].values[0]
    assert book.words("country")[int(country)] == "France"


BOOK = """
name = "shop"
currency = "EUR"
time_zone = "UTC"
roles = { order = "purchase" }
[[sources]]
name = "orders"
path = "orders.xlsx"
type = "order"
columns = { customer_id = "who", time = "at", amount = "amount" }
"""


def book_with(folder: Path, more: str = "") -> Book:
    (folder / "shop.toml").write_text(BOOK + more)
    return load_book(str(folder / "shop.toml"))


DAY = datetime(2021, 3, 1)  # noqa: DTZ001
COLUMNS_HERE = ("who", "at", "amount")


def test_rows_of_a_sheet_are_numbered_as_excel_shows_them(tmp_path: Path, home: Path) -> None:
    write(
        tmp_path / "orders.xlsx",
        {"One": [("c1", DAY, 1.5), ("c2", "soon", 1), ("", "", ""), ("c3", "2021-03-02", "ten")]},
        COLUMNS_HERE,
    )
    store = open_store(book_with(tmp_path), home)
    assert store.customers() == ["c1"]
    held = pl.read_parquet(home / "shop" / "quarantine" / "orders.parquet")
    assert held.select("delivery", "line", "reason").rows() == [
        ("orders.xlsx:One", 3, "time is not a date; set time_format"),
        ("orders.xlsx:One", 4, "customer_id is missing"),
        ("orders.xlsx:One", 5, "amount is not a number"),
    ]
    assert '"who":"c2"' in held["raw"][0]


def test_only_the_named_sheets_are_read_else_all_that_hold_something(tmp_path: Path, home: Path) -> None:
    sheets: dict[str, Sequence[Row]] = {"One": [("c1", DAY, 1)], "Two": [("c2", DAY, 2)]}
    write(tmp_path / "orders.xlsx", sheets, COLUMNS_HERE)
    assert open_store(book_with(tmp_path), home).customers() == ["c1", "c2"]
    assert open_store(book_with(tmp_path, 'sheets = ["Two"]'), home).customers() == ["c2"]
    with pytest.raises(SourceError, match='no sheet "Tow", there are One, Two; did you mean "Two"'):
        open_store(book_with(tmp_path, 'sheets = ["Tow"]'), home)


def test_a_sheet_without_the_columns_is_told(tmp_path: Path, home: Path) -> None:
    write(tmp_path / "orders.xlsx", {"One": [("c1", DAY, 1)]}, ("who", "att", "amount"))
    with pytest.raises(SourceError, match=r'orders\.xlsx:One: expected a column "at".*did you mean "att"'):
        open_store(book_with(tmp_path), home)


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path, home: Path) -> None:
    (tmp_path / "orders.xlsx").write_text("who,at\n")
    with pytest.raises(SourceError, match="not a readable workbook"):
        open_store(book_with(tmp_path), home)


def test_a_file_that_is_no_parquet_is_told(tmp_path: Path, home: Path) -> None:
    (tmp_path / "orders.parquet").write_text("who,at\n")
    (tmp_path / "shop.toml").write_text(BOOK.replace("orders.xlsx", "orders.parquet"))
    with pytest.raises(SourceError, match="not a readable Parquet file"):
        open_store(load_book(str(tmp_path / "shop.toml")), home)
