"""One delivery on its way into buckets, with counts of what became of its rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from data.events import APPENDED
from data.frames import frame_of, with_roles
from data.ingest.facts import facts_of, once
from data.ingest.harvest import Counts, Gathering, Harvest, read_harvest
from data.ingest.kinds import CLAIMS, EVENTS, FACTS, REJECTED
from data.ingest.parcels import Parcel
from data.ingest.quarantine import named
from data.ingest.resolution import claims_of
from data.ingest.spill import Room
from data.reading.deliveries import answers, in_file, join_table
from data.reading.mapping import joined, mapped, marked, unfiltered, wanted_columns, wanted_profile_columns
from data.reading.rows import LINE, Chunk
from data.reading.texts import texts
from data.settings.book import Book
from data.settings.source import Join, ProfileSource, Source
from data.store.inbox import Inbox
from data.store.tombstone_file import Watch
from data.store.tombstones import FORGOTTEN, Tombstones

_INBOX_ROWS = 100_000
_FACT_ROWS = 1 << 40  # more than any delivery has, so that facts are told apart by delivery and row


@dataclass(frozen=True, eq=False)
class TakeIn:
    """The task that reads a parcel of a book and keeps its rows by part.

    Rows stay in memory while `room` has some, else they lie in a folder below `folder`, which is reused when it is
    there already: it belongs to the same book, contents and tombstones.
    """

    book: Book
    home: Path
    folder: Path
    parts: int
    room: Room | None = None
    tables: dict[str, list[pl.DataFrame]] = field(default_factory=dict, repr=False)  # joined, by source

    def __call__(self, parcel: Parcel) -> Harvest:
        folder = self.folder / parcel.folder
        known = read_harvest(folder)
        if known is not None:
            return known
        gathering = Gathering(folder, self.parts, self.room)
        try:
            intake = _Intake(self.book, self.home, parcel, gathering)
            if parcel.source == APPENDED:
                intake.read_appended()
            else:
                intake.read(self._place(parcel.source), self._joined(parcel.source))
            return gathering.settled(parcel.number, intake.counts)
        finally:
            gathering.close()

    def _place(self, name: str) -> Source | ProfileSource:
        places: list[Source | ProfileSource] = [*self.book.sources, *self.book.profiles]
        return next(place for place in places if place.name == name)

    def _joined(self, name: str) -> list[pl.DataFrame]:
        if name not in self.tables:
            place = self._place(name)
            self.tables[name] = [join_table(_marked_like(place, join), self.book, self.home) for join in place.joins]
        return self.tables[name]


def origins(book: Book) -> list[str]:
    """What the origin of an event counts on."""
    return [*(source.name for source in book.sources), APPENDED]


class _Intake:
    """Reads one parcel."""

    def __init__(self, book: Book, home: Path, parcel: Parcel, gathering: Gathering) -> None:
        self._book = book
        self._home = home
        self._parcel = parcel
        self._gathering = gathering
        self._tombstones: Tombstones = Watch(book.name, home).now()
        self._described = parcel.number * _FACT_ROWS
        self.counts = Counts()

    def read(self, place: Source | ProfileSource, tables: Sequence[pl.DataFrame]) -> None:
        """Takes in the rows of a source, or the facts of a profile source that has a place of its own."""
        if isinstance(place, ProfileSource):
            for frame in self._frames(place, wanted_profile_columns(place), tables):
                self._take_facts(frame, place)
        else:
            self._read_source(place, tables)

    def read_appended(self) -> None:
        """Takes in the appended events."""
        self.counts.delivery = APPENDED
        inbox, through = Inbox(self._book, self._home), self._parcel.through
        for start in range(0, through, _INBOX_ROWS):
            numbered = inbox.events(start, min(start + _INBOX_ROWS, through))
            frame = with_roles(frame_of([event for _, event in numbered]), self._book)
            lines = pl.Series(LINE, [number for number, _ in numbered], dtype=pl.Int64)
            self.counts.rows[APPENDED] += frame.height
            self._take(self._remembered(frame.with_columns(lines), "customer_id", APPENDED), APPENDED)

    def _read_source(self, source: Source, tables: Sequence[pl.DataFrame]) -> None:
        """The rows as events, and what they say of the profiles that name the source."""
        profiles = [_dated_like(source, each) for each in self._book.profiles if each.source == source.name]
        for frame in self._frames(source, wanted_columns(source, profiles), tables):
            own = self._remembered(frame, source.columns.customer_id, source.name)
            events, rejected = mapped(own, source, self._book)
            self._reject(rejected, source.name)
            self._take(events, source.name)
            for profile in profiles:
                self.counts.rows[profile.name] += frame.height
                self._take_facts(frame, profile)

    def _frames(
        self, source: Source | ProfileSource, wanted: list[str], tables: Sequence[pl.DataFrame]
    ) -> Iterator[pl.DataFrame]:
        """The rows that split into columns and that no filter drops."""
        file, sheet = self._parcel.file, self._parcel.sheet
        found = in_file(file, sheet, source, wanted) if file else answers(source, wanted, self._book)
        for delivery in found:
            self.counts.delivery = delivery.name
            for chunk in delivery.chunks:
                self._count(source.name, chunk)
                frame = joined(chunk.frame, source.joins, tables)
                rest, dropped = unfiltered(frame, source.filters, source.decimal)
                self.counts.leave_out(source.name, dropped)
                yield rest

    def _count(self, name: str, chunk: Chunk) -> None:
        self.counts.rows[name] += chunk.frame.height + chunk.broken.height
        self._reject(self._remembered_lines(chunk.broken, name), name)

    def _remembered(self, frame: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
        """The rows without those of forgotten customers."""
        if not self._tombstones:
            return frame
        owners = texts(frame[column])
        gone = self._tombstones.among(owners.unique().drop_nulls())
        if not gone:
            return frame
        rest = frame.filter(~owners.is_in(list(gone)).fill_null(value=False))
        self.counts.leave_out(name, {FORGOTTEN: frame.height - rest.height})
        return rest

    def _remembered_lines(self, broken: pl.DataFrame, name: str) -> pl.DataFrame:
        """The lines that could not be split into columns, without those that name a forgotten customer."""
        if not self._tombstones or not broken.height:
            return broken
        rest = broken.filter([not self._tombstones.names(line) for line in broken["raw"]])
        self.counts.leave_out(name, {FORGOTTEN: broken.height - rest.height})
        return rest

    def _take(self, events: pl.DataFrame, name: str) -> None:
        self.counts.usable[name] += events.height
        origin = origins(self._book).index(name)
        rows = marked(events, origin, self._parcel.number, self._book.minor_digits)
        self._gathering.add(CLAIMS, claims_of(rows))
        self._gathering.add(EVENTS, rows)

    def _take_facts(self, frame: pl.DataFrame, source: ProfileSource) -> None:
        frame = self._remembered(frame, source.customer_id, source.name)
        facts, rejected = facts_of(frame, source, self._book, self._described)
        self._described += frame.height
        self.counts.usable[source.name] += frame.height - rejected.height
        self._reject(rejected, source.name)
        self._gathering.add(FACTS, once(facts))

    def _reject(self, rejected: pl.DataFrame, name: str) -> None:
        if rejected.height:
            self._gathering.add(REJECTED, named(rejected, name, self.counts.delivery))


def _dated_like(source: Source, profile: ProfileSource) -> ProfileSource:
    read = {name: getattr(source, name) for name in ("decimal", "time_format", "time_zone")}
    return profile.model_copy(update=read)


def _marked_like(source: Source | ProfileSource, join: Join) -> Join:
    return join.model_copy(update={"decimal": source.decimal})
