"""The feature table of a whole book as a file, built bucket by bucket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.clock import isoformat, local_day
from data.doors import notes, progress
from data.errors import did_you_mean, listed
from data.events import ROLES
from data.histories import Histories
from data.store import Store
from features.build import build_features
from features.errors import FeatureError
from features.kernel.columns import Floats
from features.spec import FeatureSpec, fit_spec_over

SUFFIXES = (".parquet", ".csv")
LATE_DAYS = 7  # a book may be some days behind
ROWS_AT_ONCE = 32_768
Labels = dict[str, list[str]]


def check_target(out: Path) -> None:
    """FeatureError unless a table can be written there."""
    if out.suffix not in SUFFIXES:
        suggestion = did_you_mean(out.suffix, SUFFIXES)
        raise FeatureError(f'{out}: expected a file that ends in {listed(SUFFIXES)}, got "{out.suffix}"{suggestion}')
    if out.is_dir() or not out.parent.is_dir():
        raise FeatureError(f"{out}: expected a file in a folder that exists")


def later_than_told(cutoff: int, store: Store) -> str | None:
    """What to say of a cutoff long after the last event: silence since then is a lack of data."""
    zone = store.book.time_zone
    if local_day(cutoff, zone) - local_day(store.last_time, zone) < LATE_DAYS:
        return None
    last = isoformat(store.last_time, zone)
    return f"cutoff {isoformat(cutoff, zone)}: the events of book {store.book.name} end at {last}; bring newer ones"


def check_cutoffs(cutoffs: Sequence[int], store: Store) -> None:
    """FeatureError for a cutoff at which nothing had happened yet."""
    zone = store.book.time_zone
    for cutoff in cutoffs:
        if cutoff < store.first_time:
            first = isoformat(store.first_time, zone)
            raise FeatureError(
                f"cutoff {isoformat(cutoff, zone)}: nothing had happened yet; "
                f"the first event of book {store.book.name} is of {first}"
            )


def write_table(store: Store, cutoffs: Sequence[int], out: Path) -> tuple[int, int]:
    """Writes the features of every customer known at a cutoff (us UTC) to a Parquet or CSV file.

    Columns: customer_id, cutoff, then the features; what is undefined is empty, levels are in words. Rows
    stand by bucket, by run of customers within it, by cutoff and by customer; a cutoff given twice counts
    once. One run is in memory at a time. The file appears whole or not at all. Returns the numbers of rows
    and columns; FeatureError for a cutoff before the first event or a file that cannot be written.
    """
    check_target(out)
    check_cutoffs(cutoffs, store)
    cutoffs = list(dict.fromkeys(cutoffs))
    for told in filter(None, (later_than_told(cutoff, store) for cutoff in cutoffs)):
        notes().print(f"Note: {told}", markup=False)
    spec = fit_spec_over(store.book, store.each(), max(cutoffs))
    labels = labels_of(store, spec)
    with progress("building features", store.buckets) as advance, replacing(out) as stream:
        writer = WRITERS[out.suffix](stream)
        for histories in store.each():
            for run in runs_of(histories, len(cutoffs)):
                writer.write(frame_of(run, cutoffs, spec, labels))
            advance(1)
        writer.close()
    return writer.rows, 2 + len(spec.names)


def write_frame(frame: pl.DataFrame, out: Path) -> None:
    """Writes one frame to a Parquet or CSV file, whole or not at all; FeatureError if it cannot be written."""
    check_target(out)
    with replacing(out) as stream:
        writer = WRITERS[out.suffix](stream)
        writer.write(frame)
        writer.close()


def labels_of(store: Store, spec: FeatureSpec) -> Labels:
    """What the codes of each category stand for."""
    labels = {name: list(ROLES) for name in spec.categorical}
    for column in spec.profile:
        words = store.words(column.column)
        labels[column.name] = [words.get(level, "") for level in column.levels]
    return {name: labels[name] for name in spec.categorical}


def runs_of(histories: Histories, cutoffs: int) -> Iterator[Histories]:
    """The customers in runs, each with so many rows at all cutoffs together as may be in memory."""
    size = max(1, ROWS_AT_ONCE // cutoffs)
    for first in range(0, len(histories), size):
        yield histories.select(range(first, min(first + size, len(histories))))


def frame_of(histories: Histories, cutoffs: Sequence[int], spec: FeatureSpec, labels: Labels) -> pl.DataFrame:
    """One row a cutoff and customer of whom anything was known by then."""
    table = build_features(histories, cutoffs, spec).reshape(-1, len(spec.names))
    ids = pl.Series(list(histories.customer_ids) * len(cutoffs), dtype=pl.String)
    instants = pl.Series(np.repeat(np.array(cutoffs, np.int64), len(histories))).cast(pl.Datetime("us", "UTC"))
    features = {name: column_of(table[:, place], labels.get(name)) for place, name in enumerate(spec.names)}
    met = pl.any_horizontal(pl.col("events") > 0, *(pl.col(column.name).is_not_null() for column in spec.profile))
    return pl.DataFrame({"customer_id": ids, "cutoff": instants, **features}).filter(met)


def column_of(values: Floats, labels: list[str] | None) -> pl.Series:
    """A column for people: nothing where undefined, the words of a category."""
    numbers = pl.Series(pa.array(np.ascontiguousarray(values), from_pandas=True))
    return numbers if labels is None else pl.Series(labels, dtype=pl.String).gather(numbers.cast(pl.Int64))


@contextmanager
def replacing(out: Path) -> Iterator[IO[bytes]]:
    """A stream whose content takes the place of `out` once it is complete; FeatureError if that fails."""
    partial = out.with_name(f".{out.name}.partial")
    try:
        with partial.open("wb") as stream:
            yield stream
        partial.replace(out)
    except OSError as error:
        raise FeatureError(f"{out}: cannot be written: {error.strerror}") from error
    finally:
        partial.unlink(missing_ok=True)


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
    """Frames as rows of one CSV file."""

    def __init__(self, stream: IO[bytes]) -> None:
        self.rows = 0
        self._stream = stream
        self._headed = False

    def write(self, frame: pl.DataFrame) -> None:
        """Appends a frame, the first with the names of the columns."""
        frame.write_csv(self._stream, include_header=not self._headed)
        self._headed = True
        self.rows += frame.height

    def close(self) -> None:
        """Nothing is left to write."""


WRITERS: dict[str, type[ParquetWriter | CsvWriter]] = {".parquet": ParquetWriter, ".csv": CsvWriter}
