"""A generation of a store, built in a folder by an engine: first what every delivery brings, then every bucket."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import numpy as np
import polars as pl

from data.account import Account
from data.doors import progress
from data.engines.engine import Engine
from data.engines.local import LocalEngine
from data.errors import SourceError, StoreError
from data.events import APPENDED, UNREAD_TIME
from data.ingest.accounting import accounts_of
from data.ingest.harvest import Harvest
from data.ingest.intake import TakeIn
from data.ingest.kinds import CLAIMS, EMPTY, EVENTS
from data.ingest.parcels import parcels, rows_in
from data.ingest.quarantine import write_quarantine
from data.ingest.resolution import owners_of
from data.ingest.spill import Room, buckets_for, parts_for
from data.ingest.writing import FindOwners, Gathered, WriteBucket, Written
from data.reading.times import time_form
from data.settings.book import Book
from data.store.inbox import Inbox
from data.store.manifest import WORK, Manifest, Totals

Item = TypeVar("Item")
Result = TypeVar("Result")


def build(book: Book, home: Path, folder: Path, engine: Engine) -> Manifest:
    """Makes the buckets of a book in a folder, and writes its quarantine; the manifest is without what it was made of.

    What was finished below `folder` before is reused. SourceError when no event could be kept.
    """
    through = Inbox(book, home).last()
    work = folder.absolute() / WORK
    parts, harvests = _gather(book, home.absolute(), work, through, engine)
    told, written = _write(book, folder.absolute(), parts, through, harvests, engine)
    accounts, quarantined = accounts_of(book, harvests, written, told)
    write_quarantine(quarantined, home / book.name / "quarantine")
    totals = _totals(written)
    _require_sound(book, home, accounts, quarantined, totals.events)
    shutil.rmtree(work)
    sizes = {name: size for bucket in written for name, size in bucket.sizes.items()}
    _remove_others(folder, sizes)
    return Manifest(book.name, "", through, totals, tuple(accounts), dict(sorted(sizes.items())))


def _gather(book: Book, home: Path, work: Path, through: int, engine: Engine) -> tuple[int, list[Harvest]]:
    """What every delivery brings, in the order of reading, and over how many parts it is spread."""
    cut = parcels(book, home, through)
    parts = parts_for(sum(rows_in(parcel, book) for parcel in cut))
    alone = isinstance(engine, LocalEngine) and engine.workers == 1
    task = TakeIn(book, home, work / f"{parts}-parts", parts, Room() if alone else None)
    apart = [parcel for parcel in cut if parcel.source == APPENDED]  # an inbox is for the machine of its service
    rest = [parcel for parcel in cut if parcel.source != APPENDED]
    found = [*_each(engine, task, rest, f"reading {book.name}"), *map(task, apart)]
    return parts, sorted(found, key=lambda harvest: harvest.number)


def _write(
    book: Book, folder: Path, parts: int, through: int, harvests: Sequence[Harvest], engine: Engine
) -> tuple[Path, list[Written]]:
    """Every bucket, and the folder of what was written."""
    gathered = [harvest.rows for harvest in harvests]
    buckets = _spread(gathered, EVENTS, parts)
    told = folder / WORK / f"{buckets}-buckets-{through}"
    told.mkdir(parents=True, exist_ok=True)
    task = WriteBucket(book, folder, told, gathered, _owners(book, gathered, parts, engine), buckets)
    return told, list(_each(engine, task, range(buckets), f"writing {book.name}"))


def _owners(book: Book, gathered: Gathered, parts: int, engine: Engine) -> pl.DataFrame:
    """Who owns the marks that several customers claim, anywhere in the book."""
    wanted = _spread(gathered, CLAIMS, parts)
    found = _each(engine, FindOwners(gathered, wanted), range(wanted), f"comparing {book.name}")
    return pl.concat([owners_of(EMPTY[CLAIMS]), *found])


def _spread(gathered: Gathered, kind: str, parts: int) -> int:
    return buckets_for(sum((rows[kind].counts(parts) for rows in gathered), np.zeros(parts, np.int64)))


def _each(engine: Engine, task: Callable[[Item], Result], items: Sequence[Item], description: str) -> Iterator[Result]:
    with progress(description, len(items)) as advance:
        for result in engine.map(task, items):
            yield result
            advance(1)


def _totals(written: Sequence[Written]) -> Totals:
    times = [time for bucket in written for time in bucket.times]
    return Totals(
        buckets=len(written),
        customers=sum(bucket.customers for bucket in written),
        events=sum(bucket.events for bucket in written),
        first_time=min(times, default=0),
        last_time=max(times, default=0),
    )


def _remove_others(folder: Path, wanted: dict[str, int]) -> None:
    """What workers that were killed left behind."""
    for file in folder.iterdir():
        if file.name not in wanted:
            file.unlink()


def _require_sound(book: Book, home: Path, accounts: Sequence[Account], quarantined: pl.DataFrame, events: int) -> None:
    lines = "\n  ".join(account.line() for account in accounts)
    if not all(account.balanced for account in accounts):
        raise StoreError(f"book {book.name}: the row accounts do not balance\n  {lines}")
    if events == 0:
        raise SourceError(
            f"book {book.name}: expected at least one event, kept none\n  {lines}\n"
            f"{_time_form(quarantined)}The rejected rows and their reasons are in {home / book.name / 'quarantine'}."
        )


def _time_form(quarantined: pl.DataFrame) -> str:
    found = quarantined.filter(pl.col("reason") == UNREAD_TIME)["value"].drop_nulls()
    return f"A time that is not a date has the form {time_form(found[0])}.\n" if len(found) else ""
