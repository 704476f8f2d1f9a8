"""The database under a ledger: a SQLite file that several processes share, or a server."""

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, insert, inspect, make_url, select, text, update
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from data.errors import StoreError
from data.store.scrub import scrub
from serving.ledger.tables import CHANGES, FORMAT, HEAD, METADATA, UPGRADABLE

PATIENCE = 60
"""Seconds that a writer waits for another one."""

LOCK = 7_205_759_403
"""The advisory lock that the writers of a PostgreSQL ledger take in turns."""

FIRST_IN_A_FILE = ("pragma synchronous = normal", "begin immediate")
FIRST_ON_A_SERVER = (f"select pg_advisory_xact_lock({LOCK})",)
"""What a writer says before what it writes, where that is no decision."""


class Database:
    """One book's ledger. What a `writing` block wrote is kept, whole, once the block is left; a kill within it, or
    an error, leaves nothing. Writers take turns; readers never wait.

    Every write survives a kill of the process. A `decision` is synced to the disk, so that it survives a loss of power
    as well; on a server, whatever is written survives what the server promises.
    """

    def __init__(self, url: URL, book: str) -> None:
        self._url = url
        self._book = book
        self._opened: Engine | None = None
        self._process = 0
        self._opening = Lock()

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
        return self._is_open or self.file is None or self.file.is_file()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """A connection that sees one state of the ledger throughout."""
        with self._told(), self._engine().connect() as connection:
            if self.file is None:
                connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection

    @contextmanager
    def writing(self, *, decision: bool = True) -> Iterator[Connection]:
        """A connection whose statements all happen, or none; only one process writes at a time. A `decision` tells
        every reader that what it remembers of decisions is old."""
        with self._told(), _turn(self._engine(), durable=decision) as connection:
            if decision:
                connection.execute(update(CHANGES).values(number=CHANGES.c.number + 1))
            yield connection

    def add(self, statement: str, rows: Sequence[Mapping[str, Any]]) -> None:
        """Runs a statement of the driver's for every row, all in one turn as in `writing`, but no decision.

        SQLAlchemy's own part of a small write takes ten times as long as the driver's.
        """
        with self._raw() as cursor:
            for own in FIRST_IN_A_FILE if self.file is not None else FIRST_ON_A_SERVER:
                cursor.execute(own)
            cursor.executemany(statement, rows)
            cursor.execute("commit")

    def changes(self) -> int:
        """The number of decisions so far; while it is the same, so are previous tiers and overrides."""
        with self._raw() as cursor:
            cursor.execute("select number from ledger_changes")
            return int(cursor.fetchone()[0])

    @contextmanager
    def _raw(self) -> Iterator[Any]:
        """The driver's own cursor; what is not committed within the block does not happen."""
        with self._told():
            engine = self._engine()
            raw = engine.raw_connection()
            try:
                yield raw.cursor()
            except engine.dialect.loaded_dbapi.Error as error:
                raise StoreError(f"{self._shown}: {error}") from error
            finally:
                raw.close()

    def scrub(self) -> None:
        """Makes what was deleted unreadable: the file is written anew, or the server gives the rows' room free."""
        if self.file is not None:
            scrub(self.file)
            return
        with self._told(), self._engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            for table in METADATA.sorted_tables:
                connection.execute(text(f'vacuum full "{table.name}"'))

    @cached_property
    def file(self) -> Path | None:
        """The SQLite file; None where a server keeps the ledger."""
        return Path(self._url.database or "") if self._url.get_backend_name() == "sqlite" else None

    def _engine(self) -> Engine:
        """The connections of this process; a forked child must not use its parent's."""
        if not self._is_open:
            with self._opening:
                if not self._is_open:
                    self._open()
        assert self._opened is not None
        return self._opened

    @property
    def _is_open(self) -> bool:
        return self._opened is not None and self._process == os.getpid()

    def _open(self) -> None:
        self.close()
        if self.file is not None:
            self.file.parent.mkdir(parents=True, exist_ok=True)
        engine = _connections(self._url)
        try:
            self._require_format(engine)
        except Exception:
            engine.dispose()
            raise
        self._process, self._opened = os.getpid(), engine

    def _require_format(self, engine: Engine) -> None:
        with engine.connect() as connection:
            found = _head(connection)
        if found is None or found.format in UPGRADABLE:
            with _turn(engine) as connection:
                found = _founded(connection, _head(connection), self._book)
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
        return str(self.file or self._url.set(query={}).render_as_string(hide_password=True))


@contextmanager
def _turn(engine: Engine, *, durable: bool = True) -> Iterator[Connection]:
    with engine.connect().execution_options(writing=True, durable=durable) as connection, connection.begin():
        if engine.dialect.name == "postgresql":
            connection.execute(text("select pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
        yield connection


def _head(connection: Connection) -> Any:
    """Format and book of a ledger; None where there is none yet."""
    if not inspect(connection).has_table(HEAD.name):
        return None
    return connection.execute(select(HEAD)).one_or_none()


def _founded(connection: Connection, found: Any, book: str) -> Any:
    """The head of a new ledger, or of an earlier one that was given the tables that it lacked."""
    if found is not None and found.format not in UPGRADABLE:
        return found
    METADATA.create_all(connection)
    connection.execute(insert(CHANGES).values(number=0))
    head = insert(HEAD).values(format=FORMAT, book=book) if found is None else update(HEAD).values(format=FORMAT)
    connection.execute(head)
    return _head(connection)


def _connections(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        return create_engine(url)
    engine = create_engine(url, connect_args={"timeout": PATIENCE})
    event.listen(engine, "connect", _durable)
    event.listen(engine, "begin", _begin)
    return engine


def _durable(connection: Any, _: object) -> None:
    """The driver begins no transaction of its own, which would come too late; what is deleted is overwritten."""
    connection.isolation_level = None
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma secure_delete = on")
    connection.execute("pragma cache_size = -65536")  # KiB; indexes of a large book do not fit into the usual 2 MiB


def _begin(connection: Connection) -> None:
    """A writer takes its turn at once: one that had read before could not become a writer when another was faster."""
    options = connection.get_execution_options()
    if options.get("outside"):
        return
    if options.get("writing"):
        connection.exec_driver_sql(f"pragma synchronous = {'full' if options['durable'] else 'normal'}")
    connection.exec_driver_sql("begin immediate" if options.get("writing") else "begin")
