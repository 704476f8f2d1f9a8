from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import end_of_day
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book, load_book
from training.labels import audience, label, label_part, parts_of, population

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
BOOK = """
name = "shop"
currency = "EUR"
time_zone = "UTC"
value = "{value}"
appended = ["refund", "reply", "visit"]

[roles]
order = "purchase"
refund = "return"
reply = "response"
visit = "visit"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = {{ customer_id = "customer", time = "at", amount = "amount" }}

[targets.conversion]
types = {types}
population = "{population}"
"""


def a_book(folder: Path, value: str = "gross", types: str = '["reply"]', population: str = "everyone") -> Book:
    file = folder / "shop.toml"
    file.write_text(BOOK.format(value=value, types=types, population=population))
    return load_book(str(file))


def an_event(day: float, kind: str = "order", amount: float | None = 10.0, late: float = 0.0) -> Event:
    time = START + timedelta(days=day)
    return Event(customer_id="a", time=time, type=kind, amount=amount, known_time=time + timedelta(days=late))


def of_one(book: Book, *events: Event) -> Histories:
    return encode_customers([("a", events, {})], book)


CUTOFF = end_of_day(START.date(), "UTC")


def test_value_is_the_money_of_the_window_and_of_nothing_else(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    history = of_one(book, an_event(0), an_event(1, amount=20.5), an_event(30, amount=4), an_event(31, amount=9))
    assert label(history, CUTOFF, "lifetime_value", 30, book).tolist() == [24.5]


def test_net_value_subtracts_returns_and_gross_does_not(tmp_path: Path) -> None:
    events = an_event(1, amount=20), an_event(2, "refund", -15)
    gross, net = a_book(tmp_path), a_book(tmp_path, value="net")
    assert label(of_one(gross, *events), CUTOFF, "lifetime_value", 30, gross).tolist() == [20]
    assert label(of_one(net, *events), CUTOFF, "lifetime_value", 30, net).tolist() == [5]


def test_the_parts_of_value_are_what_comes_in_and_what_is_taken_off(tmp_path: Path) -> None:
    events = an_event(1, amount=20), an_event(2, "refund", -15), an_event(3, "refund", -35), an_event(40, amount=7)
    gross, net = a_book(tmp_path), a_book(tmp_path, value="net")
    history = of_one(net, *events)
    assert (parts_of(gross), parts_of(net)) == (("gains",), ("gains", "losses"))
    assert label_part(history, CUTOFF, "gains", 30, gross).tolist() == [20]
    assert label_part(history, CUTOFF, "losses", 30, gross).tolist() == [0]
    assert label_part(history, CUTOFF, "gains", 30, net).tolist() == [20]
    assert label_part(history, CUTOFF, "losses", 30, net).tolist() == [50]
    assert label(history, CUTOFF, "lifetime_value", 30, net).tolist() == [-30]


def test_a_discount_is_a_line_of_a_gross_purchase(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    lines = replace(an_event(1, amount=20), order_id="o"), replace(an_event(1, amount=-5), order_id="o")
    history = of_one(book, *lines)
    parts = [label_part(history, CUTOFF, part, 30, book).tolist() for part in ("gains", "losses")]
    assert parts == [[15], [0]]


def test_a_part_knows_only_what_was_known(tmp_path: Path) -> None:
    book = a_book(tmp_path, value="net")
    history = of_one(book, an_event(5), an_event(6, "refund", -4, late=100))
    parts = [label_part(history, CUTOFF, "losses", 30, book, known_at=known) for known in (CUTOFF + 10**12, None)]
    assert [part.tolist() for part in parts] == [[0], [4]]


def test_churn_is_no_purchase_in_the_window(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    assert label(of_one(book, an_event(0), an_event(31)), CUTOFF, "churn", 30, book).tolist() == [1]
    assert label(of_one(book, an_event(0), an_event(30)), CUTOFF, "churn", 30, book).tolist() == [0]


def test_conversion_is_the_named_event_or_any_purchase(tmp_path: Path) -> None:
    history = (an_event(0), an_event(5))
    named, unnamed = a_book(tmp_path), a_book(tmp_path, types="[]")
    assert label(of_one(named, *history), CUTOFF, "conversion", 30, named).tolist() == [0]
    assert label(of_one(named, *history, an_event(6, "reply", None)), CUTOFF, "conversion", 30, named) == [1]
    assert label(of_one(unnamed, *history), CUTOFF, "conversion", 30, unnamed).tolist() == [1]


def test_a_label_knows_only_what_was_known(tmp_path: Path) -> None:
    book = a_book(tmp_path)
    history = of_one(book, an_event(0), an_event(5, late=100))
    assert label(history, CUTOFF, "lifetime_value", 30, book, known_at=CUTOFF + 1).tolist() == [0]
    assert label(history, CUTOFF, "lifetime_value", 30, book).tolist() == [10]


@pytest.mark.parametrize(
    ("whom", "visitor", "buyer"), [("everyone", True, True), ("buyers", False, True), ("prospects", True, False)]
)
def test_a_population_is_who_was_seen_by_the_cutoff(tmp_path: Path, whom: str, visitor: bool, buyer: bool) -> None:
    book = a_book(tmp_path, population=whom)
    assert audience(book, "conversion") == whom
    assert audience(book, "lifetime_value") == audience(book, "churn") == "buyers"
    looked, bought = of_one(book, an_event(0, "visit", None)), of_one(book, an_event(0))
    assert population(looked, CUTOFF, whom).tolist() == [visitor]
    assert population(bought, CUTOFF, whom).tolist() == [buyer]
    assert not population(of_one(book, an_event(1)), CUTOFF, whom).any()


@given(days=st.lists(st.floats(-40, 80), max_size=20), split=st.integers(1, 29))
def test_the_windows_of_two_horizons_share_no_event_and_miss_none(
    tmp_path_factory: pytest.TempPathFactory, days: list[float], split: int
) -> None:
    book = a_book(tmp_path_factory.mktemp("book"))
    history = of_one(book, *(an_event(day) for day in days))
    if not len(history):
        return
    whole = label(history, CUTOFF, "lifetime_value", 30, book)
    first = label(history, CUTOFF, "lifetime_value", split, book)
    rest = label(history, CUTOFF + split * 86_400_000_000, "lifetime_value", 30 - split, book)
    np.testing.assert_allclose(first + rest, whole)
