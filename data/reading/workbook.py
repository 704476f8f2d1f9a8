"""Rows of Excel workbooks, one delivery a sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from data.errors import SourceError, did_you_mean, listed
from data.reading.rows import (
    CHUNK_ROWS,
    Chunk,
    Delivery,
    cell_text,
    cells_frame,
    numbered,
    require_columns,
    require_distinct,
)
from data.settings.source import Place


def read_workbook(file: Path, place: Place, wanted: Sequence[str]) -> Iterator[Delivery]:
    """The named sheets, or all that are not empty; row numbers are those of the sheet."""
    book = _opened(file)
    for name in _named(book, file, place):
        yield from _in_sheet(book, file, name, place, wanted)


def read_sheet(file: Path, name: str, place: Place, wanted: Sequence[str]) -> Iterator[Delivery]:
    """One of `sheets_of`; nothing for an empty one that the place does not name."""
    yield from _in_sheet(_opened(file), file, name, place, wanted)


def sheets_of(file: Path, place: Place) -> list[str]:
    """The named sheets, or all; SourceError for a name that is not there."""
    return _named(_opened(file), file, place)


def _opened(file: Path) -> CalamineWorkbook:
    try:
        return CalamineWorkbook.from_path(str(file))
    except (CalamineError, OSError) as error:
        raise SourceError(f"{file}: not a readable workbook: {error}") from error


def _named(book: CalamineWorkbook, file: Path, place: Place) -> list[str]:
    for name in place.sheets:
        if name not in book.sheet_names:
            known = listed(book.sheet_names)
            raise SourceError(
                f'{file}: sheets: no sheet "{name}", there are {known}{did_you_mean(name, book.sheet_names)}'
            )
    return list(place.sheets or book.sheet_names)


def _in_sheet(book: CalamineWorkbook, file: Path, name: str, place: Place, wanted: Sequence[str]) -> Iterator[Delivery]:
    sheet = book.get_sheet_by_name(name)
    if place.sheets or sheet.height:
        yield _delivery(sheet, f"{file.name}:{name}", place, wanted)


def _delivery(sheet: CalamineSheet, where: str, place: Place, wanted: Sequence[str]) -> Delivery:
    rows = sheet.iter_rows()
    first = 1 + (sheet.start[0] if sheet.start else 0)
    header = next(rows, []) if place.header else []
    names = place.names or tuple((cell_text(cell) or "").strip() for cell in header)
    require_distinct([name for name in names if name], where)
    require_columns(wanted, names, where)
    return Delivery(where, names, _chunks(rows, names, first + place.header, wanted, place.decimal))


def _chunks(
    rows: Iterator[Sequence[object]], names: Sequence[str], first: int, wanted: Sequence[str], decimal: str
) -> Iterator[Chunk]:
    places = [names.index(name) for name in wanted]
    while block := list(islice(rows, CHUNK_ROWS)):
        cells = [[row[place] if place < len(row) else None for place in places] for row in block]
        chunk = numbered(cells_frame(cells, wanted, decimal), first)
        first += len(block)
        yield chunk
