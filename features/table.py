"""The feature table of a whole book as a file, built bucket by bucket."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import numpy as np
import polars as pl
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.clock import isoformat
from data.doors import progress
from data.errors import did_you_mean, listed
from data.histories import Histories
from data.store import Store
from features.build import build_features
from features.errors import FeatureError
from features.kernel.columns import Floats
from features.spec import FeatureSpec, fit_spec_over

SUFFIXES = (".parquet", ".csv")
Labels = dict[str, list[str]]


def check_target(out: Path) -> None:
    """FeatureError unless a table can be written there."""
    if out.suffix not in SUFFIXES:
        suggestion = did_you_mean(out.suffix, SUFFIXES)
        raise FeatureError(f'{out}: expected a file that ends in {listed(SUFFIXES)}, got "{out.suffix}"{suggestion}')
    if out.is_dir() or not out.parent.is_dir():
        raise FeatureError(f"{out}: expected a file in a folder that exists")


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
    """Writes the features of every customer at every cutoff (us UTC) to a Parquet or CSV file.

    Columns: customer_id, cutoff, then the features; what is undefined is empty, levels are in words. Rows
    stand by bucket, cutoff and customer; a cutoff given twice counts once. The file appears whole or not at
    all. Returns the numbers of rows and columns; FeatureError for a cutoff before the first event or a file
    that cannot be written.
    """
    check_target(out)
    check_cutoffs(cutoffs, store)
    cutoffs = list(dict.fromkeys(cutoffs))
    spec = fit_spec_over(store.book, (store.read(bucket) for bucket in range(store.buckets)), max(cutoffs))
    labels = labels_of(store, spec)
    with progress("building features", store.buckets) as advance, replacing(out) as stream:
        writer = WRITERS[out.suffix](stream)
        for bucket in range(store.buckets):
            histories = store.read(bucket)
            for cutoff in cutoffs:
                writer.write(frame_of(histories, cutoff, spec, labels))
            advance(1)
        writer.close()
    return writer.rows, 2 + len(spec.names)


def labels_of(store: Store, spec: FeatureSpec) -> Labels:
    """What the codes of each category stand for."""
    words = {column.name: (store.words(column.column), column.levels) for column in spec.profile}
    return {name: [words[name][0].get(level, "") for level in words[name][1]] for name in spec.categorical}


def frame_of(histories: Histories, cutoff: int, spec: FeatureSpec, labels: Labels) -> pl.DataFrame:
    """One row a customer, at one cutoff."""
    table = build_features(histories, [cutoff], spec)[0]
    instants = pl.Series(np.full(len(histories), cutoff)).cast(pl.Datetime("us", "UTC"))
    features = {name: column_of(table[:, place], labels.get(name)) for place, name in enumerate(spec.names)}
    ids = pl.Series(list(histories.customer_ids), dtype=pl.String)
    return pl.DataFrame({"customer_id": ids, "cutoff": instants, **features})


def column_of(values: Floats, labels: list[str] | None) -> pl.Series:
    """A column for people: nothing where undefined, the words of a category."""
    if labels is None:
        return pl.Series(values).fill_nan(None)
    words = [None if np.isnan(value) else labels[int(value)] for value in values]
    return pl.Series(words, dtype=pl.String)


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
            self._writer = pq.ParquetWriter(self._stream, table.schema)
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
