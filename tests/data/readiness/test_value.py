"""What value means in a book, in words, and the hints about its money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.ingest.opening import open_store
from data.readiness.money import Money
from data.readiness.report import check
from data.readiness.value import value_hints, value_in_words
from data.settings.book import Book, load_book

BOOK = """name = "shop"
currency = "EUR"
time_zone = "UTC"
appended = ["ticket"]
VALUE

[roles]
order = "purchase"
refund = "return"
ticket = "support"

[[sources]]
name = "orders"
path = "orders.csv"
columns = { customer_id = "who", time = "at", type = "type", amount = "amount", category = "group"COLUMN }
"""
MARGIN = 'value = "margin"\nmargin = { rate = 0.3 }'
RATES = 'value = "margin"\nmargin = { rate = 0.3, rates = { Toys = 0.4, Books = 0.25 } }'
COLUMN = ', margin = "left"'
COSTS = "\nservice_cost = { ticket = 25.0, refund = 1 }"


@pytest.fixture
def book_of(tmp_path: Path) -> Callable[..., Book]:
    def make(value: str = "", column: str = "") -> Book:
        (tmp_path / "shop.toml").write_text(BOOK.replace("VALUE", value).replace("COLUMN", column))
        return load_book(str(tmp_path / "shop.toml"))

    return make


SENTENCES = [
    ("", "", "value: purchases; returns are not taken off"),
    ('value = "net"', "", "value: purchases, less returns"),
    (
        'value = "net"' + COSTS,
        "",
        "value: purchases, less returns, and less the service cost of each ticket 25.00 EUR, refund 1.00 EUR",
    ),
    (MARGIN, "", "value: margin of 30 % of purchases, less that of returns"),
    (
        RATES,
        "",
        "value: margin of 40 % (Toys), 25 % (Books), 30 % (all other categories) of purchases, less that of returns",
    ),
    ('value = "margin"', COLUMN, "value: margin of purchases as told by each, less that of returns"),
    (MARGIN, COLUMN, "value: margin of purchases as told by each, or 30 % of its amount, less that of returns"),
]


@pytest.mark.parametrize(("value", "column", "sentence"), SENTENCES)
def test_value_is_told_in_a_sentence(book_of: Callable[..., Book], value: str, column: str, sentence: str) -> None:
    assert value_in_words(book_of(value, column)) == sentence


def test_many_rates_are_not_all_told(book_of: Callable[..., Book]) -> None:
    rates = ", ".join(f"c{number} = 0.{number}" for number in range(1, 8))
    said = value_in_words(book_of(f'value = "margin"\nmargin = {{ rate = 0.3, rates = {{ {rates} }} }}'))
    assert "40 % (c4), 3 more rates, 30 % (all other categories)" in said


def event(kind: str, amount: float, category: str | None = None, margin: float | None = None) -> Event:
    when = datetime(2024, 1, 1, tzinfo=UTC)
    return Event("a", when, kind, amount=amount, margin=margin, category=category)


def hints(book: Book, *events: Event) -> list[str]:
    known: Histories = encode_customers([("a", events, {})], book)
    words = {number: str(each.category) for number, each in enumerate(events) if each.category}
    return list(value_hints(book, Money.of(book, known), lambda _: words))


def test_returns_that_a_gross_book_leaves_out_are_told(book_of: Callable[..., Book]) -> None:
    sold = event("order", 100)
    assert hints(book_of(), sold) == []
    assert hints(book_of('value = "net"'), sold, event("refund", -5)) == []
    assert hints(book_of(), sold, event("refund", -1200.5), event("refund", -4)) == [
        'value is gross: 2 returns of 1,204.50 EUR are not taken off; value = "net" does that'
    ]


def test_margins_that_are_not_counted_are_told(book_of: Callable[..., Book]) -> None:
    assert hints(book_of('value = "net"', COLUMN), event("order", 10)) == [
        'value is net: the margins of the sources are not counted; value = "margin" does that'
    ]


def test_purchase_money_at_no_rate_of_its_own_is_told_with_its_share(book_of: Callable[..., Book]) -> None:
    named = event("order", 80, "Toys"), event("order", 8, "Books")
    assert hints(book_of(RATES), *named) == []
    assert hints(book_of(MARGIN), *named, event("order", 12)) == []
    assert hints(book_of(RATES), *named, event("order", 12), event("refund", -5)) == [
        "12.0% of the purchase money (12.00 EUR) has no category: counted at the rate 0.3"
    ]
    assert hints(book_of(RATES), *named, event("order", 12, "Food")) == [
        "12.0% of the purchase money (12.00 EUR) is of categories that margin.rates does not name: "
        "counted at the rate 0.3"
    ]


def test_a_category_that_nobody_bought_is_told_with_the_nearest(book_of: Callable[..., Book]) -> None:
    said = hints(book_of(RATES), event("order", 80, "Toys"), event("order", 20, "Book"))
    assert said[1] == 'margin.rates: no purchase has the category "Books"; did you mean "Book"?'


def test_events_without_a_margin_are_counted_and_told(book_of: Callable[..., Book]) -> None:
    given = event("order", 10, margin=4)
    assert hints(book_of('value = "margin"', COLUMN), given) == []
    lacking = event("order", 10), event("order", 11), event("refund", -2)
    assert hints(book_of('value = "margin"', COLUMN), given, *lacking) == [
        "2 purchases and 1 returns have no margin: they count with a margin of 0; set rate in [margin] to count a "
        "share of their amounts"
    ]
    assert hints(book_of(MARGIN, COLUMN), given, *lacking) == [
        "2 purchases and 1 returns have no margin: they count at 30 % of their amounts"
    ]


def test_returns_that_add_margin_are_told(book_of: Callable[..., Book]) -> None:
    right, wrong = event("refund", -5, margin=-2), event("refund", -5, margin=2)
    assert hints(book_of('value = "margin"', COLUMN), right, wrong) == []
    (said,) = hints(book_of('value = "margin"', COLUMN), right, wrong, event("refund", -7, margin=3))
    assert said.startswith("2 returns have a positive margin")


def test_check_tells_what_value_means_and_what_to_mind(
    book_of: Callable[..., Book], tmp_path: Path, home: Path
) -> None:
    rows = "who,at,type,amount,group\na,2024-01-01,order,90,Toys\na,2024-01-02,order,10,\n"
    (tmp_path / "orders.csv").write_text(rows)
    book = book_of(RATES)
    report = check(book, home)
    assert report.value == value_in_words(book)
    assert report.hints == (
        "10.0% of the purchase money (10.00 EUR) has no category: counted at the rate 0.3",
        'margin.rates: no purchase has the category "Books"',
    )
    assert open_store(book, home).read_all().events == 2
