"""One bucket on disk: its events in time order by customer, and the customers with their offsets."""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from data.clock import moment_of
from data.errors import StoreError
from data.events import Event
from data.hashing import hash_text
from data.histories.dated import Dated
from data.histories.histories import EVENT_ARRAYS, Histories
from data.settings.book import Book
from data.store.layout import STATEMENT, WORDS, customers_file, events_file, profile_column, word_column

if TYPE_CHECKING:
    import polars as pl

Array = npt.NDArray[Any]


def mapped(file: Path) -> mmap.mmap:
    """A file of a bucket, mapped into memory; StoreError where it is none."""
    try:
        with file.open("rb") as stream:
            return mapping_of(stream)
    except (pa.ArrowException, OSError, ValueError) as error:  # ValueError: the file is empty
        raise StoreError(f"{file}: not a readable part of the store: {error}") from error


def mapping_of(stream: IO[bytes]) -> mmap.mmap:
    """An open file of a bucket, mapped into memory; ArrowException, OSError or ValueError where it is none."""
    mapping = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
    pa.ipc.open_file(pa.py_buffer(mapping))
    return mapping


class Bucket:
    """A bucket's files, mapped into memory by their names; reading a history copies nothing."""

    def __init__(self, mapped_file: Callable[[str], mmap.mmap], number: int, book: Book) -> None:
        self._files = [mapped_file(name(number)) for name in (events_file, customers_file)]
        self._events, self._customers = map(_table, self._files)
        self._minor_digits = book.minor_digits
        self.histories = self._load(book)
        self._hashes = _array(self._customers, "hash")
        self._positions = _array(self._customers, "position")

    def rest(self) -> None:
        """Gives the memory of the pages back to the system; whoever looks again finds them in the files."""
        for mapping in self._files:
            mapping.madvise(mmap.MADV_DONTNEED)

    def position(self, customer_id: str) -> int | None:
        """The customer's index in `histories`."""
        wanted = np.uint64(hash_text(customer_id))
        place = int(np.searchsorted(self._hashes, wanted))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            position = int(self._positions[place])
            if self.histories.customer_ids[position] == customer_id:
                return position
            place += 1
        return None

    def events_of(self, position: int) -> list[Event]:
        """The customer's events in words, in order."""
        start, stop = (int(self.histories.offsets[index]) for index in (position, position + 1))
        words = self._events.slice(start, stop - start).select([word_column(name) for name in (*WORDS, "key")])
        return list(_spoken(self.histories.one(position), words, self._minor_digits))

    def frame(self) -> pl.DataFrame:
        """All events in words, with the columns of EVENT_SCHEMA, sorted by customer and time."""
        from data.frames import spoken_frame

        return spoken_frame(self.histories, self._events, self._minor_digits)

    def words(self, column: str) -> dict[int, str]:
        """What the hashes of a column stand for: type, product, category, channel, or a profile column."""
        texts = self._words(column)
        return {hash_text(text): text for text in map(str, texts.unique().drop_null().to_pylist())}

    def _words(self, column: str) -> pa.Array:
        if column in WORDS:
            return self._events.column(word_column(column))
        name = profile_column(column)
        stated = _lists(self._customers, name).values if name in self._customers.column_names else None
        return (
            stated.field("word") if stated and stated.type.get_field_index("word") >= 0 else pa.array([], pa.string())
        )

    def _load(self, book: Book) -> Histories:
        ends = _array(self._customers, "end")
        columns = {name: self._column(name) for name in EVENT_ARRAYS}
        return Histories(
            customer_ids=Ids(self._customers.column("customer_id").combine_chunks()),
            offsets=np.concatenate([np.zeros(1, np.int64), ends]),
            **columns,
            profile={name: _dated(_lists(self._customers, profile_column(name))) for name in book.profile_kinds},
        )

    def _column(self, name: str) -> Array:
        """The values of a column; one that was left out is a single zero, seen once for every event."""
        dtype = EVENT_ARRAYS[name]
        if name not in self._events.column_names:
            return np.broadcast_to(np.zeros((), dtype), (self._events.num_rows,))
        values = _array(self._events, name)
        return values.view(np.bool_) if dtype == np.bool_ else values


class Ids(Sequence[str]):
    """Customer ids that become Python texts only when asked for."""

    def __init__(self, texts: pa.Array) -> None:
        self._texts = texts

    def __len__(self) -> int:
        return len(self._texts)

    @overload
    def __getitem__(self, index: int) -> str: ...
    @overload
    def __getitem__(self, index: slice) -> Ids: ...
    def __getitem__(self, index: int | slice) -> str | Ids:
        if isinstance(index, slice):
            start, stop, _ = index.indices(len(self))
            return Ids(self._texts.slice(start, stop - start))
        return str(self._texts[int(index)].as_py())

    def __iter__(self) -> Iterator[str]:
        return iter(self._texts.to_pylist())


def _spoken(history: Histories, words: pa.Table, minor_digits: int) -> Iterator[Event]:
    """Column by column first: asked for one by one, values take several times as long."""
    customer, scale = history.customer_ids[0], 10.0**minor_digits
    told = {name: words.column(word_column(name)).cast(pa.large_string()).to_pylist() for name in (*WORDS, "key")}
    attributes = [json.loads(text) if text else None for text in told.pop("attributes")]
    texts = [dict(zip(told, row, strict=True)) for row in zip(*told.values(), strict=True)]
    names = ("time", "known_time", "amount", "priced", "margin", "margined", "quantity")
    numbers = zip(*(getattr(history, name).tolist() for name in names), strict=True)
    for (time, known, amount, priced, margin, margined, quantity), text, given in zip(
        numbers, texts, attributes, strict=True
    ):
        moment = moment_of(time, "UTC")
        yield Event(
            customer_id=customer,
            time=moment,
            known_time=moment if known == time else moment_of(known, "UTC"),
            amount=amount / scale if priced else None,
            margin=margin / scale if margined else None,
            quantity=None if math.isnan(quantity) else quantity,
            attributes=given,
            **text,
        )


def _dated(lists: pa.LargeListArray) -> Dated:
    fields = (np.asarray(lists.values.field(name).to_numpy(zero_copy_only=True)) for name in STATEMENT)
    return Dated(np.asarray(lists.offsets.to_numpy(zero_copy_only=True)), *fields)


def _table(mapping: mmap.mmap) -> pa.Table:
    return pa.ipc.open_file(pa.py_buffer(mapping)).read_all()


def _lists(table: pa.Table, name: str) -> pa.LargeListArray:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)


def _array(table: pa.Table, name: str) -> Array:
    column = table.column(name)
    if column.num_chunks == 0:
        return np.asarray(column.to_numpy())
    return np.asarray(column.chunk(0).to_numpy(zero_copy_only=True))
