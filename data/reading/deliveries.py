"""Opening the deliveries of a place: its files, sheets, or the answer of its query."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import polars as pl

from data.errors import SourceError
from data.reading.digests import Digests
from data.reading.parquet_file import read_parquet
from data.reading.place import files_of, format_of
from data.reading.rows import Delivery, require_columns
from data.reading.text_file import read_text
from data.reading.texts import written_with
from data.reading.workbook import read_sheet, read_workbook
from data.settings.book import Book
from data.settings.source import Join, Place


def deliveries(place: Place, wanted: Sequence[str], book: Book, home: Path) -> Iterator[Delivery]:
    """Every file, sheet or answer of a place, with at least the wanted columns; SourceError without them."""
    if place.url is not None:
        yield from answers(place, wanted, book)
        return
    for file in files_of(place, book, home):
        yield from in_file(file, None, place, wanted)


def answers(place: Place, wanted: Sequence[str], book: Book) -> Iterator[Delivery]:
    """The answer of the place's query."""
    from data.reading.database import read_query

    yield read_query(place, place.directory or book.directory, wanted)


def in_file(file: Path, sheet: str | None, place: Place, wanted: Sequence[str]) -> Iterator[Delivery]:
    """What a file of a place delivers, or one sheet of it."""
    match format_of(place, file):
        case "parquet":
            yield read_parquet(file, wanted)
        case "xlsx" if sheet is not None:
            yield from read_sheet(file, sheet, place, wanted)
        case "xlsx":
            yield from read_workbook(file, place, wanted)
        case "csv" | "text" as format_:
            delivery = read_text(file, place, spaced=format_ == "text")
            require_columns(wanted, delivery.columns, str(file))
            yield delivery


def read_whole(place: Place, wanted: Sequence[str], book: Book, home: Path) -> pl.DataFrame:
    """All rows of a small place in one frame; SourceError for rows that cannot be split into columns."""
    frames = []
    for delivery in deliveries(place, wanted, book, home):
        for chunk in delivery.chunks:
            if chunk.broken.height:
                line, reason = chunk.broken.row(0)[:2]
                raise SourceError(f"{delivery.name}: line {line}: {reason}")
            frames.append(chunk.frame.select(wanted))
    return _stacked(frames, place.decimal) if frames else pl.DataFrame(schema=dict.fromkeys(wanted, pl.String))


def _stacked(frames: Sequence[pl.DataFrame], decimal: str) -> pl.DataFrame:
    """The frames below each other; a column that has numbers in one and texts in another becomes text."""
    if len({str(frame.schema) for frame in frames}) > 1:
        frames = [pl.DataFrame([written_with(column, decimal) for column in frame.get_columns()]) for frame in frames]
    return pl.concat(frames)


def join_table(join: Join, book: Book, home: Path) -> pl.DataFrame:
    """The joined columns by `on`; SourceError when a value of `on` has two rows."""
    table = read_whole(join, [join.on, *join.columns], book, home)
    if table[join.on].is_duplicated().any():
        where = join.url or ", ".join(join.path)
        raise SourceError(f'{where}: joins: expected one row for each "{join.on}", some have several')
    return table


def content_digest(book: Book, home: Path) -> str:
    """SHA-256 over everything that the book's places hold now; file names count, folders do not."""
    state = hashlib.sha256()
    digests = Digests(home / book.name / "digests.json")
    for place in places_of(book):
        if place.url is not None:
            from data.reading.database import query_digest

            state.update(query_digest(place, place.directory or book.directory).encode())
        else:
            for file in files_of(place, book, home):
                state.update(f"{file.name} {digests.of(file)}\n".encode())
    digests.remember()
    return state.hexdigest()


def places_of(book: Book) -> Iterator[Place]:
    """Every place that the book reads."""
    for source in book.sources:
        yield from (source, *source.joins)
    for profile in book.profiles:
        if profile.source is None:
            yield from (profile, *profile.joins)
