"""Where a store lies, for whoever opens it in another process."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Protocol

from data.settings.book import Book
from data.store.bucket import Bucket
from data.store.layout import customers_file, events_file
from data.store.manifest import Manifest, read_manifest
from data.store.mapping import mapped
from data.store.people import People


class Buckets(Protocol):
    """The buckets of one generation, by number."""

    def __len__(self) -> int: ...

    def __getitem__(self, number: int) -> Bucket: ...

    def people(self, number: int) -> People:
        """The customers of a bucket, of whose events nothing is read."""

    def words(self, column: str) -> dict[int, str]:
        """What the hashes of a column stand for in all buckets."""


class At(Protocol):
    """One generation of a book's store wherever it lies, and the folder of the book's inbox and tombstones."""

    @property
    def book(self) -> Book: ...

    @property
    def home(self) -> Path: ...

    @property
    def name(self) -> str:
        """The generation's."""

    @property
    def grows(self) -> bool:
        """Whether events that were appended later are merged in."""

    @property
    def key(self) -> str:
        """Differs from that of every other store."""

    def opened(self) -> tuple[Manifest, Buckets]:
        """What the generation says of itself, and its buckets; StoreError where it cannot be read, for a bucket perhaps
        not before it is asked for."""


@dataclass(frozen=True)
class StoreAt:
    """A generation in a folder."""

    book: Book
    home: Path
    generation: Path
    grows: ClassVar[bool] = True

    @property
    def name(self) -> str:
        return self.generation.name

    @cached_property
    def key(self) -> str:
        return f"{self.home}|{self.generation}|{self.book.model_dump_json()}"

    def opened(self) -> tuple[Manifest, MappedBuckets]:
        """As `At.opened`; all buckets are mapped at once."""
        manifest = read_manifest(self.generation)
        return manifest, MappedBuckets(map(self._bucket, range(manifest.totals.buckets)))

    def _bucket(self, number: int) -> Bucket:
        people = People(mapped(self.generation / customers_file(number)), self.book)
        return Bucket(people, mapped(self.generation / events_file(number)), self.book)


class MappedBuckets(list[Bucket]):
    """Buckets that are all open."""

    def people(self, number: int) -> People:
        """As `Buckets.people`."""
        return self[number].people

    def words(self, column: str) -> dict[int, str]:
        """As `Buckets.words`."""
        return {value: text for bucket in self for value, text in bucket.words(column).items()}
