"""The database under a ledger: a SQLite file that several processes share, or a server."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from data.errors import StoreError
from serving.ledger.tables import FORMAT, HEAD, METADATA

PATIENCE = 60
"""Seconds that a writer waits for another one."""

LOCK = 7_205_759_403
"""The advisory lock that the writers of a PostgreSQL ledger take in turns."""


class Database:
    """One book's ledger. What a `writing` block wrote is on disk, whole, once the block is left; a kill within it, or
    an error, leaves nothing. Writers take turns; readers never wait."""

    def __init__(self, url: URL, book: str) -> None:
        self._url = url
        self._book = book
        self._opened: Engine | None = None
        self._process = 0

    def close(self) -> None:
        """Gives the connections back; they are opened again where they are needed."""
        if self._opened is not None:
            self._opened.dispose(close=self._process == os.getpid())
        self._opened = None

    @classmethod
    def at(cls, url: str, book: str) -> "Database":
        """A database by its URL; PostgreSQL is spoken to with psycopg. StoreError for a text that is none."""
        try:
            made = make_url(url)
        except ArgumentError as error:
            raise StoreError("ledger: expected a database URL such as postgresql://user@host/name") from error
        server = made.drivername in ("postgres", "postgresql")
        return cls(made.set(drivername="postgresql+psycopg") if server else made, book)

    @property
    def is_there(self) -> bool:
        """Whether there can be anything to read: a SQLite file is made by the first writer."""
        return self._file is None or self._file.is_file()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger throughout."""
        with self._told(), self._engine().connect() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """A connection whose statements all happen, or none; only one process writes at a time."""
        if self._file is not None:
            self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._told(), _turn(self._engine()) as connection:
            yield connection

    @property
    def _file(self) -> Path | None:
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    def _engine(self) -> Engine:
        """The connections of this process; a forked child must not use its parent's."""
        if self._opened is None or self._process != os.getpid():
            self.close()
            engine = _connections(self._url)
            try:
                self._require_format(engine)
            except Exception:
                engine.dispose()
                raise
            self._opened, self._process = engine, os.getpid()
        return self._opened

    def _require_format(self, engine: Engine) -> None:
        with engine.connect() as connection:
            found = _head(connection)
        if found is None:
            with _turn(engine) as connection:
                found = _head(connection) or _founded(connection, self._book)
        if found.format != FORMAT:
            raise StoreError(f"{self._shown}: expected ledger format {FORMAT}, found {found.format}")
        if found.book != self._book:
            raise StoreError(
                f"{self._shown} is the ledger of book {found.book}, not of {self._book}; give each book its own"
            )

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except NoSuchModuleError as error:
            raise StoreError(f'{self._shown}: unknown kind of database "{self._url.drivername}"') from error
        except ImportError as error:
            raise StoreError(f"{self._shown}: its driver {error.name} is not installed; install it") from error
        except SQLAlchemyError as error:
            cause = str(getattr(error, "orig", None) or error).strip().splitlines()
            raise StoreError(f"{self._shown}: {cause[0] if cause else type(error).__name__}") from error

    @property
    def _shown(self) -> str:
        """The SQLite file, or the URL without its password and options."""
        return str(self._file or self._url.set(query={}).render_as_string(hide_password=True))


@contextmanager
def _turn(engine: Engine) -> Iterator[Connection]:
    with engine.connect().execution_options(writing=True) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection


def _head(connection: Connection) -> Any:
    """Format and book of a ledger; None where there is none yet."""
    if not inspect(connection).has_table(HEAD.name):
        return None
    return connection.execute(select(HEAD)).one_or_none()


def _founded(connection: Connection, book: str) -> Any:
    METADATA.create_all(connection)
    connection.execute(insert(HEAD).values(format=FORMAT, book=book))
    return _head(connection)


def _connections(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    return engine


def _durable(connection: Any, _: object) -> None:
    """What is acknowledged is on disk; the driver begins no transaction of its own, which would come too late."""
    connection.isolation_level = None
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once: one that had read before could not become a writer when another was faster."""
    writing = connection.get_execution_options().get("writing", False)
    connection.exec_driver_sql("begin immediate" if writing else "begin")
