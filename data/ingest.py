"""From a book's sources to its store: every row accounted for, nothing half-written."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from data.account import Account
from data.book import Book
from data.bucket import write_bucket
from data.deliveries import content_digest
from data.doors import notes, progress
from data.encoding import encode_sorted, people_of
from data.errors import SourceError, StoreError
from data.events import UNREAD_TIME
from data.frames import FRAME_SCHEMA, hash_column, in_order
from data.hashing import bucket_of
from data.hints import time_form
from data.inbox import Inbox
from data.intake import Intake
from data.manifest import (
    FORMAT,
    Manifest,
    Totals,
    commit_generation,
    current_generation,
    is_outdated,
    locked,
    new_generation,
    read_manifest,
    sweep_generations,
    whole,
    write_manifest,
)
from data.place import WORKING
from data.quarantine import write_quarantine
from data.store import Store
from data.tombstone_file import read_tombstones


def open_store(book: Book, home: Path = WORKING) -> Store:
    """The store of a book, made anew when its settings, the contents of its sources or the
    format of stores changed.

    Row accounts are printed when it is made; rejected rows lie in `<home>/<book>/quarantine/`.
    SourceError when a source cannot be read or no event could be kept, StoreError for a foreign store.
    """
    fingerprint = _fingerprint(book, home)
    try:
        store = _current(book, home, fingerprint)
    except StoreError:  # perhaps only because another process is replacing the store just now
        store = None
    return store or _made(book, home, fingerprint, fold=False)


def compact(book: Book, home: Path = WORKING) -> Store:
    """The store with all appended events folded in."""
    return _made(book, home, _fingerprint(book, home), fold=True)


def without_forgotten(book: Book, home: Path = WORKING) -> Store:
    """The store as the tombstones want it; no earlier generation, nor what a killed ingest began, is left on disk."""
    store = open_store(book, home)
    with locked(home / book.name):
        sweep_generations(_stores(book, home))
    return store


def _current(book: Book, home: Path, fingerprint: str) -> Store | None:
    """The store as it is, when it was made from the same settings and contents."""
    generation = current_generation(_stores(book, home))
    if generation is None or is_outdated(generation):
        return None
    manifest = read_manifest(generation)
    forgotten = read_tombstones(book.name, home).version
    same = manifest.fingerprint == fingerprint and manifest.forgotten == forgotten
    fresh = same and whole(manifest, generation)
    return Store(book, home, generation) if fresh else None


def _made(book: Book, home: Path, fingerprint: str, *, fold: bool) -> Store:
    """A new generation, unless another process has made it meanwhile."""
    with locked(home / book.name):
        current = _current(book, home, fingerprint)
        if current is not None and not (fold and current.inbox.last() > current.manifest.appended_through):
            return current
        stores = _stores(book, home)
        building = new_generation(stores)
        try:
            accounts = _build(book, home, building, fingerprint)
            generation = commit_generation(building, stores)
        finally:
            shutil.rmtree(building, ignore_errors=True)
        _print(accounts)
        return Store(book, home, generation)


def _build(book: Book, home: Path, folder: Path, fingerprint: str) -> Sequence[Account]:
    tombstones = read_tombstones(book.name, home)
    through = Inbox(book, home).last()
    spilled = folder / "spill"
    spilled.mkdir()
    intake = _read(book, Intake(book, home, spilled, tombstones), Inbox(book, home), through)
    totals = _write_buckets(book, intake, folder)
    accounts, quarantined = intake.settled()
    write_quarantine(quarantined, home / book.name / "quarantine")
    shutil.rmtree(spilled)
    _require_sound(book, home, accounts, quarantined, totals.events)
    sizes = {file.name: file.stat().st_size for file in sorted(folder.iterdir())}
    made = Manifest(book.name, fingerprint, through, totals, tuple(accounts), sizes, forgotten=tombstones.version)
    write_manifest(made, folder)
    return accounts


def _read(book: Book, intake: Intake, inbox: Inbox, through: int) -> Intake:
    for source in book.sources:
        intake.read_source(source)
    intake.read_appended(inbox, through)
    for profile in book.profiles:
        if profile.source is None:
            intake.read_profile(profile)
    return intake


def _write_buckets(book: Book, intake: Intake, folder: Path) -> Totals:
    buckets = intake.buckets()
    facts = intake.facts()
    place = pl.Series(bucket_of(hash_column(facts["customer_id"]), buckets))
    customers, events, times = 0, 0, list[int]()
    with progress(f"writing {book.name}", buckets) as advance:
        for number, rows in enumerate(intake.distinct(buckets)):
            frame = in_order(rows.select(*FRAME_SCHEMA, "role"))
            own = facts.filter(place == number)
            histories = encode_sorted(frame, people_of(frame, own), own, book)
            write_bucket(histories, frame, own, folder, number)
            customers, events = customers + len(histories), events + histories.events
            times += [int(histories.time.min()), int(histories.time.max())] if histories.events else []
            advance(1)
    first, last = min(times, default=0), max(times, default=0)
    return Totals(buckets, customers, events, first, last)


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


def _fingerprint(book: Book, home: Path) -> str:
    """Of everything that the store depends on."""
    fields = {"name", "time_zone", "minor_digits", "roles", "sources", "profiles"}
    settings = book.model_dump(mode="json", include=fields)
    state = json.dumps([FORMAT, settings, content_digest(book, home)])
    return hashlib.sha256(state.encode()).hexdigest()


def _stores(book: Book, home: Path) -> Path:
    return home / book.name / "store"


def _print(accounts: Sequence[Account]) -> None:
    for account in accounts:
        notes().print(account.line(), markup=False, soft_wrap=True)
