"""From a book's sources to its store: every row accounted for, nothing half-written."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from polars.exceptions import ComputeError

from data.account import Account
from data.doors import notes, resumable
from data.engines.choice import LOCAL, engine_of, require_known
from data.engines.program import program_digest
from data.errors import SourceError, StoreError
from data.ingest.building import build
from data.reading.deliveries import content_digest
from data.reading.place import WORKING
from data.settings.book import Book
from data.store.manifest import (
    FORMAT,
    begun_generation,
    commit_generation,
    current_generation,
    is_outdated,
    locked,
    read_manifest,
    sweep_generations,
    whole,
    write_manifest,
)
from data.store.published import published_store
from data.store.store import Store
from data.store.tombstone_file import read_tombstones

_FULL = (errno.ENOSPC, errno.EDQUOT)


def open_store(book: Book, home: Path = WORKING, on: str = LOCAL, published: str | None = None) -> Store:
    """The store of a book, made anew when its settings, the contents of its sources or the
    format of stores changed.

    Row accounts are printed when it is made; rejected rows lie in `<home>/<book>/quarantine/`. `on` names the engine
    that makes it (see `engine_of`); the store is the same on all of them. What a killed ingest had finished is reused.
    SourceError when a source cannot be read or no event could be kept, StoreError for a foreign store or a full disk,
    EngineError for an engine that does not exist, also where there is nothing to make. One that was `published` under
    a URL is taken as it is there: no source is looked at (see `published_store`).
    """
    require_known(on)
    if published is not None:
        return published_store(book, home, published)
    fingerprint = _fingerprint(book, home)
    try:
        store = _current(book, home, fingerprint)
    except StoreError:  # perhaps only because another process is replacing the store just now
        store = None
    return store or _made(book, home, fingerprint, on, fold=False)


def compact(book: Book, home: Path = WORKING, on: str = LOCAL) -> Store:
    """The store with all appended events folded in."""
    require_known(on)
    return _made(book, home, _fingerprint(book, home), on, fold=True)


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
    return Store.of(book, home, generation) if fresh else None


def _made(book: Book, home: Path, fingerprint: str, on: str, *, fold: bool) -> Store:
    """A new generation, unless another process has made it meanwhile."""
    with locked(home / book.name):
        current = _current(book, home, fingerprint)
        if current is not None and not (fold and current.inbox.last() > current.manifest.appended_through):
            return current
        stores = _stores(book, home)
        forgotten = read_tombstones(book.name, home).version
        building = begun_generation(stores, _inputs(fingerprint, forgotten))
        try:
            with resumable(), engine_of(on) as engine:
                manifest = build(book, home, building, engine)
        except (SourceError, StoreError):  # what was begun leads nowhere
            shutil.rmtree(building, ignore_errors=True)
            raise
        except (OSError, ComputeError) as error:
            if not _is_full_disk(error):
                raise
            raise StoreError(
                f"{building}: the disk is full; make room and run the command again: what is finished is kept"
            ) from error
        write_manifest(replace(manifest, fingerprint=fingerprint, forgotten=forgotten), building)
        generation = commit_generation(building, stores)
        _print(manifest.accounts)
        return Store.of(book, home, generation)


def _is_full_disk(error: OSError | ComputeError) -> bool:
    """Polars and some file systems tell it by its text alone."""
    return getattr(error, "errno", None) in _FULL or os.strerror(errno.ENOSPC) in str(error)


def _inputs(fingerprint: str, forgotten: str) -> str:
    """Of everything that a half-finished generation depends on."""
    return hashlib.sha256(f"{fingerprint} {forgotten} {program_digest()}".encode()).hexdigest()


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
