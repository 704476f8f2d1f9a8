"""What has passed between us and a customer, as of a cutoff."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import end_of_day, local_day
from data.events import Event
from data.histories.inline import encode_customers
from data.settings.book import Book
from data.settings.declared import frozen
from serving.playbook.contacts import Contacts, contacts_of

ROLES = {"mail": "touch", "click": "response", "order": "purchase", "talk": "meeting", "bill": "payment"}
START = datetime(2024, 1, 1, 12, tzinfo=UTC)
TODAY = (START.date() - datetime(1970, 1, 1, tzinfo=UTC).date()).days + 100
CUTOFF = end_of_day((START + timedelta(days=100)).date(), "UTC")
LIVES = st.lists(st.lists(st.tuples(st.integers(0, 130), st.sampled_from(sorted(ROLES))), max_size=8), max_size=5)


@pytest.fixture(scope="module")
def book() -> Book:
    source = {"name": "e", "path": "e.csv", "columns": {"customer_id": "c", "time": "t", "type": "y"}}
    settings = {"name": "b", "currency": "EUR", "time_zone": "UTC", "roles": ROLES, "sources": [source]}
    return Book.model_validate(frozen(settings))


def life(customer: str, events: Sequence[tuple[int, str]]) -> tuple[str, list[Event], dict[str, object]]:
    return customer, [Event(customer, START + timedelta(days=day), type_) for day, type_ in events], {}


def contacts(book: Book, *lives: Sequence[tuple[int, str]]) -> list[Contacts]:
    histories = encode_customers([life(f"c{n}", events) for n, events in enumerate(lives)], book)
    return list(contacts_of(histories, CUTOFF, local_day(CUTOFF, "UTC")))


def test_touches_after_the_last_act_are_unanswered(book: Book) -> None:
    (told,) = contacts(book, [(10, "mail"), (20, "click"), (30, "mail"), (40, "bill"), (50, "mail"), (120, "order")])
    assert told.unanswered == 2
    assert [told.today - day for day in told.touches] == [90, 70, 50]
    assert told.last_contact_age == 50


def test_a_meeting_is_a_contact_and_an_act(book: Book) -> None:
    (told,) = contacts(book, [(10, "mail"), (60, "talk")])
    assert (told.last_contact_age, told.unanswered) == (40, 0)


def test_somebody_without_events_has_no_contacts(book: Book) -> None:
    assert contacts(book, [], [(3, "mail")])[0] == Contacts(TODAY)


@given(LIVES)
def test_each_customer_alone_as_among_others_as_by_hand(book: Book, lives: list[list[tuple[int, str]]]) -> None:
    together = contacts(book, *lives)
    for told, events in zip(together, lives, strict=True):
        (alone,) = contacts(book, events)
        assert told == alone
        seen = sorted((day, type_ != "mail") for day, type_ in events if day <= 100)
        acts = [day for day, type_ in events if type_ in ("click", "order", "talk") and day <= 100]
        touches = [day for day, other in seen if not other]
        assert [told.today - day for day in told.touches] == [100 - day for day in touches]
        assert told.unanswered == sum(day > max(acts, default=-1) for day in touches)
        assert told.touched_within(30) == sum(100 - day < 30 for day in touches)
