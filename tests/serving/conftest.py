"""A small shop: customers with a history, a book, a bundle trained once, and clients that ask it."""

import asyncio
import csv
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

from data.clock import end_of_day, local_date
from data.events import Event
from data.histories.histories import Histories
from data.ingest.opening import open_store
from data.settings.book import Book, load_book
from data.store.store import Store
from serving.engine import Engine
from serving.plan import Plan, promote
from serving.score import fit_plan
from serving.service import service_for
from training import boosting
from training.bundle import Bundle
from training.fit import fit
from training.shelf import promote as promote_bundle
from training.tuning import Search

SETTINGS = """
name = "corner_shop"
title = "Corner shop"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
order = "purchase"
refund = "return"
look = "visit"

[[sources]]
name = "events"
path = "events.csv"
columns = { customer_id = "customer", time = "time", type = "type", amount = "amount", order_id = "order" }

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
known_from = 2023-01-01
columns = { country = "category", staff = "number" }

[targets.lifetime_value]
horizons = [28]
[targets.conversion]
horizons = [28]
[targets.churn]
horizons = [28]
"""

CUSTOMERS = 90
DAYS = 140
START = datetime(2024, 1, 1, 9, tzinfo=UTC)


@pytest.fixture(scope="session")
def shop_events() -> dict[str, list[Event]]:
    """The events of every customer; each tenth never buys."""
    generator = np.random.default_rng(7)
    return {f"c{number:03d}": _visits(f"c{number:03d}", number % 10 == 0, generator) for number in range(CUSTOMERS)}


def _visits(customer: str, never_buys: bool, generator: np.random.Generator) -> list[Event]:
    events = []
    keenness, size = generator.beta(1.2, 2.0), float(np.exp(generator.normal(3.0, 0.6)))
    day, last = int(generator.integers(0, 40)), int(generator.integers(60, 300))
    while day < DAYS:
        time = START + timedelta(days=day, minutes=int(generator.integers(0, 600)))
        events.append(Event(customer, time, "look"))
        if not never_buys and day < last and (not events[1:] or generator.random() < keenness):
            amount = round(size * float(np.exp(generator.normal(0.0, 0.3))), 2)
            events.append(Event(customer, time + timedelta(hours=1), "order", amount=amount, order_id=f"o{day}"))
        day += int(generator.integers(3, 12))
    return events


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory, shop_events: dict[str, list[Event]]) -> Path:
    """A folder with the book's TOML, its sources and, under `.tierwise`, everything a server needs."""
    folder = tmp_path_factory.mktemp("shop")
    (folder / "corner_shop.toml").write_text(SETTINGS, encoding="utf-8")
    rows = [event for events in shop_events.values() for event in events]
    fields = ("customer", "time", "type", "amount", "order")
    lines = [(e.customer_id, e.time.isoformat(), e.type, e.amount or "", e.order_id or "") for e in rows]
    _write(folder / "events.csv", fields, lines)
    people = [(name, ("DE", "FR", "CN")[i % 3], 10 + 7 * i) for i, name in enumerate(shop_events)]
    _write(folder / "people.csv", ("customer", "country", "staff"), people)
    return folder


def _write(file: Path, fields: Sequence[str], rows: Sequence[Sequence[object]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as sheet:
        csv.writer(sheet).writerows([fields, *rows])


@pytest.fixture(scope="session")
def home(shop: Path) -> Path:
    return shop / ".tierwise"


@pytest.fixture(scope="session")
def book(shop: Path) -> Book:
    return load_book(str(shop / "corner_shop.toml"))


@pytest.fixture(scope="session")
def store(book: Book, home: Path) -> Store:
    return open_store(book, home)


@pytest.fixture(scope="session")
def histories(store: Store) -> Histories:
    return store.read_all()


@pytest.fixture(scope="session")
def cutoff(store: Store, book: Book) -> int:
    return end_of_day(local_date(store.last_time, book.time_zone), book.time_zone)


@pytest.fixture(scope="session")
def bundle(book: Book, histories: Histories, cutoff: int, home: Path) -> Bundle:
    """A bundle of few trees: what is tested is what becomes of its scores."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.DEFAULTS, "learning_rate", 0.5)
        patch.setattr(boosting, "PATIENCE", 2)
        trained = fit(book, histories, cutoff, Search())
    promote_bundle(trained, home)
    return trained


@pytest.fixture(scope="session")
def engine(shop: Path, home: Path, bundle: Bundle, cutoff: int) -> Engine:
    """The shop's engine, its current plan included."""
    name = str(shop / "corner_shop.toml")
    plan = fit_plan(Engine.open(name, home), cutoff, lambda customers: None)
    plan.save(home)
    promote(plan, home, cutoff)
    return Engine.open(name, home)


@pytest.fixture
def in_the_shop(shop: Path, home: Path, engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """The shop's folder as the working folder, with a bundle, a plan, and a ledger that was never written."""
    monkeypatch.chdir(shop)
    _forget(engine, home)
    yield shop
    _forget(engine, home)


def _forget(engine: Engine, home: Path) -> None:
    engine.ledger.close()
    for file in (home / engine.book.name).glob("ledger.db*"):
        file.unlink()


@pytest.fixture(scope="session")
def plan(engine: Engine) -> Plan:
    assert engine.plan is not None
    return engine.plan


class Client:
    """Asks an ASGI application from synchronous tests, its start and end included."""

    def __init__(self, portal: BlockingPortal, app: Any) -> None:
        self._portal = portal
        self._http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost:3000")

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.request("GET", path, **options)

    def request(self, method: str, path: str, **options: Any) -> httpx.Response:
        async def ask() -> httpx.Response:
            return await self._http.request(method, path, **options)

        return self._portal.call(ask)

    def ask_at_once(self, bodies: Sequence[Any]) -> list[httpx.Response]:
        """Posts all of the JSON values to the recommendations at the same time."""

        async def ask() -> list[httpx.Response]:
            posts = (self._http.post("/v1/recommendations", json=body) for body in bodies)
            return list(await asyncio.gather(*posts))

        return self._portal.call(ask)

    def ask(self, body: Any, **headers: str) -> httpx.Response:
        """Posts a JSON value to the recommendations."""
        return self.request("POST", "/v1/recommendations", json=body, headers=headers)

    def post(self, content: Any, media: str = "application/json") -> httpx.Response:
        """Posts bytes, or an asynchronous stream of bytes, to the recommendations."""
        headers = {"content-type": media} if media else {}
        return self.request("POST", "/v1/recommendations", content=content, headers=headers)


@asynccontextmanager
async def _started(app: Any) -> AsyncIterator[None]:
    to_app: asyncio.Queue[Any] = asyncio.Queue()
    from_app: asyncio.Queue[Any] = asyncio.Queue()
    scope = {"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}
    running = asyncio.create_task(app(scope, to_app.get, from_app.put))
    await to_app.put({"type": "lifespan.startup"})
    assert (await from_app.get())["type"] == "lifespan.startup.complete"
    yield
    await to_app.put({"type": "lifespan.shutdown"})
    await running


@contextmanager
def client_of(app: Any) -> Iterator[Client]:
    """A client of an application that is started before and stopped after."""
    with start_blocking_portal() as portal, portal.wrap_async_context_manager(_started(app)):
        yield Client(portal, app)


@pytest.fixture(scope="session")
def client(engine: Engine) -> Iterator[Client]:
    with client_of(service_for(lambda: engine).to_asgi()) as asking:
        yield asking
