"""A store under a URL: an object store is all that workers need in common with whoever asks them."""

from __future__ import annotations

import json
import mmap
import shlex
import tempfile
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import IO, ClassVar

from pyarrow import ArrowException  # type: ignore[import-untyped]

from data.errors import StoreError
from data.remote.folder import RemoteFolder
from data.settings.book import Book
from data.store.bucket import Bucket
from data.store.contents import CONTENTS, Contents, Piece, contents_of, words_file
from data.store.layout import customers_file, events_file
from data.store.manifest import Manifest
from data.store.mapping import mapping_of
from data.store.people import People
from data.store.pointer import FORMAT, pointer_of
from data.store.store import Store


def published_store(book: Book, home: Path, url: str) -> Store:
    """The store that was published last. RemoteError where the URL cannot be reached; StoreError where nothing or
    something else was published there, or somebody was forgotten here since."""
    folder = RemoteFolder.of(url)
    pointer, again = pointer_of(folder), _advice(book, folder.url)
    if pointer is None:
        raise StoreError(f"{folder.url}: no store was published there; {again}")
    if pointer.book != book.name:
        raise StoreError(f'{folder.url}: holds the store of book "{pointer.book}", not of "{book.name}"')
    if pointer.format != FORMAT:
        raise StoreError(f"{folder.url}: published by an earlier version of Tierwise; {again}")
    if pointer.settings != book.fingerprint():
        raise StoreError(f"{folder.url}: published from other settings of book {book.name}; {again}")
    store = Store(PublishedAt(book, home.absolute(), folder, pointer.generation))
    if store.tombstones.version not in ("", store.manifest.forgotten):
        raise StoreError(f"{folder.url}: somebody was forgotten since it was published; {again}")
    return store


@dataclass(frozen=True)
class PublishedAt:
    """A published generation: it holds what was in the store then, and nothing that was appended later."""

    book: Book
    home: Path
    folder: RemoteFolder
    name: str
    grows: ClassVar[bool] = False

    @cached_property
    def key(self) -> str:
        return f"{self.folder.url}|{self.name}|{self.home}|{self.book.model_dump_json()}"

    def opened(self) -> tuple[Manifest, LentBuckets]:
        """As `At.opened`; each bucket is fetched when it is asked for."""
        text = (self.folder / self.name).read(CONTENTS)
        if text is None:
            raise self._unusable(CONTENTS, "it is not there")
        place, advice = f"{self.folder.url}/{self.name}", _advice(self.book, self.folder.url)
        contents = contents_of(text, self.name, place, advice)
        return contents.manifest, LentBuckets(self, contents)

    def mapped(self, name: str, piece: Piece) -> mmap.mmap:
        """A copy of a file, mapped into memory; it has no name, and goes with the mapping."""
        with tempfile.TemporaryFile() as stream:
            self._fetch(name, piece, stream)
            try:
                return mapping_of(stream)
            except (ArrowException, OSError, ValueError) as error:
                raise self._unusable(name, str(error)) from error

    def words(self, column: str, piece: Piece) -> dict[int, str]:
        """What the hashes of a column stand for."""
        stream = BytesIO()
        self._fetch(words_file(column), piece, stream)
        return {int(value): word for value, word in json.loads(stream.getvalue()).items()}

    def _fetch(self, name: str, piece: Piece, stream: IO[bytes]) -> None:
        """Reads a file as it was sent; StoreError where it is gone or another."""
        if (self.folder / self.name).copy(name, stream) < 0:
            raise self._unusable(name, "it is not there")
        found = Piece.of(stream)
        if found.size != piece.size:
            raise self._unusable(name, f"expected {piece.size} bytes, found {found.size}")
        if found != piece:
            raise self._unusable(name, "other bytes than those that were sent")

    def _unusable(self, name: str, why: str) -> StoreError:
        pointer = pointer_of(self.folder)
        if pointer and pointer.generation != self.name:
            return StoreError(f"{self.folder.url}: a later store was published there meanwhile; run the command again")
        url, advice = f"{self.folder.url}/{self.name}/{name}", _advice(self.book, self.folder.url)
        return StoreError(f"{url}: not a readable part of the store: {why}; {advice}")


class LentBuckets:
    """Buckets of a published store, of which the last one asked for is here, and the last one's customers."""

    def __init__(self, at: PublishedAt, contents: Contents) -> None:
        self._at = at
        self._count = contents.manifest.totals.buckets
        self._files = contents.files
        self._here: tuple[int, Bucket] | None = None
        self._people: tuple[int, People] | None = None

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, number: int) -> Bucket:
        here = self._here
        if here is None or here[0] != number:
            self._here = here = None  # its file goes before the next one comes
            bucket = Bucket(self.people(number), self._mapped(events_file(number)), self._at.book)
            self._here = here = (number, bucket)
        return here[1]

    def people(self, number: int) -> People:
        """As `Buckets.people`."""
        here = self._people
        if here is None or here[0] != number:
            self._people = here = (number, People(self._mapped(customers_file(number)), self._at.book))
        return here[1]

    def words(self, column: str) -> dict[int, str]:
        """As `Buckets.words`: they are published beside the buckets."""
        piece = self._files.get(words_file(column))
        return self._at.words(column, piece) if piece else {}

    def _mapped(self, name: str) -> mmap.mmap:
        return self._at.mapped(name, self._files[name])


def _advice(book: Book, url: str) -> str:
    return f"publish it with `python -m data publish {shlex.quote(book.asked_as)} {shlex.quote(url)}`"
