"""A store under a URL: an object store is all that workers need in common with whoever asks them."""

from __future__ import annotations

import json
import mmap
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

import pyarrow as pa  # type: ignore[import-untyped]

from data.errors import StoreError
from data.remote.folder import RemoteFolder
from data.settings.book import Book
from data.store.bucket import Bucket, mapping_of
from data.store.manifest import MANIFEST, Manifest, manifest_of
from data.store.tombstone_file import read_tombstones

FORMAT = 1
POINTER = "current.json"
"""Beside the generations: which one is current, of which book and which settings."""


@dataclass(frozen=True)
class PublishedAt:
    """A published generation: it holds what was in the store then, and nothing that was appended later."""

    book: Book
    home: Path
    folder: RemoteFolder
    name: str
    grows: ClassVar[bool] = False

    @classmethod
    def current(cls, book: Book, home: Path, url: str) -> PublishedAt:
        """The one that was published last. RemoteError where the URL cannot be reached; StoreError where nothing or
        something else was published there, or somebody was forgotten here since."""
        folder = RemoteFolder.of(url)
        pointed = pointer_of(folder)
        if pointed is None:
            raise StoreError(f"{url}: no store was published there; {_advice(book, url)}")
        if pointed["book"] != book.name:
            raise StoreError(f'{url}: holds the store of book "{pointed["book"]}", not of "{book.name}"')
        if pointed["settings"] != book.fingerprint():
            raise StoreError(f"{url}: published from other settings of book {book.name}; {_advice(book, url)}")
        at = cls(book, home.absolute(), folder, pointed["generation"])
        if read_tombstones(book.name, home).version not in ("", at.manifest().forgotten):
            raise StoreError(f"{url}: somebody was forgotten since it was published; {_advice(book, url)}")
        return at

    @cached_property
    def key(self) -> str:
        return f"{self.folder.url}|{self.name}|{self.home}|{self.book.model_dump_json()}"

    def manifest(self) -> Manifest:
        """As `At.manifest`."""
        place, advice = f"{self.folder.url}/{self.name}", _advice(self.book, self.folder.url)
        text = (self.folder / self.name).read(MANIFEST)
        if text is None:
            raise StoreError(f"{place}: is gone, perhaps because a later one was published; run the command again")
        return manifest_of(text, place, advice)

    def buckets(self, manifest: Manifest) -> LentBuckets:
        """Each is fetched when it is asked for."""
        return LentBuckets(self, manifest)

    def mapped(self, name: str, size: int) -> mmap.mmap:
        """A copy of a file of so many bytes, mapped into memory; it has no name, and goes with the mapping."""
        with tempfile.TemporaryFile() as stream:
            found = (self.folder / self.name).copy(name, stream)
            try:
                if found == size:
                    return mapping_of(stream)
                why = f"expected {size} bytes, found {max(found, 0)}"
            except (pa.ArrowException, OSError, ValueError) as error:
                why = str(error)
        url = f"{self.folder.url}/{self.name}/{name}"
        raise StoreError(f"{url}: not a readable part of the store: {why}; {_advice(self.book, self.folder.url)}")

    def words(self, column: str) -> dict[int, str]:
        """What the hashes of a column stand for."""
        text = (self.folder / self.name).read(words_file(column))
        return {int(value): word for value, word in json.loads(text).items()} if text else {}


class LentBuckets:
    """Buckets of a published store, of which the last one asked for is here."""

    def __init__(self, at: PublishedAt, manifest: Manifest) -> None:
        self._at = at
        self._count = manifest.totals.buckets
        self._sizes: Mapping[str, int] = manifest.sizes
        self._here: tuple[int, Bucket] | None = None

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Bucket]:
        return (self[number] for number in range(self._count))

    def __getitem__(self, number: int) -> Bucket:
        if self._here is None or self._here[0] != number:
            self._here = None  # its files go before the next ones come
            self._here = (number, Bucket(self._mapped, number, self._at.book))
        return self._here[1]

    def words(self, column: str) -> dict[int, str]:
        """As `Buckets.words`: they are published beside the buckets."""
        return self._at.words(column)

    def _mapped(self, name: str) -> mmap.mmap:
        return self._at.mapped(name, self._sizes[name])


def pointer_of(folder: RemoteFolder) -> dict[str, str] | None:
    """What is current in a folder: `book`, `settings` and `generation`; None where nothing was published. StoreError
    where the pointer is of another program."""
    text = folder.read(POINTER)
    if text is None:
        return None
    try:
        values = json.loads(text)
        known = {name: str(values[name]) for name in ("book", "settings", "generation")}
        version = values["format"]
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(f"{folder.url}/{POINTER}: not a pointer to a published store; choose another place") from error
    if version != FORMAT:
        raise StoreError(
            f"{folder.url}/{POINTER}: expected format {FORMAT} of published stores, found {version}; use the version "
            f"of Tierwise that published it, or publish to another place"
        )
    return known


def words_file(column: str) -> str:
    """Where the words of a column are published."""
    return f"words-{quote(column, safe='')}.json"


def _advice(book: Book, url: str) -> str:
    return f"publish it with `python -m data publish {book.name} {url}`"
