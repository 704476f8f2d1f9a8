"""What an ingest reads, cut into pieces of work: a file, a sheet, the answer of a query, the inbox."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.events import APPENDED
from data.reading.place import files_of, format_of
from data.reading.workbook import sheets_of
from data.settings.book import Book
from data.settings.source import Format, Place, ProfileSource, Source

_SAMPLE = 1 << 20
_MOST_SHEET_ROWS = 1 << 20


@dataclass(frozen=True, slots=True)
class Parcel:
    """One delivery at most (an empty sheet is none), with its place in the order of reading.

    `source` names the source or profile; appended events have numbers up to `through`.
    """

    number: int
    source: str
    file: Path | None = None
    sheet: str | None = None
    through: int = 0

    @property
    def folder(self) -> str:
        """Where what it brings is kept; what was appended meanwhile makes it another one."""
        return f"{self.number:06}-{self.through}" if self.through else f"{self.number:06}"


def parcels(book: Book, home: Path, through: int) -> list[Parcel]:
    """Everything to read in order: sources, events appended up to a number, profiles with a place of their own."""
    described = [profile for profile in book.profiles if profile.source is None]
    cut: list[tuple[str, Path | None, str | None]] = []
    for source in book.sources:
        cut += [(source.name, *piece) for piece in _cut(source, book, home)]
    place = len(cut)
    cut += [(APPENDED, None, None)] if through else []
    for profile in described:
        cut += [(profile.name, *piece) for piece in _cut(profile, book, home)]
    return [
        Parcel(number, *piece, through=through if through and number == place else 0)
        for number, piece in enumerate(cut)
    ]


def rows_in(parcel: Parcel, book: Book) -> int:
    """About how many rows a parcel of events has."""
    source = next((each for each in book.sources if each.name == parcel.source), None)
    if source is None:
        return parcel.through
    if parcel.file is None:
        from data.reading.database import rows_of_query

        return rows_of_query(source, source.directory or book.directory)
    return _rows_in_file(parcel.file, format_of(source, parcel.file))


def _cut(place: Source | ProfileSource, book: Book, home: Path) -> Iterator[tuple[Path | None, str | None]]:
    if place.url is not None:
        yield None, None
        return
    for file in files_of(place, book, home):
        whole = file.absolute()
        yield from ((whole, sheet) for sheet in _sheets(place, whole))


def _sheets(place: Place, file: Path) -> list[str] | list[None]:
    return sheets_of(file, place) if format_of(place, file) == "xlsx" else [None]


def _rows_in_file(file: Path, format_: Format) -> int:
    if format_ == "xlsx":
        return _MOST_SHEET_ROWS
    if format_ == "parquet":
        try:
            return int(pq.read_metadata(file).num_rows)
        except (pa.ArrowException, OSError):  # told in full by whoever reads it
            return 0
    with file.open("rb") as stream:
        sample = stream.read(_SAMPLE)
    return file.stat().st_size * (sample.count(b"\n") + 1) // max(1, len(sample))
