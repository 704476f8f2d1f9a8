"""Events on their way into buckets: in memory while they are few, else in files by customer hash."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import cast

import numpy as np
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from data.hashing import bucket_of
from data.mapping import MAPPED_SCHEMA

MOST_EVENTS = 1_000_000  # aimed at in one bucket; the hash spreads customers, not events, so some hold more
PARTS = 64
_HELD = 1_000_000


class Spill:
    """Collects frames of marked events and gives them back bucket by bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: list[pl.DataFrame] = []
        self._empty = pl.DataFrame(schema=MAPPED_SCHEMA)
        self._counts = np.zeros(PARTS, np.int64)
        self._writers: dict[int, pa.RecordBatchStreamWriter] = {}

    @property
    def rows(self) -> int:
        return int(self._counts.sum())

    def add(self, frame: pl.DataFrame) -> None:
        part = bucket_of(frame["customer"].to_numpy(), PARTS)
        self._counts += np.bincount(part, minlength=PARTS)
        self._held.append(frame)
        if sum(held.height for held in self._held) > _HELD:
            self._flush()

    def buckets(self) -> int:
        """The smallest power of two that keeps every bucket within the aim (at most 64)."""
        count = 1
        while count < PARTS and self._counts.reshape(-1, count).sum(axis=0).max() > MOST_EVENTS:
            count *= 2
        return count

    def frames(self, count: int) -> Iterator[pl.DataFrame]:
        """The rows of each of `count` buckets (a power of two)."""
        for bucket in range(count):
            yield self._stored(bucket, count) if self._writers else self._in_memory(bucket, count)

    def close(self) -> None:
        """Ends the writing; only then the frames are complete."""
        if self._writers:
            self._flush()
        for writer in self._writers.values():
            writer.close()

    def _in_memory(self, bucket: int, count: int) -> pl.DataFrame:
        return pl.concat([self._empty, *(frame.filter(_in_bucket(frame, bucket, count)) for frame in self._held)])

    def _stored(self, bucket: int, count: int) -> pl.DataFrame:
        files = [self._file(part) for part in range(bucket, PARTS, count) if part in self._writers]
        return pl.concat([self._empty, *(cast(pl.DataFrame, pl.from_arrow(_table(file))) for file in files)])

    def _flush(self) -> None:
        for frame in self._held:
            keyed = frame.with_columns(part=pl.Series(bucket_of(frame["customer"].to_numpy(), PARTS)))
            for (part,), rows in keyed.partition_by("part", as_dict=True, include_key=False).items():
                self._write(int(part), rows)
        self._held = []

    def _write(self, part: int, rows: pl.DataFrame) -> None:
        table = rows.to_arrow()
        if part not in self._writers:
            self._writers[part] = pa.ipc.new_stream(str(self._file(part)), table.schema)
        self._writers[part].write_table(table)

    def _file(self, part: int) -> Path:
        return self._folder / f"part-{part:02}.arrows"


def _in_bucket(frame: pl.DataFrame, bucket: int, count: int) -> pl.Series:
    return pl.Series(bucket_of(frame["customer"].to_numpy(), count) == bucket)


def _table(file: Path) -> pa.Table:
    with pa.ipc.open_stream(str(file)) as stream:
        return stream.read_all()
