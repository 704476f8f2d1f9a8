from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import end_of_day
from data.errors import SourceError
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.ingest.opening import open_store
from data.reading.place import files_of
from data.settings.book import Book, load_book
from training.labels import TARGETS, label, label_part, parts_of, worth

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
CUTOFF = end_of_day(START.date(), "UTC")
BOOK = """
name = "shop"
currency = "EUR"
time_zone = "UTC"
{value}
appended = ["refund", "ticket", "call"]

[roles]
order = "purchase"
refund = "return"
ticket = "support"
call = "meeting"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = {{ customer_id = "who", time = "at", amount = "amount", category = "group"{column} }}
"""
RATES = {"Toys": 0.4, "Books": -0.07}
VALUES = {
    "gross": "",
    "net": 'value = "net"',
    "net, served": 'value = "net"\nservice_cost = { ticket = 25.0, call = 0.105 }',
    "rate": 'value = "margin"\nmargin = { rate = 0.35 }',
    "rates": 'value = "margin"\nmargin = { rate = 0.3, rates = { Toys = 0.4, Books = -0.07 } }',
    "rates, served": 'value = "margin"\nmargin = { rate = 0.3, rates = { Toys = 1 } }\nservice_cost = { ticket = 25 }',
    "column": 'value = "margin"',
    "column or rate": 'value = "margin"\nmargin = { rate = 0.3 }',
}


@cache
def book_of(value: str) -> Book:
    column = ', margin = "left"' if value.startswith("column") else ""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shop.toml"
        file.write_text(BOOK.format(value=VALUES[value], column=column))
        return load_book(str(file))


def event(
    kind: str, amount: float | None = None, category: str | None = None, margin: float | None = None, day: float = 1
) -> Event:
    time = START + timedelta(days=day)
    return Event("a", time, kind, amount=amount, margin=margin, category=category, order_id="o")


def of_one(events: Sequence[Event], book: Book) -> Histories:
    return encode_customers([("a", events, {})], book)


def worths(value: str, *events: Event) -> list[int]:
    """In the order of the events, which is that of their days."""
    dated = [event(e.type, e.amount, e.category, e.margin, day) for day, e in enumerate(events, start=1)]  # type: ignore[arg-type]
    return worth(of_one(dated, book_of(value)), book_of(value)).tolist()


TRADE = event("order", 100), event("refund", -30), event("ticket"), event("call")


def test_gross_counts_purchases_alone_and_net_takes_returns_and_service_off() -> None:
    assert worths("gross", *TRADE) == [10_000, 0, 0, 0]
    assert worths("net", *TRADE) == [10_000, -3_000, 0, 0]
    assert worths("net, served", *TRADE) == [10_000, -3_000, -2_500, -10]


def test_a_margin_is_a_share_that_returns_take_back() -> None:
    assert worths("rate", *TRADE) == [3_500, -1_050, 0, 0]


def test_a_category_has_its_rate_and_all_others_the_common_one() -> None:
    sold = [event("order", 10, category) for category in ("Toys", "Books", "Food", None)]
    assert worths("rates", *sold) == [400, -70, 300, 300]
    assert worths("rates", event("refund", -10, "Toys"), event("refund", -10, "Books")) == [-400, 70]


def test_an_event_s_own_margin_comes_first() -> None:
    told = event("order", 10, "Toys", margin=1.5), event("refund", -10, margin=-1.25), event("order", 10)
    assert worths("column", *told) == [150, -125, 0]
    assert worths("column or rate", *told) == [150, -125, 300]
    assert worths("rates", *told) == [150, -125, 300]
    assert worths("net", *told) == [1_000, -1_000, 1_000]


def test_only_purchases_and_returns_have_a_margin() -> None:
    assert worths("column", event("ticket", 10, margin=5), event("call", margin=5)) == [0, 0]


@given(amount=st.integers(-(10**9), 10**9), category=st.sampled_from(["Toys", "Books", "Food"]))
def test_margins_are_rounded_half_to_even_in_decimals(amount: int, category: str) -> None:
    kind = "refund" if amount < 0 else "order"
    exact = amount * Decimal(str(RATES.get(category, 0.3)))
    rounded = int(exact.quantize(Decimal(1), ROUND_HALF_EVEN))
    assert worths("rates", event(kind, amount / 100, category)) == [rounded]


