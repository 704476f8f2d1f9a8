"""Where the tombstones of a book stand: `forgotten.json`, and the key of its hashes beside it."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from data.drafts import replace_durably
from data.errors import StoreError
from data.store.tombstones import NO_TOMBSTONES, KeyedHash, Tombstone, Tombstones

_FORMAT = 1
_KEY_BYTES = 32
_OWNER_ONLY = 0o600

Signature = tuple[int, int, int, int]


def read_tombstones(book: str, home: Path) -> Tombstones:
    """The tombstones of a book; StoreError for a damaged file, or one whose key is gone."""
    file = home / book / "forgotten.json"
    try:
        text = file.read_text(encoding="utf-8")
    except FileNotFoundError:
        return NO_TOMBSTONES
    return Tombstones(_stones(text, file), _key(home / book / "forgotten.key"))


def bury(customer_id: str, book: str, home: Path, *, recorded: str, by: str, reason: str) -> Tombstone:
    """The tombstone of a customer, on disk once this returns; one that stands already is kept as it is."""
    folder = home / book
    folder.mkdir(parents=True, exist_ok=True)
    with _key_in_hand(folder) as key:
        standing = read_tombstones(book, home)
        known = standing.of(customer_id)
        if known is not None:
            return known
        stone = Tombstone(KeyedHash(key).of(customer_id), recorded, by, reason)
        _write([*standing, stone], folder)
        return stone


class Watch:
    """The tombstones of a book, read anew only when their file changed: one look at the file system a question."""

    def __init__(self, book: str, home: Path) -> None:
        self._book = book
        self._home = home
        self._file = home / book / "forgotten.json"
        self._seen: tuple[Signature, Tombstones] | None = None

    def now(self) -> Tombstones:
        """The tombstones as they stand; StoreError as for `read_tombstones`."""
        try:
            state = self._file.stat()
        except FileNotFoundError:
            return NO_TOMBSTONES
        signature = (state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns)
        seen = self._seen
        if seen is None or seen[0] != signature:
            seen = self._seen = (signature, read_tombstones(self._book, self._home))
        return seen[1]


def _stones(text: str, file: Path) -> tuple[Tombstone, ...]:
    try:
        values = json.loads(text)
        version = values["format"]
        stones = tuple(Tombstone(**stone) for stone in values["forgotten"]) if version == _FORMAT else ()
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{file}: not readable; put it back from a backup, it tells who was forgotten") from error
    if version != _FORMAT:
        raise StoreError(f"{file}: expected format {_FORMAT} of tombstones, found {version}; use a later version")
    return stones


def _key(file: Path) -> bytes:
    key = file.read_bytes() if file.is_file() else b""
    if len(key) != _KEY_BYTES:
        raise StoreError(f"{file}: the key of the tombstones is missing or damaged; put it back from a backup")
    return key


@contextmanager
def _key_in_hand(folder: Path) -> Iterator[bytes]:
    """The book's key, made at random where there is none; one process at a time holds it."""
    handle = os.open(folder / "forgotten.key", os.O_RDWR | os.O_CREAT, _OWNER_ONLY)
    with os.fdopen(handle, "r+b") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        key = stream.read()
        if len(key) != _KEY_BYTES and not (folder / "forgotten.json").exists():
            key = secrets.token_bytes(_KEY_BYTES)
            stream.seek(0)
            stream.write(key)
            stream.truncate()
            stream.flush()
            os.fsync(stream.fileno())
        yield key


def _write(stones: list[Tombstone], folder: Path) -> None:
    """Takes the place of the file whole, and is on disk with its name."""
    told = {"format": _FORMAT, "forgotten": [asdict(stone) for stone in stones]}
    replace_durably(folder / "forgotten.json", json.dumps(told, ensure_ascii=False, indent=1).encode())
