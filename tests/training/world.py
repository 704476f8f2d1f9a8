"""A small world with prospects, replies, a profile and two ways to convert; seeded, so that it is always the same."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest

from data.clock import end_of_day
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book, load_book
from training import boosting
from training.bundle import Bundle
from training.fit import fit
from training.tuning import Search

START = datetime(2024, 1, 1, 12, tzinfo=UTC)
DAYS = 160
CUTOFF = end_of_day((START + timedelta(days=DAYS)).date(), "UTC")
SETTINGS = """
name = "shop"
currency = "EUR"
time_zone = "UTC"
appended = ["reply", "visit", "refund", "dream"]
{money}

[roles]
order = "purchase"
reply = "response"
visit = "visit"
refund = "return"
dream = "meeting"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = {{ customer_id = "customer", time = "at", amount = "amount" }}

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
known_from = 2023-01-01
columns = {{ country = "category" }}

[targets]
lifetime_value = {{ horizons = {horizons}, main = {horizon} }}
churn = {{ horizons = {horizons}, main = {horizon} }}
conversion = {{ horizons = {horizons}, main = {horizon}, types = {types} }}
"""


@cache
def a_book(types: str = '["reply"]', horizon: int = 40, beside: tuple[int, ...] = (), money: str = "") -> Book:
    """Its targets have one `horizon` and the others `beside` it; `money` are the lines that say what value is."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "shop.toml"
        horizons = sorted({horizon, *beside})
        file.write_text(SETTINGS.format(types=types, horizon=horizon, horizons=horizons, money=money))
        return load_book(str(file))


@cache
def customers(count: int = 220, seed: int = 5) -> tuple[tuple[str, tuple[Event, ...], str], ...]:
    """Everybody looks around, most buy at a pace of their own until they leave, some reply; until the end."""
    rng = np.random.default_rng(seed)
    people = []
    for number in range(count):
        name, country = f"c{number:03d}", ("DE", "CN", "FR")[number % 3]
        born, stay = rng.uniform(0, 90), rng.exponential(150)
        pace = 0.0 if number % 8 == 0 else rng.gamma(1.5, 1 / 15)
        days = born + np.cumsum(rng.exponential(1 / pace, 80)) if pace else np.empty(0)
        orders = [an_event(name, day, "order", float(rng.gamma(4, 10))) for day in days[days < born + stay]]
        replies = [an_event(name, born + rng.uniform(0, 150), "reply") for _ in range(rng.poisson(0.8 + 20 * pace))]
        people.append((name, (an_event(name, born, "visit"), *orders, *replies), country))
    return tuple(people)


def an_event(customer: str, day: float, kind: str, amount: float | None = None) -> Event:
    return Event(customer, START + timedelta(days=day), kind, amount=None if amount is None else round(amount, 2))


@cache
def histories(types: str = '["reply"]') -> Histories:
    people = [(name, events, {"country": country}) for name, events, country in customers()]
    return encode_customers(people, a_book(types))


@contextmanager
def few_trees() -> Iterator[None]:
    """Models learn in long strides, and so of few trees: for tests of what becomes of what they say."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.DEFAULTS, "learning_rate", 0.3)
        patch.setattr(boosting, "PATIENCE", 5)
        yield


def taught(book: Book, world: Histories, cutoff: int = CUTOFF, seed: int = 0) -> Bundle:
    """A bundle of few trees, for tests of what becomes of its scores."""
    with few_trees():
        return fit(book, world, cutoff, Search(seed=seed))


@cache
def bundle(types: str = '["reply"]', horizon: int = 40) -> Bundle:
    """Taught once; also of few trees."""
    return taught(a_book(types, horizon), histories(types))