def test_a_half_is_a_half_though_its_rate_is_no_binary_fraction() -> None:
    assert worths("rates", event("order", 1.5, "Books"), event("order", 0.5, "Books")) == [-10, -4]


moneys = st.none() | st.integers(0, 10**7).map(lambda minor: minor / 100)
events = st.builds(
    lambda kind, amount, category, margin, day: event(
        kind, -amount if amount is not None and kind == "refund" else amount, category, margin, day
    ),
    st.sampled_from(["order", "refund", "ticket", "call"]),
    moneys,
    st.none() | st.sampled_from(["Toys", "Books", "Food"]),
    st.none() | st.floats(-1e5, 1e5),
    st.floats(-10, 80),
)
discounts = st.builds(lambda amount, day: event("order", -amount, day=day), st.floats(0, 1e5), st.floats(-10, 80))


@pytest.mark.parametrize("value", VALUES)
@settings(max_examples=40)
@given(drawn=st.lists(events | discounts, max_size=25), split=st.integers(1, 59))
def test_gains_less_losses_are_value_whatever_it_counts(value: str, drawn: list[Event], split: int) -> None:
    book = book_of(value)
    history = of_one(drawn, book)
    gains, losses = (label_part(history, CUTOFF, part, 60, book) for part in ("gains", "losses"))
    whole = label(history, CUTOFF, TARGETS[0], 60, book)
    assert min(gains.min(), losses.min()) >= 0
    np.testing.assert_array_equal(np.rint(100 * gains) - np.rint(100 * losses), np.rint(100 * whole))
    if value == "gross":
        np.testing.assert_array_equal(gains, np.maximum(whole, 0))
        return
    for part, sums in (("gains", gains), ("losses", losses)):
        first = label_part(history, CUTOFF, part, split, book)
        rest = label_part(history, CUTOFF + split * 86_400_000_000, part, 60 - split, book)
        np.testing.assert_allclose(first + rest, sums)


def test_only_a_gross_book_has_nothing_to_lose() -> None:
    parts = {value: parts_of(book_of(value)) for value in VALUES}
    assert parts.pop("gross") == ("gains",)
    assert set(parts.values()) == {("gains", "losses")}


def test_net_value_of_real_invoices_is_what_a_plain_query_says(tmp_path: Path) -> None:
    book = load_book("online_retail_net")
    try:
        (file,) = files_of(book.sources[0], book, tmp_path)
    except SourceError as absent:
        pytest.skip(str(absent).splitlines()[0])
    if file.suffix != ".parquet":
        pytest.skip("the query reads the Parquet file")
    histories = open_store(book, tmp_path).read_all()
    cutoff = end_of_day(date(2011, 6, 9), book.time_zone)
    value = label(histories, cutoff, "lifetime_value", 182, book)
    parts = [label_part(histories, cutoff, part, 182, book) for part in parts_of(book)]
    expected = queried(file).join(
        pl.DataFrame({"who": list(histories.customer_ids), "value": value, "gains": parts[0], "losses": parts[1]}),
        on="who",
        how="right",
    )
    for name in ("value", "gains", "losses"):
        sums = expected[f"{name}_right"].to_numpy(), expected[name].fill_null(0).to_numpy()
        np.testing.assert_allclose(sums[0], sums[1], atol=0.011)
    assert (value < 0).sum() > 10


def queried(file: Path) -> pl.DataFrame:
    """Value, gains and losses of every customer with an invoice in the judged window, in pounds."""
    cancelled, money = pl.col("Invoice").cast(pl.String).str.starts_with("C"), pl.col("Quantity") * pl.col("Price")
    day = pl.col("InvoiceDate").cast(pl.Date)
    bought = (pl.col("Quantity") > 0) & (pl.col("Price") > 0)
    window = day.is_between(date(2011, 6, 10), date(2011, 12, 8))
    rows = pl.scan_parquet(file).filter(pl.col("Customer ID").is_not_null(), cancelled | bought, window).collect()
    line = money.round(2)
    return rows.group_by(who=pl.col("Customer ID").cast(pl.Int64).cast(pl.String)).agg(
        value=line.sum(), gains=line.filter(~cancelled).sum(), losses=-line.filter(cancelled).sum()
    )
