"""Appended events: acknowledged only when they are on disk, merged by every reader until compacted."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from data.clock import instant_of
from data.errors import SourceError, StoreError
from data.events import Event, problem
from data.hashing import stable_hash
from data.histories.inline import columns_of, event_content, event_keys
from data.nul import nul_problem
from data.settings.book import Book
from data.store.scrub import scrub
from data.store.tombstone_file import Watch

_FORMAT = 1
_VARIABLES = 500  # of one SQL statement
_INSERT = "insert or ignore into events (customer_id, source, key, content, time, event) values (?, ?, ?, ?, ?, ?)"
_INDEX = "create index if not exists events_by_time on events (time)"
# An unary plus keeps the number out of the search for an index: by time, the first event that is late enough is it.
_END = "select time from events indexed by events_by_time where +id > ? order by time {order} limit 1"
_TABLE = """
begin immediate;
create table if not exists events (
    id integer primary key autoincrement,
    customer_id text not null,
    source text not null,
    key text not null,
    content text not null,
    time integer not null,
    event text not null,
    unique (source, key, content)
);
create index if not exists events_by_customer on events (customer_id, id);
create index if not exists events_by_time on events (time);
pragma user_version = 1;
commit;
"""


@dataclass(frozen=True, slots=True)
class Appended:
    """How many of the events handed over are new, and how many were already known."""

    kept: int
    known: int


class Inbox:
    """The events appended to one book, in `<home>/<book>/inbox.sqlite`."""

    def __init__(self, book: Book, home: Path) -> None:
        self._book = book
        self._file = home / book.name / "inbox.sqlite"
        self._own = threading.local()
        self._tombstones = Watch(book.name, home)

    def append(self, events: Sequence[Event]) -> Appended:
        """Keeps the events, all or none; once this returns they survive a crash.

        An event with the identity and content of one appended before adds nothing.
        SourceError for an unusable event, and for one of a forgotten customer.
        """
        self._require_usable(events)
        rows = self._rows(events)
        self._file.parent.mkdir(parents=True, exist_ok=True)
        with self._opened() as database, database:
            database.execute("begin immediate")  # whoever is forgotten later finds what is written here
            self._require_remembered(events)
            before = database.total_changes
            database.executemany(_INSERT, rows)
            kept = database.total_changes - before
        return Appended(kept, len(rows) - kept)

    def forget(self, customer_id: str) -> int:
        """Removes a customer's events from the file and its log, and answers their number."""
        if not self._file.is_file():
            return 0
        with self._opened() as database, database:
            before = database.total_changes
            spellings = [(each,) for each in self.customers(0) if each.strip() == customer_id.strip()]
            database.executemany("delete from events where customer_id = ?", spellings)
            gone = database.total_changes - before
        scrub(self._file)
        return gone

    def last(self) -> int:
        """The number of the last event, 0 without any."""
        return int(self._ask("select coalesce(max(id), 0) from events", ())[0][0]) if self._file.is_file() else 0

    def events(self, after: int, through: int) -> list[tuple[int, Event]]:
        """The events with numbers from `after` (exclusive) to `through` (inclusive), with their numbers."""
        query = "select id, event from events where id > ? and id <= ? order by id"
        return [(number, _event(text)) for number, text in self._ask(query, (after, through))]

    def of_customers(self, customer_ids: Sequence[str], after: int) -> dict[str, list[Event]]:
        """The later events of these customers; customers without any are left out."""
        found: dict[str, list[Event]] = {}
        for start in range(0, len(customer_ids), _VARIABLES):
            some = customer_ids[start : start + _VARIABLES]
            marks = ", ".join("?" * len(some))
            query = f"select event from events where id > ? and customer_id in ({marks}) order by id"  # noqa: S608
            for (text,) in self._ask(query, (after, *some)):
                event = _event(text)
                found.setdefault(event.customer_id, []).append(event)
        return found

    def customers(self, after: int) -> list[str]:
        """The customers with later events, sorted."""
        query = "select distinct customer_id from events where id > ?"
        return sorted(customer for (customer,) in self._ask(query, (after,)))

    def times(self, after: int) -> tuple[int, int] | None:
        """The first and the last instant of the later events."""
        if self.last() <= after:
            return None
        ends = [self._ask(_END.format(order=order), (after,)) for order in ("asc", "desc")]
        return (ends[0][0][0], ends[1][0][0]) if ends[0] and ends[1] else None

    def _require_usable(self, events: Sequence[Event]) -> None:
        for number, event in enumerate(events, start=1):
            wrong = problem(event, self._book.roles, self._book.minor_digits) or nul_problem(event)
            if wrong is not None:
                raise SourceError(f"event {number}: {wrong}; nothing was appended")

    def _require_remembered(self, events: Sequence[Event]) -> None:
        tombstones = self._tombstones.now()
        gone = tombstones.among({event.customer_id for event in events})
        for number, event in enumerate(events if gone else (), start=1):
            if event.customer_id in gone:
                raise SourceError(
                    f"event {number}: its customer was forgotten, and nothing of a forgotten customer is kept; "
                    "nothing was appended"
                )

    def _rows(self, events: Sequence[Event]) -> list[tuple[str, str, str, str, int, str]]:
        customers = stable_hash([event.customer_id for event in events])
        columns = columns_of(events)
        content = event_content(columns, customers, self._book.minor_digits)
        keys = event_keys(columns, content)
        return [
            (event.customer_id, event.source, key, f"{value:016x}", instant_of(event.time), _text(event, key))
            for event, key, value in zip(events, keys, content.hashes().tolist(), strict=True)
        ]

    def _ask(self, query: str, values: Sequence[object]) -> list[Any]:
        if not self._file.is_file():
            return []
        with self._opened() as database:
            return database.execute(query, values).fetchall()

    @contextmanager
    def _opened(self) -> Iterator[sqlite3.Connection]:
        """The connection of this thread of this process; a forked child must not use its parent's."""
        try:
            if getattr(self._own, "process", None) != os.getpid():
                self._own.database = self._connected()
                self._own.process = os.getpid()
            yield self._own.database
        except sqlite3.DatabaseError as error:
            raise StoreError(f"{self._file}: {error}") from error

    def _connected(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._file, timeout=60)
        database.executescript("pragma journal_mode = wal; pragma synchronous = full; pragma secure_delete = on;")
        self._require_format(database)
        return database

    def _require_format(self, database: sqlite3.Connection) -> None:
        version = database.execute("pragma user_version").fetchone()[0]
        if version == 0:
            database.executescript(_TABLE)
        elif version != _FORMAT:
            raise StoreError(f"{self._file}: expected inbox format {_FORMAT}, found {version}")
        else:
            database.execute(_INDEX)


def _text(event: Event, key: str) -> str:
    values: dict[str, object] = {name: getattr(event, name) for name in _PLAIN}
    values |= {"key": key, "time": event.time.isoformat()}
    values["known_time"] = (event.known_time or event.time).isoformat()
    values |= {name: None if money is None else float(money) for name, money in _money(event).items()}
    values["attributes"] = dict(event.attributes) if event.attributes else None
    return json.dumps({name: value for name, value in values.items() if value is not None}, ensure_ascii=False)


def _money(event: Event) -> dict[str, Decimal | float | None]:
    return {"amount": event.amount, "margin": event.margin}


def _event(text: str) -> Event:
    values = json.loads(text)
    times = {name: datetime.fromisoformat(values[name]) for name in ("time", "known_time")}
    return Event(**{**values, **times})


_PLAIN = ("customer_id", "type", "quantity", "product", "category", "channel", "order_id", "source")
