"""The next steps of a book: what a row may say, and what is asked where there is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.errors import BookError
from data.events import ROLES
from data.settings.book import load_book
from data.settings.next_step import ARRANGED, DEFAULT_COST, NextStep, default_steps

BOOK = """name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
appended = ["refund", "talk"]

[roles]
order = "purchase"
refund = "return"
talk = "meeting"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at" }
"""
STEPS = """
[[next_steps]]
type = "talk"
cost = 2
words = { en = "a talk", zh = "一次沟通" }

[[next_steps]]
type = "order"
at_most = 3
"""


def book_of(folder: Path, text: str) -> str:
    file = folder / "shop.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_a_row_says_what_differs_from_its_role(tmp_path: Path) -> None:
    talk, order = load_book(book_of(tmp_path, BOOK + STEPS)).next_steps
    assert (talk.effort("meeting"), talk.times("meeting"), talk.within_days) == (2.0, 1, 30)
    assert (order.effort("purchase"), order.times("purchase")) == (DEFAULT_COST["purchase"], 3)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"talk"\ncost', '"talks"\ncost', 18, 'the type "talks" has no role; .* did you mean "talk"'),
        ('"talk"\ncost', '"refund"\ncost', 18, 'next_steps[0].type: "refund" is a return, which is no step'),
        ('type = "order"\nat_most', 'type = "talk"\nat_most', 23, 'a type of its own, got "talk", which next_steps[0]'),
        ("cost = 2", "cost = 0", 19, "next_steps[0].cost: expected greater than 0, got 0"),
        ("cost = 2", "within_days = 400", 19, "next_steps[0].within_days: expected less than or equal to 365, got 400"),
        ("at_most = 3", "at_most = 13", 24, "next_steps[1].at_most: expected less than or equal to 12, got 13"),
        ("at_most = 3", 'several = { en = "{count} orders", zh = "{count} 笔" }', 22, "several belongs to words"),
        ("cost = 2", 'several = { en = "talks", zh = "沟通" }', 17, "expected {count} in both languages"),
        ("cost = 2", "price = 2", 19, "next_steps[0].price: unknown key"),
    ],
)
def test_errors_name_the_key_and_the_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    text = BOOK + STEPS
    assert old in text
    with pytest.raises(BookError) as refused:
        load_book(book_of(tmp_path, text.replace(old, new)))
    said = str(refused.value)
    assert f"line {line}: " in said, said
    for part in message.split(" .* "):
        assert part in said


def test_too_many_rows_are_refused(tmp_path: Path) -> None:
    types = [f"talk{number}" for number in range(13)]
    roles = "".join(f'{type_} = "meeting"\n' for type_ in types)
    rows = "".join(f'[[next_steps]]\ntype = "{type_}"\n' for type_ in types)
    text = BOOK.replace('talk = "meeting"\n', f'talk = "meeting"\n{roles}').replace(
        '"talk"]', f'"talk", {str(types)[1:]}'
    )
    with pytest.raises(BookError, match="next_steps: expected at most 12, got 13"):
        load_book(book_of(tmp_path, text + rows))


def test_without_rows_the_steps_are_the_arranged_types_that_occur() -> None:
    roles = {"talk": "meeting", "order": "purchase", "look": "visit", "mail": "response", "refund": "return"}
    assert [step.type for step in default_steps(roles, {"talk", "look", "refund"})] == ["talk", "order"]
    assert [step.type for step in default_steps(roles, roles)] == ["mail", "talk", "order"]


def test_every_role_to_work_towards_is_a_role_with_a_cost() -> None:
    assert set(ARRANGED) <= set(DEFAULT_COST) <= set(ROLES)
    assert NextStep(type="x").times("meeting") == 1
