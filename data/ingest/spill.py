"""Rows on their way into buckets: in memory while they are few, else in a file, by the part that they belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]

from data.hashing import bucket_of
from data.ingest.kinds import EMPTY, REJECTED, spread_by

MOST_EVENTS = 1_000_000  # aimed at in one bucket; the hash spreads customers, not events, so some hold more
PARTS = 64
MOST_PARTS = 4096
_HELD = 1_000_000
_TURN = 400_000  # rows that are written at a time

Numbers = npt.NDArray[np.int64]


def parts_for(rows: int) -> int:
    """How many parts so many rows are spread over: a power of two that keeps them within the aim, 64 to 4,096."""
    parts = PARTS
    while parts < MOST_PARTS and rows > parts * MOST_EVENTS:
        parts *= 2
    return parts


def buckets_for(rows: Numbers) -> int:
    """The smallest power of two that keeps every bucket within the aim (at most one a part); int64[parts] `rows`."""
    count = 1
    while count < len(rows) and rows.reshape(-1, count).sum(axis=0).max() > MOST_EVENTS:
        count *= 2
    return count


class Room:
    """How many rows of each kind the deliveries of one ingest may keep in memory, all together."""

    def __init__(self, rows: int | None = None) -> None:
        self._rows = _HELD if rows is None else rows
        self._held = Counter[str]()

    def take(self, kind: str, rows: int) -> bool:
        """Whether so many more rows fit."""
        if self._held[kind] + rows > self._rows:
            return False
        self._held[kind] += rows
        return True

    def leave(self, kind: str, rows: int) -> None:
        """Rows that went to a file after all."""
        self._held[kind] -= rows


class Rows(Protocol):
    """Rows of one kind that one delivery brought, by part."""

    def counts(self, parts: int) -> Numbers:
        """int64[parts]."""
        ...

    def of(self, bucket: int, buckets: int) -> pl.DataFrame:
        """The rows of one bucket in the order of reading; a part belongs to the bucket `part % buckets`."""
        ...


@dataclass(frozen=True, eq=False)
class HeldRows:
    """Rows in memory."""

    kind: str
    frames: Sequence[pl.DataFrame]
    parts: Sequence[Numbers]

    def counts(self, parts: int) -> Numbers:
        return sum((np.bincount(part, minlength=parts) for part in self.parts), np.zeros(parts, np.int64))

    def of(self, bucket: int, buckets: int) -> pl.DataFrame:
        if buckets == 1:
            return pl.concat([EMPTY[self.kind], *self.frames])
        own = (pl.Series(part % buckets == bucket) for part in self.parts)
        rows = (frame.filter(each) for frame, each in zip(self.frames, own, strict=True))
        return pl.concat([EMPTY[self.kind], *rows])


@dataclass(frozen=True)
class StoredRows:
    """Rows in a file of record batches, one a part and turn, and their index: part, rows, start and length of each."""

    folder: Path
    kind: str

    def counts(self, parts: int) -> Numbers:
        index = self._index()
        return np.bincount(index[:, 0], index[:, 1], minlength=parts).astype(np.int64)

    def of(self, bucket: int, buckets: int) -> pl.DataFrame:
        index = self._index()
        wanted = index[index[:, 0] % buckets == bucket]
        if not len(wanted):
            return EMPTY[self.kind]
        schema = EMPTY[self.kind].to_arrow().schema
        with (self.folder / self.kind).open("rb") as stream:
            batches = [pa.ipc.read_record_batch(piece, schema) for piece in _pieces(stream, wanted)]
        return cast(pl.DataFrame, pl.from_arrow(pa.Table.from_batches(batches, schema)))

    def whole(self) -> bool:
        """Whether the file is there in its full size."""
        ends = self._index()[:, 2:].sum(axis=1)
        return (self.folder / self.kind).stat().st_size == int(ends.max(initial=0))

    def _index(self) -> Numbers:
        return cast(Numbers, np.load(_index_of(self.folder / self.kind), mmap_mode="r"))


class Spill:
    """Collects the rows of one kind."""

    def __init__(self, kind: str, parts: int) -> None:
        self.kind = kind
        self.rows = 0  # in memory
        self._parts = 1 if kind == REJECTED else parts
        self._frames: list[pl.DataFrame] = []
        self._of: list[Numbers] = []
        self._file: IO[bytes] | None = None
        self._index: list[tuple[int, int, int, int]] = []

    def add(self, frame: pl.DataFrame) -> None:
        """Takes in rows."""
        self._frames.append(frame)
        self._of.append(bucket_of(spread_by(self.kind, frame), self._parts))
        self.rows += frame.height
        if self._file is not None and self.rows >= _TURN:
            self._write(self._file)

    def store(self, folder: Path) -> None:
        """From now on rows go to a file."""
        self._file = (folder / self.kind).open("wb")

    def held(self) -> Rows:
        return HeldRows(self.kind, self._frames, self._of)

    def stored(self) -> None:
        """Ends the file."""
        assert self._file is not None
        self._write(self._file)
        self._file.close()
        index = np.array(self._index, np.int64).reshape(-1, 4)
        np.save(_index_of(Path(self._file.name)), index[np.argsort(index[:, 0], kind="stable")])

    def close(self) -> None:
        """Whatever became of it."""
        if self._file is not None:
            self._file.close()

    def _write(self, file: IO[bytes]) -> None:
        """All parts in turn, each in the order of its rows."""
        if not self.rows:
            return
        part = np.concatenate(self._of)
        frame = pl.concat(self._frames)[np.argsort(part, kind="stable")]
        self._frames, self._of, self.rows = [], [], 0
        batch = frame.rechunk().to_arrow().combine_chunks().to_batches()[0]
        ends = np.cumsum(np.bincount(part, minlength=self._parts))
        for number in np.unique(part).tolist():
            start = int(ends[number - 1]) if number else 0
            rows = int(ends[number]) - start
            piece = batch.slice(start, rows).serialize()
            self._index.append((number, rows, file.tell(), piece.size))
            file.write(piece)


def _pieces(stream: IO[bytes], index: npt.NDArray[Any]) -> Iterator[bytes]:
    for _, _, start, length in index.tolist():
        stream.seek(start)
        yield stream.read(length)


def _index_of(file: Path) -> Path:
    return file.with_name(f"{file.name}.npy")
