"""The customers of one bucket: their ids, and what was stated of them."""

from __future__ import annotations

import mmap
from collections.abc import Iterator, Sequence
from typing import overload

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from data.hashing import hash_text
from data.histories.dated import Dated
from data.settings.book import Book
from data.store.layout import STATEMENT, profile_column
from data.store.mapping import array_of, table_of


class People:
    """The customers' file of a bucket, mapped into memory."""

    def __init__(self, mapping: mmap.mmap, book: Book) -> None:
        self.mapping = mapping
        self._table = table_of(mapping)
        self.ids = Ids(self._table.column("customer_id").combine_chunks())
        self.offsets = np.concatenate([np.zeros(1, np.int64), array_of(self._table, "end")])
        self.profile = {name: _dated(_lists(self._table, profile_column(name))) for name in book.profile_kinds}
        self._hashes = array_of(self._table, "hash")
        self._positions = array_of(self._table, "position")

    def position(self, customer_id: str) -> int | None:
        """The customer's index in `ids`."""
        wanted = np.uint64(hash_text(customer_id))
        place = int(np.searchsorted(self._hashes, wanted))
        while place < len(self._hashes) and self._hashes[place] == wanted:
            position = int(self._positions[place])
            if self.ids[position] == customer_id:
                return position
            place += 1
        return None

    def words(self, column: str) -> pa.Array:
        """The words of a profile column as they were stated; none of one that holds no texts."""
        name = profile_column(column)
        stated = _lists(self._table, name).values if name in self._table.column_names else None
        if stated is None or stated.type.get_field_index("word") < 0:
            return pa.array([], pa.string())
        return stated.field("word")


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


def _dated(lists: pa.LargeListArray) -> Dated:
    fields = (np.asarray(lists.values.field(name).to_numpy(zero_copy_only=True)) for name in STATEMENT)
    return Dated(np.asarray(lists.offsets.to_numpy(zero_copy_only=True)), *fields)


def _lists(table: pa.Table, name: str) -> pa.LargeListArray:
    column = table.column(name)
    return column.chunk(0) if column.num_chunks else pa.array([], column.type)
