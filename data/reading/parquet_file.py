"""Rows of Parquet files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.errors import SourceError
from data.reading.rows import CHUNK_ROWS, Chunk, Delivery, numbered, require_columns, require_distinct


def read_parquet(file: Path, wanted: Sequence[str]) -> Delivery:
    """The wanted columns of a Parquet file, in their own types; rows count from 1."""
    try:
        table = pq.ParquetFile(file)
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{file}: not a readable Parquet file: {error}") from error
    names = tuple(table.schema_arrow.names)
    require_distinct(names, str(file))
    require_columns(wanted, names, str(file))
    return Delivery(file.name, names, _chunks(table, file, wanted))


def _chunks(table: pq.ParquetFile, file: Path, wanted: Sequence[str]) -> Iterator[Chunk]:
    first = 1
    try:
        for batch in table.iter_batches(CHUNK_ROWS, columns=list(wanted)):
            yield numbered(cast(pl.DataFrame, pl.from_arrow(batch)), first)
            first += batch.num_rows
    except (pa.ArrowException, OSError) as error:
        raise SourceError(f"{file}: damaged Parquet file, after row {first - 1}: {error}") from error
