from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BookError
from data.settings.book import load_book

BOOK = """name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
signal_set = "trade"

[roles]
order = "purchase"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at" }
"""
SIGNAL = """
[[signals]]
name = "quick"
words = { en = "Quick", zh = "快" }
pattern = ["inquiry", "quote"]
days = 14
"""


def book_of(folder: Path, text: str) -> str:
    """The path of a book with this text."""
    file = folder / "shop.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_book_adds_its_own_signals_to_a_shipped_set(tmp_path: Path) -> None:
    book = load_book(book_of(tmp_path, BOOK + SIGNAL))
    names = [signal.name for signal in book.all_signals]
    assert names[-1] == "quick"
    assert "inquiry_to_quote" in names
    assert load_book(book_of(tmp_path, BOOK.replace('"trade"', '"none"'))).all_signals == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"quote"]', '"quotes"]', 18, 'role: expected one of touch, response, .* got "quotes"; did you mean "quote"'),
        ("days = 14", "days = 0", 19, "signals[0].days: expected greater than or equal to 1, got 0"),
        ("days = 14", "days = 9999", 19, "signals[0].days: expected less than or equal to 3650, got 9999"),
        ('"quick"', '"quote_to_sample"', 16, "which a signal of the signal_set has too"),
        ("days = 14", "days = 14\nleast = 3", 15, "least belongs to distinct"),
        ('["inquiry", "quote"]', '[{ role = "purchase", product = "x" }]', 18, "an order counts as a whole"),
        ('["inquiry", "quote"]', '["purchase"]\ndistinct = "product"', 15, "its lines differ in product"),
        ('["inquiry", "quote"]', "[]", 18, "expected at least 1, got a list of 0"),
        ('"quick"', '"Quick"', 16, "expected small letters, digits and _"),
        ('["inquiry", "quote"]', '[{ role = "visit", type = "click" }]', 18, 'the type "click" has no role'),
    ],
)
def test_a_bad_signal_is_refused_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    file = book_of(tmp_path, BOOK + SIGNAL.replace(old, new))
    with pytest.raises(BookError) as error:
        load_book(file)
    said = str(error.value)
    assert f"shop.toml: line {line}: signals[0]" in said
    for part in message.split(" .* "):
        assert part in said


def test_two_signals_of_one_name_are_refused_with_the_line_of_the_second(tmp_path: Path) -> None:
    with pytest.raises(BookError, match=r'line 22: signals\[1\].name: .* got "quick", which signals\[0\] has too'):
        load_book(book_of(tmp_path, BOOK + SIGNAL + SIGNAL))
