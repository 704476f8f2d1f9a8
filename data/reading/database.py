"""Rows of a query to a SQL database."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

from sqlalchemy import URL, Engine, create_engine, make_url, text
from sqlalchemy.engine import CursorResult
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from data.errors import SourceError, did_you_mean
from data.reading.rows import Chunk, Delivery, cell_text, cells_frame, numbered, require_columns, require_distinct
from data.settings.source import Place

_BATCH = 50_000


def read_query(place: Place, directory: Path, wanted: Sequence[str]) -> Delivery:
    """The wanted columns of the answer, rows numbered from 1 in the order of the answer."""
    url = _database(place, directory)
    with _answer(url, place) as answer:
        names = tuple(answer.keys())
    require_distinct(names, _shown(url))
    require_columns(wanted, names, _shown(url))
    return Delivery(_shown(url), names, _chunks(url, place, names, wanted))


def rows_of_query(place: Place, directory: Path) -> int:
    """How many rows the answer has, or 0 where the database cannot count them."""
    counting = f"select count(*) from ({(place.query or '').strip().rstrip(';')}) counted"  # noqa: S608
    try:
        with _answer(_database(place, directory), place.model_copy(update={"query": counting})) as answer:
            return int(str(answer.scalar_one()))
    except SourceError:
        return 0


def query_digest(place: Place, directory: Path) -> str:
    """A digest of the answer's rows in any order: it changes when they do."""
    total, rows = 0, 0
    with _answer(_database(place, directory), place) as answer:
        names = list(answer.keys())
        for row in answer:
            cells = repr([cell_text(cell) for cell in row]).encode()
            total += int.from_bytes(hashlib.blake2b(cells, digest_size=16).digest())
            rows += 1
    return hashlib.sha256(repr((names, rows, total)).encode()).hexdigest()


def _chunks(url: URL, place: Place, names: Sequence[str], wanted: Sequence[str]) -> Iterator[Chunk]:
    positions = [names.index(name) for name in wanted]
    first = 1
    with _answer(url, place) as answer:
        for rows in answer.partitions(_BATCH):
            cells = [[row[position] for position in positions] for row in rows]
            yield numbered(cells_frame(cells, wanted, place.decimal), first)
            first += len(rows)


@contextmanager
def _answer(url: URL, place: Place) -> Iterator[CursorResult[tuple[object, ...]]]:
    engine = _engine(url)
    query = (place.query or "").replace(":", r"\:")  # a colon is no parameter here
    try:
        with engine.connect() as connection:
            streaming = connection.execution_options(stream_results=True, max_row_buffer=_BATCH)
            with closing(streaming.execute(text(query))) as answer:
                yield answer
    except SQLAlchemyError as error:
        cause = str(getattr(error, "orig", None) or error).strip().splitlines()
        raise SourceError(f"{_shown(url)}: {cause[0] if cause else type(error).__name__}") from error
    finally:
        engine.dispose()


def _engine(url: URL) -> Engine:
    try:
        return create_engine(url)
    except NoSuchModuleError as error:
        raise SourceError(f'{_shown(url)}: unknown kind of database "{url.drivername}"') from error
    except ImportError as error:
        extra = "tierwise[postgres]" if url.get_backend_name() == "postgresql" else f"the driver {error.name}"
        raise SourceError(f"{_shown(url)}: its driver is not installed; install {extra}") from error


def _database(place: Place, directory: Path) -> URL:
    """The URL with $VARIABLES filled in, our PostgreSQL driver, and a SQLite file beside the book."""
    try:
        url = make_url(filled(place.url or ""))
    except ArgumentError as error:
        raise SourceError("url: expected a database URL such as postgresql://user@host/name") from error
    if url.drivername in ("postgres", "postgresql"):
        return url.set(drivername="postgresql+psycopg")
    return _sqlite(url, directory) if url.get_backend_name() == "sqlite" else url


def filled(url: str, key: str = "url") -> str:
    """A URL with its $VARIABLES filled in from the environment; SourceError, which names the book's `key`, for one
    that is not set."""

    def value(match: re.Match[str]) -> str:
        name = match[1] or match[2]
        if name not in os.environ:
            raise SourceError(f"{key}: the environment variable {name} is not set{did_you_mean(name, os.environ)}")
        return os.environ[name]

    return re.sub(r"\$(?:(\w+)|\{(\w+)\})", value, url)


def _sqlite(url: URL, directory: Path) -> URL:
    """SQLite would create a file that does not exist, so it is looked for and opened for reading only."""
    file = directory / (url.database or "")
    if not file.is_file():
        raise SourceError(f"{file}: no such SQLite file")
    return url.set(database=f"file:{file}", query={"mode": "ro", "uri": "true"})


def _shown(url: URL) -> str:
    """The URL without its password and options, or the SQLite file."""
    if url.get_backend_name() == "sqlite":
        return (url.database or "").removeprefix("file:")
    return url.set(query={}).render_as_string(hide_password=True)
