"""Tables of customers under the working folder: Parquet and CSV files with a column `customer_id`."""

import csv
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO, cast

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.compute as pc  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.drafts import drafted, sweep
from data.errors import StoreError

VERSIONS = ("plan_version", "model_version")
"""Columns that tell of whose book a row is, where no column `book` does."""

_DRAFT = re.compile(r"\.(.+)\.\d+")


@dataclass(frozen=True)
class Whose:
    """A customer of a book (the id without outer blanks), and the versions of the plans and models of other books,
    whose customers may have the same id."""

    customer_id: str
    book: str
    foreign: frozenset[str]

    def is_in(self, row: Mapping[str, str | None]) -> bool:
        """Whether a row is of this customer."""
        if (row.get("customer_id") or "").strip() != self.customer_id or row.get("book") not in (None, self.book):
            return False
        return not any(row.get(name) in self.foreign for name in VERSIONS)


@dataclass(frozen=True)
class Table:
    """A file, and how many of its rows are of the customer."""

    file: Path
    rows: int


def tables_with(whose: Whose, files: Iterator[Path]) -> list[Table]:
    """Those of the files that are tables with rows of the customer."""
    counted = ((file, _KINDS[file.suffix][0](file, whose)) for file in files if file.suffix in _KINDS)
    return [Table(file, rows) for file, rows in counted if rows]


def rewrite(table: Table, whose: Whose) -> None:
    """The file without the rows of the customer: it changes whole or not at all."""
    with drafted(table.file) as draft:
        _KINDS[table.file.suffix][1](table.file, draft, whose)
        _settle(draft)


def sweep_drafts(files: Iterator[Path]) -> None:
    """Removes the drafts that killed processes have left."""
    for file in files:
        found = _DRAFT.fullmatch(file.name)
        if found:
            sweep(file.with_name(found[1]))


def _rows_of_parquet(file: Path, whose: Whose) -> int:
    with _parquet(file) as source:
        if "customer_id" not in source.schema_arrow.names:
            return 0
        groups = range(source.num_row_groups)
        return sum(int(pc.sum(_theirs(_said(source, group), whose)).as_py() or 0) for group in groups)


def _rewrite_parquet(file: Path, draft: Path, whose: Whose) -> None:
    with _parquet(file) as source:
        packed = source.metadata.row_group(0).column(0).compression.replace("UNCOMPRESSED", "NONE")
        with pq.ParquetWriter(draft, source.schema_arrow, compression=packed) as writer:
            for group in range(source.num_row_groups):
                rows = source.read_row_group(group)
                writer.write_table(rows.filter(pc.invert(_theirs(rows, whose))))


def _parquet(file: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(file)
    except pa.ArrowException as error:
        raise StoreError(f"{file}: not a readable Parquet file; remove it and run the command again") from error


def _said(source: pq.ParquetFile, group: int) -> pa.Table:
    """The columns of a row group that tell whose a row is."""
    names = [name for name in ("customer_id", "book", *VERSIONS) if name in source.schema_arrow.names]
    return source.read_row_group(group, columns=names)


def _theirs(rows: pa.Table, whose: Whose) -> pa.Array:
    """Which rows are of the customer; see `Whose.is_in`."""
    ids = pc.utf8_trim_whitespace(pc.cast(rows["customer_id"], pa.string()))
    theirs = _is_in(ids, {whose.customer_id})
    if "book" in rows.column_names:
        theirs = pc.and_(theirs, pc.or_(pc.is_null(rows["book"]), _is_in(rows["book"], {whose.book})))
    for name in VERSIONS:
        if name in rows.column_names:
            theirs = pc.and_(theirs, pc.invert(_is_in(rows[name], whose.foreign)))
    return theirs


def _is_in(column: pa.ChunkedArray, texts: set[str] | frozenset[str]) -> pa.ChunkedArray:
    return pc.is_in(pc.cast(column, pa.string()), value_set=pa.array(sorted(texts), pa.string()))


def _rows_of_csv(file: Path, whose: Whose) -> int:
    with _opened(file) as source, _told(file):
        header, rows = _split(source)
        return sum(whose.is_in(dict(zip(header, row, strict=False))) for row in rows) if "customer_id" in header else 0


def _rewrite_csv(file: Path, draft: Path, whose: Whose) -> None:
    with _opened(file) as source, _opened(draft, "w") as target, _told(file):
        end = "\r\n" if source.readline().endswith("\r\n") else "\n"
        source.seek(0)
        header, rows = _split(source)
        writer = csv.writer(target, lineterminator=end)
        writer.writerow(header)
        writer.writerows(row for row in rows if not whose.is_in(dict(zip(header, row, strict=False))))


def _opened(file: Path, mode: str = "r") -> TextIO:
    """A file whose bytes come out as they went in, whatever their encoding."""
    return cast(TextIO, file.open(mode, newline="", encoding="utf-8", errors="surrogateescape"))


def _split(source: Iterable[str]) -> tuple[list[str], Iterator[list[str]]]:
    """The header of a CSV file, and its rows."""
    csv.field_size_limit(sys.maxsize)  # one field may hold all reasons of a customer
    rows = csv.reader(source)
    return next(rows, []), rows


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except csv.Error as error:
        raise StoreError(f"{file}: not a readable CSV file ({error}); remove it and run the command again") from error


def _settle(draft: Path) -> None:
    with draft.open("rb") as stream:
        os.fsync(stream.fileno())


_KINDS = {".parquet": (_rows_of_parquet, _rewrite_parquet), ".csv": (_rows_of_csv, _rewrite_csv)}
