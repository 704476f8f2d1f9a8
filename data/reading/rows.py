"""Raw rows as every kind of source delivers them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import polars as pl

from data.errors import SourceError, did_you_mean, listed

CHUNK_ROWS = 500_000
LINE = "__line"
RAW = "__raw"
BROKEN_SCHEMA = pl.Schema({"line": pl.Int64, "reason": pl.String, "raw": pl.String})


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some rows of one delivery: columns with `__line` and `__raw`, and rows that could not be split."""

    frame: pl.DataFrame
    broken: pl.DataFrame


@dataclass(frozen=True, slots=True)
class Delivery:
    """One file, sheet or query result; rows repeated in another delivery of the same source are known."""

    name: str
    columns: tuple[str, ...]
    chunks: Iterator[Chunk]


def no_broken() -> pl.DataFrame:
    return pl.DataFrame(schema=BROKEN_SCHEMA)


def require_columns(wanted: Iterable[str], present: Sequence[str], where: str) -> None:
    """SourceError for the first wanted column that a delivery lacks."""
    for name in wanted:
        if name not in present:
            raise SourceError(
                f'{where}: expected a column "{name}", the columns are {listed(present)}{did_you_mean(name, present)}'
            )


def require_distinct(names: Sequence[str], where: str) -> None:
    """SourceError when two columns have one name."""
    for name in names:
        if names.count(name) > 1:
            raise SourceError(f'{where}: the column "{name}" is there twice; give the columns names of their own')


def numbered(frame: pl.DataFrame, first_line: int) -> Chunk:
    """A chunk of a table without lines of text: rows are numbered, and shown as JSON where needed."""
    lines = pl.int_range(first_line, first_line + frame.height, eager=True).alias(LINE)
    return Chunk(frame.with_columns(lines, pl.lit(None, pl.String).alias(RAW)), no_broken())


def cells_frame(rows: Sequence[Sequence[object]], names: Sequence[str], decimal: str = ".") -> pl.DataFrame:
    """Rows of Python values as columns: of numbers or times where all are, else of texts."""
    columns = zip(*rows, strict=True) if rows else ([] for _ in names)
    return pl.DataFrame([_column(name, cells, decimal) for name, cells in zip(names, columns, strict=True)])


def _column(name: str, cells: Sequence[object], decimal: str) -> pl.Series:
    cells = [None if cell == "" else cell for cell in cells]
    kinds = set(map(type, cells)) - {type(None)}
    if not kinds:
        return pl.Series(name, cells, dtype=pl.Null)
    dtype = _TYPED.get(kinds.pop()) if len(kinds) == 1 else None
    if dtype is None or (dtype == pl.Datetime and not all(map(_is_naive, cells))):
        return pl.Series(name, [_written(cell, decimal) for cell in cells], dtype=pl.String)
    return pl.Series(name, cells, dtype=dtype)


_TYPED: dict[type, Any] = {float: pl.Float64, str: pl.String, datetime: pl.Datetime("us")}


def _written(cell: object, decimal: str) -> str | None:
    """A cell as text; numbers among texts are written as their source writes them."""
    text = cell_text(cell)
    return text.replace(".", decimal) if text and isinstance(cell, float | Decimal) else text


def _is_naive(cell: object) -> bool:
    return not isinstance(cell, datetime) or cell.tzinfo is None


def cell_text(cell: object) -> str | None:
    """One cell as text: whole numbers without a point, times in ISO 8601."""
    if cell is None or isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 2**53 else repr(cell)
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime | date | time):
        return cell.isoformat()
    return json.dumps(cell, ensure_ascii=False) if isinstance(cell, dict | list) else str(cell)
