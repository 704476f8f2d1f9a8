"""A client of the shop's API whose writes are forgotten after each test, and keys of account managers."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.ingest.opening import open_store
from serving.caller import ANYBODY, CALLER
from serving.engine import Engine
from serving.ledger.ledger import Ledger
from serving.service import service_for
from tests.serving.conftest import client_of

MINE, OTHERS, NEVER_BUYS = "c001", "c002", "c000"


@pytest.fixture
def desk(engine: Engine, home: Path) -> Iterator[Engine]:
    """The shop's engine with a store and a ledger of its own, as if nothing had ever been appended or recorded."""
    forget(engine, home)
    yield replace(engine, store=open_store(engine.book, home), ledger=Ledger.open(engine.book.name, home))
    forget(engine, home)


def forget(engine: Engine, home: Path) -> None:
    """Removes the ledger and the inbox of the shop."""
    engine.ledger.close()
    for name in ("ledger.db", "inbox.sqlite"):
        for file in (home / engine.book.name).glob(f"{name}*"):
            file.unlink()


@pytest.fixture
def api(desk: Engine) -> Iterator[Any]:
    with client_of(service_for(lambda: desk).to_asgi()) as asking:
        yield asking


@pytest.fixture
def owned(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every odd customer is Ann's, every even one Bo's."""
    monkeypatch.setattr(
        Engine,
        "owners_of",
        lambda self, histories: [("Bo", "Ann")[int(name[-1]) % 2] for name in histories.customer_ids],
    )


@pytest.fixture
def as_ann(desk: Engine, owned: None) -> Iterator[Any]:
    """A client that asks with the key of Ann."""
    app = service_for(lambda: desk).to_asgi()

    async def asking_as_ann(scope: Any, receive: Any, send: Any) -> None:
        with called_by("Ann"):
            await app(scope, receive, send)

    with client_of(asking_as_ann) as asking:
        yield asking


@contextmanager
def called_by(owner: str | None) -> Iterator[None]:
    """Within, the caller is that account manager."""
    token = CALLER.set(replace(ANYBODY, owner=owner))
    try:
        yield
    finally:
        CALLER.reset(token)


@pytest.fixture
def post(api: Any) -> Callable[[str, Any], Any]:
    """Posts JSON to a path."""
    return lambda path, body: api.request("POST", path, json=body)
