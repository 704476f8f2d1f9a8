"""Everything that a book's sources deliver, on its way into buckets, with counts of what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import polars as pl

from data.account import Account
from data.book import Book
from data.deliveries import deliveries, join_table
from data.doors import progress
from data.events import APPENDED
from data.facts import NO_FACTS, facts_of, once, settled
from data.frames import frame_of, with_roles
from data.inbox import Inbox
from data.mapping import joined, mapped, marked, unfiltered, wanted_columns, wanted_profile_columns
from data.quarantine import Quarantine, reasons
from data.resolution import Claims, rejected_conflicts, resolved
from data.rows import LINE, Chunk
from data.source import Join, ProfileSource, Source
from data.spill import Spill
from data.texts import texts
from data.tombstones import FORGOTTEN, NO_TOMBSTONES, Tombstones

_INBOX_ROWS = 100_000


class Intake:
    """Reads the sources of one book in turn; `distinct` then gives the events of each bucket."""

    def __init__(self, book: Book, home: Path, folder: Path, tombstones: Tombstones = NO_TOMBSTONES) -> None:
        self._book = book
        self._home = home
        self._tombstones = tombstones
        self._spill = Spill(folder)
        self._claims = Claims()
        self._quarantine = Quarantine()
        self._facts = [NO_FACTS]
        self._origins = [*(source.name for source in book.sources), APPENDED]
        self._deliveries: list[str] = []
        self._rows: Counter[str] = Counter()
        self._usable: Counter[str] = Counter()
        self._kept: Counter[str] = Counter()
        self._conflicts: Counter[str] = Counter()
        self._filtered: dict[str, Counter[str]] = {}
        self._described = 0

    def read_source(self, source: Source) -> None:
        """Takes in the rows of one source, and what they say of the profiles that name it."""
        profiles = [_dated_like(source, each) for each in self._book.profiles if each.source == source.name]
        for frame in self._frames(source, wanted_columns(source, profiles)):
            own = self._remembered(frame, source.columns.customer_id, source.name)
            events, rejected = mapped(own, source, self._book)
            self._quarantine.add(source.name, self._deliveries[-1], rejected)
            self._take(events, source.name)
            for profile in profiles:
                self._rows[profile.name] += frame.height
                self._take_facts(frame, profile)

    def read_profile(self, source: ProfileSource) -> None:
        """Takes in the facts of one profile source that has a place of its own."""
        for frame in self._frames(source, wanted_profile_columns(source)):
            self._take_facts(frame, source)

    def read_appended(self, inbox: Inbox, through: int) -> None:
        """Takes in the appended events up to a number."""
        self._deliveries.append(APPENDED)
        for start in range(0, through, _INBOX_ROWS):
            numbered = inbox.events(start, min(start + _INBOX_ROWS, through))
            frame = with_roles(frame_of([event for _, event in numbered]), self._book)
            lines = pl.Series(LINE, [number for number, _ in numbered], dtype=pl.Int64)
            self._rows[APPENDED] += frame.height
            self._take(self._remembered(frame.with_columns(lines), "customer_id", APPENDED), APPENDED)

    def buckets(self) -> int:
        """The number of buckets; nothing can be read in after this."""
        self._spill.close()
        return self._spill.buckets()

    def distinct(self, buckets: int) -> Iterator[pl.DataFrame]:
        """The distinct events of each bucket."""
        owners = self._claims.owners(self._spill.frames(buckets))
        for rows in self._spill.frames(buckets):
            found = resolved(rows, owners)
            for origin, count in found.events["origin"].value_counts().iter_rows():
                self._kept[self._origins[origin]] += count
            self._reject_conflicts(found.conflicts)
            yield found.events

    def facts(self) -> pl.DataFrame:
        """The settled facts on all customers."""
        facts = settled(pl.concat(self._facts), self._book)
        self._kept.update(dict(facts.unique("row")["source"].value_counts().iter_rows()))
        return facts

    def settled(self) -> tuple[list[Account], pl.DataFrame]:
        """The account of every source, and the quarantined rows; complete once every bucket was given."""
        quarantined, again = self._quarantine.settled()
        names = [source.name for source in self._book.sources] + [source.name for source in self._book.profiles]
        names += [APPENDED] if self._rows[APPENDED] else []
        return [self._account(name, quarantined, again.get(name, 0)) for name in names], quarantined

    def _account(self, name: str, quarantined: pl.DataFrame, again: int) -> Account:
        return Account(
            source=name,
            rows=self._rows[name],
            kept=self._kept[name],
            known=self._usable[name] - self._kept[name] - self._conflicts[name] + again,
            filtered=dict(self._filtered.get(name, {})),
            quarantined=reasons(quarantined, name),
        )

    def _frames(self, source: Source | ProfileSource, wanted: list[str]) -> Iterator[pl.DataFrame]:
        """The rows of every delivery that split into columns and that no filter drops."""
        tables = [join_table(_marked_like(source, join), self._book, self._home) for join in source.joins]
        with progress(f"reading {source.name}") as advance:
            for delivery in deliveries(source, wanted, self._book, self._home):
                self._deliveries.append(delivery.name)
                for chunk in delivery.chunks:
                    self._count(source.name, chunk)
                    frame = joined(chunk.frame, source.joins, tables)
                    rest, dropped = unfiltered(frame, source.filters, source.decimal)
                    self._leave_out(source.name, dropped)
                    yield rest
                    advance(frame.height)

    def _count(self, name: str, chunk: Chunk) -> None:
        self._rows[name] += chunk.frame.height + chunk.broken.height
        self._quarantine.add(name, self._deliveries[-1], self._remembered_lines(chunk.broken, name))

    def _remembered(self, frame: pl.DataFrame, column: str, name: str) -> pl.DataFrame:
        """The rows without those of forgotten customers."""
        if not self._tombstones:
            return frame
        owners = texts(frame[column])
        gone = self._tombstones.among(owners.unique().drop_nulls())
        if not gone:
            return frame
        rest = frame.filter(~owners.is_in(list(gone)).fill_null(value=False))
        self._leave_out(name, {FORGOTTEN: frame.height - rest.height})
        return rest

    def _remembered_lines(self, broken: pl.DataFrame, name: str) -> pl.DataFrame:
        """The lines that could not be split into columns, without those that name a forgotten customer."""
        if not self._tombstones or not broken.height:
            return broken
        rest = broken.filter([not self._tombstones.names(line) for line in broken["raw"]])
        self._leave_out(name, {FORGOTTEN: broken.height - rest.height})
        return rest

    def _leave_out(self, name: str, counts: Mapping[str, int]) -> None:
        self._filtered.setdefault(name, Counter()).update(counts)

    def _take(self, events: pl.DataFrame, name: str) -> None:
        self._usable[name] += events.height
        origin, delivery = self._origins.index(name), len(self._deliveries) - 1
        rows = marked(events, origin, delivery, self._book.minor_digits)
        self._claims.add(rows)
        self._spill.add(rows)

    def _take_facts(self, frame: pl.DataFrame, source: ProfileSource) -> None:
        frame = self._remembered(frame, source.customer_id, source.name)
        facts, rejected = facts_of(frame, source, self._book, self._described)
        self._described += frame.height
        self._usable[source.name] += frame.height - rejected.height
        self._quarantine.add(source.name, self._deliveries[-1], rejected)
        self._facts.append(once(facts))

    def _reject_conflicts(self, conflicts: pl.DataFrame) -> None:
        rejected = rejected_conflicts(conflicts)
        for (origin, delivery), rows in rejected.partition_by("origin", "delivery", as_dict=True).items():
            name = self._origins[int(origin)]
            self._conflicts[name] += rows.height
            self._quarantine.add(name, self._deliveries[int(delivery)], rows.drop("origin", "delivery"))


def _dated_like(source: Source, profile: ProfileSource) -> ProfileSource:
    read = {name: getattr(source, name) for name in ("decimal", "time_format", "time_zone")}
    return profile.model_copy(update=read)


def _marked_like(source: Source | ProfileSource, join: Join) -> Join:
    return join.model_copy(update={"decimal": source.decimal})
