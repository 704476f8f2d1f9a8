"""Feature tables as files: frames become row groups of Parquet, or rows of CSV."""

import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.drafts import drafted
from features.errors import FeatureError
from features.joining import join_parquet


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """A stream whose content takes the place of `out` once it is complete; FeatureError if that fails."""
    try:
        with drafted(out) as draft, draft.open("wb") as stream:
            yield stream
    except OSError as error:
        raise FeatureError(f"{out}: cannot be written: {error.strerror}") from error


class ParquetWriter:
    """Frames as row groups of one Parquet file."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.rows = 0
        self._stream = stream
        self._writer: pq.ParquetWriter | None = None

    def write(self, frame: pl.DataFrame) -> None:
        """Appends a frame."""
        table = frame.to_arrow()
        if self._writer is None:
            texts = [field.name for field in table.schema if pa.types.is_large_string(field.type)]
            self._writer = pq.ParquetWriter(self._stream, table.schema, use_dictionary=texts)
        self._writer.write_table(table)
        self.rows += frame.height

    def close(self) -> None:
        """Writes the footer."""
        if self._writer is not None:
            self._writer.close()


class CsvWriter:
    """Frames as rows of one CSV file, without their names."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.rows = 0
        self._stream = stream

    def write(self, frame: pl.DataFrame) -> None:
        """Appends a frame."""
        frame.write_csv(self._stream, include_header=False)
        self.rows += frame.height

    def close(self) -> None:
        """Nothing is left to write."""


WRITERS: dict[str, type[ParquetWriter | CsvWriter]] = {".parquet": ParquetWriter, ".csv": CsvWriter}


def begin(suffix: str, columns: Sequence[str], stream: IO[bytes]) -> None:
    """The names of the columns, which Parquet tells at the end."""
    if suffix == ".csv":
        pl.DataFrame(schema=list(columns)).write_csv(stream)


def _join_csv(files: Iterable[Path], stream: IO[bytes]) -> None:
    for file in files:
        with file.open("rb") as part:
            shutil.copyfileobj(part, stream)


JOINS: dict[str, Callable[[Iterable[Path], IO[bytes]], None]] = {".parquet": join_parquet, ".csv": _join_csv}
"""Parts of a table, one after the other."""
