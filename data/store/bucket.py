"""One bucket on disk: its events in time order by customer, and the customers with their offsets."""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa  # type: ignore[import-untyped]

from data.clock import moment_of
from data.events import Event
from data.hashing import hash_text
from data.histories.histories import EVENT_ARRAYS, Histories
from data.settings.book import Book
from data.store.layout import WORDS, word_column
from data.store.mapping import Array, array_of, table_of
from data.store.people import People

if TYPE_CHECKING:
    import polars as pl


class Bucket:
    """A bucket's files, mapped into memory by their names; reading a history copies nothing."""

    def __init__(self, people: People, mapping: mmap.mmap, book: Book) -> None:
        self.people = people
        self._mappings = (people.mapping, mapping)
        self._events = table_of(mapping)
        self._minor_digits = book.minor_digits
        self.histories = Histories(
            customer_ids=people.ids,
            offsets=people.offsets,
            **{name: self._column(name) for name in EVENT_ARRAYS},
            profile=people.profile,
        )

    def rest(self) -> None:
        """Gives the memory of the pages back to the system; whoever looks again finds them in the files."""
        for mapping in self._mappings:
            mapping.madvise(mmap.MADV_DONTNEED)

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
        texts = self._events.column(word_column(column)) if column in WORDS else self.people.words(column)
        return {hash_text(text): text for text in map(str, texts.unique().drop_null().to_pylist())}

    def _column(self, name: str) -> Array:
        """The values of a column; one that was left out is a single zero, seen once for every event."""
        dtype = EVENT_ARRAYS[name]
        if name not in self._events.column_names:
            return np.broadcast_to(np.zeros((), dtype), (self._events.num_rows,))
        values = array_of(self._events, name)
        return values.view(np.bool_) if dtype == np.bool_ else values


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
