"""Which deliveries of a book's sources name a customer: only their owner can take the customer out of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.reading.deliveries import deliveries, join_table
from data.reading.mapping import joined, wanted_columns, wanted_profile_columns
from data.reading.texts import texts
from data.settings.book import Book
from data.settings.source import ProfileSource, Source
from data.store.tombstones import fields_of


@dataclass(frozen=True, slots=True)
class Holder:
    """A delivery, and how many of its rows name the customer."""

    source: str
    delivery: str
    rows: int


def holders(customer_id: str, book: Book, home: Path) -> Iterator[Holder]:
    """The deliveries that name a customer now, in the book's order; SourceError when one cannot be read."""
    for source in book.sources:
        described = [profile for profile in book.profiles if profile.source == source.name]
        columns = [source.columns.customer_id, *(profile.customer_id for profile in described)]
        yield from _holding(customer_id.strip(), source, columns, wanted_columns(source, described), book, home)
    for profile in book.profiles:
        if profile.source is None:
            wanted = wanted_profile_columns(profile)
            yield from _holding(customer_id.strip(), profile, [profile.customer_id], wanted, book, home)


def _holding(
    customer: str,
    place: Source | ProfileSource,
    columns: Sequence[str],
    wanted: list[str],
    book: Book,
    home: Path,
) -> Iterator[Holder]:
    tables = [join_table(join.model_copy(update={"decimal": place.decimal}), book, home) for join in place.joins]
    for delivery in deliveries(place, wanted, book, home):
        rows = 0
        for chunk in delivery.chunks:
            frame = joined(chunk.frame, place.joins, tables)
            owners = pl.DataFrame({str(number): texts(frame[name]) for number, name in enumerate(columns)})
            rows += owners.filter(pl.any_horizontal(pl.all() == customer)).height
            rows += sum(customer in fields_of(line) for line in chunk.broken["raw"])
        if rows:
            yield Holder(place.name, delivery.name, rows)
