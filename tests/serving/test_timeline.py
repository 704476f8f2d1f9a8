"""A customer's events in words."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from data.clock import instant_of
from data.events import ROLES, Event
from data.settings.book import Book
from serving.figures import Language
from serving.timeline import TITLES, timeline

START = datetime(2024, 3, 1, 9, tzinfo=UTC)
END = instant_of(START + timedelta(days=100))


def told(events: list[Event], book: Book, language: Language = "en", *, cutoff: int = END) -> list[str]:
    found = timeline(events, cutoff, book, most=10, before=None, language=language)
    return [entry.text for entry in found.entries]


def order(line: int, **more: object) -> Event:
    return Event("c", START, "order", amount=Decimal("2.50"), order_id="o1", product=f"p{line}", **more)  # type: ignore[arg-type]


def test_every_role_has_a_title() -> None:
    assert set(TITLES) == set(ROLES)


def test_the_lines_of_an_order_are_one_entry(book: Book) -> None:
    lines = [order(line, channel="web") for line in range(5)]
    assert told(lines, book) == ["Order: EUR 12.50, 5 lines, p0, p1, p2 and more, via web"]
    assert told(lines, book, "zh") == ["订单：EUR 12.50，5 行，p0，p1，p2 等，渠道：web"]
    assert told([*lines, Event("c", START + timedelta(days=1), "look")], book)[0] == "Visit to the website"


def test_what_was_not_known_by_then_is_left_out(book: Book) -> None:
    late = Event("c", START, "look", known_time=START + timedelta(days=200))
    assert told([late, order(1)], book) == ["Order: EUR 2.50, p1"]
    assert told([order(1)], book, cutoff=instant_of(START) - 1) == []


@pytest.mark.parametrize("most", [1, 3, 7])
def test_pages_are_disjoint_and_whole(book: Book, most: int) -> None:
    events = [Event("c", START + timedelta(hours=hour), "look") for hour in range(7)]
    seen, before = [], None
    while True:
        page = timeline(events, END, book, most=most, before=before, language="en")
        seen += [entry.place for entry in page.entries]
        before = page.before
        if before is None:
            break
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    assert page.total == 7
