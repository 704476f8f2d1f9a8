"""The store of a book: every history, mapped into memory, with appended events merged in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Self

import numpy as np

from data.clock import instant_of
from data.errors import StoreError
from data.events import Event
from data.hashing import bucket_of, stable_hash
from data.histories.dated import Dated
from data.histories.histories import Histories, chained, no_histories
from data.histories.inline import distinct_events, encode_customers
from data.histories.profiles import PROFILE_DTYPES
from data.settings.book import Book
from data.store.at import At, StoreAt
from data.store.inbox import Inbox
from data.store.tombstone_file import Watch
from data.store.tombstones import Tombstones

if TYPE_CHECKING:
    import polars as pl

NOTHING_LATER = 2**63 - 1
"""No appended event has a later number."""

_OPENED: dict[str, Store] = {}
_NO_PROFILE: Mapping[str, object] = {}


class Store:
    """What a book's customers did: one generation of buckets on disk, and the inbox.

    Opened by `data.ingest.opening.open_store`. A history is a slice of the mapped files; customers with appended
    events are encoded anew, to the same bytes as after a compaction. Whoever was forgotten is left out from the
    moment that the tombstone stands, also where the generation still holds them.
    """

    def __init__(self, at: At) -> None:
        self.book = at.book
        self.at = at
        self.manifest, self._buckets = at.opened()
        self.inbox = Inbox(at.book, at.home)
        self._watch = Watch(at.book.name, at.home)
        self._opened_after = self._watch.now().version
        self._through = self.manifest.appended_through if at.grows else NOTHING_LATER

    @classmethod
    def of(cls, book: Book, home: Path, generation: Path) -> Self:
        """That of the generation in a folder, with the inbox and the tombstones under `home`."""
        return cls(StoreAt(book, home.absolute(), generation.absolute()))

    @property
    def buckets(self) -> int:
        """The number of buckets."""
        return len(self._buckets)

    @property
    def first_time(self) -> int:
        """The instant of the first event."""
        appended = self.inbox.times(self._through)
        return min(self.manifest.totals.first_time, appended[0]) if appended else self.manifest.totals.first_time

    @property
    def last_time(self) -> int:
        """The instant of the last event."""
        appended = self.inbox.times(self._through)
        return max(self.manifest.totals.last_time, appended[1]) if appended else self.manifest.totals.last_time

    def read(self, bucket: int) -> Histories:
        """All histories of one bucket, sorted by customer_id."""
        stored = self._buckets[bucket].histories
        appended = self._appended_to(bucket)
        left_out = [*appended, *self._forgotten_in(bucket)]
        if not left_out:
            return stored
        touched = {self._buckets.people(bucket).position(customer) for customer in left_out}
        untouched = stored.select([index for index in range(len(stored)) if index not in touched])
        return Histories.concatenate([untouched, self._encoded(appended)]) if appended else untouched

    @property
    def state(self) -> object:
        """JSON values that differ once the store would tell anything else."""
        totals, forgotten = asdict(self.manifest.totals), self.tombstones.version
        made = [self.manifest.fingerprint, self.manifest.appended_through, totals, dict(self.manifest.sizes)]
        return [self.at.name, *made, forgotten, self.inbox.last(), self.book.fingerprint()]

    def each(self, buckets: Iterable[int] | None = None) -> Iterator[Histories]:
        """The histories of one bucket after the other, each sorted by customer_id; of all buckets, or of some.

        The mapped pages of a bucket leave the memory before the next one is read.
        """
        for number in range(self.buckets) if buckets is None else buckets:
            yield self.read(number)
            self._buckets[number].rest()

    def read_all(self) -> Histories:
        """All histories of the book, sorted by customer_id."""
        return Histories.concatenate(self.read(bucket) for bucket in range(self.buckets))

    def customers(self) -> list[str]:
        """The ids of all customers, sorted."""
        stored = (self._stored_in(bucket) for bucket in range(self.buckets))
        return sorted(set[str]().union(*stored, self._appended_customers()))

    def customers_in(self, bucket: int) -> list[str]:
        """The ids of a bucket's customers, sorted."""
        return sorted(self._stored_in(bucket).union(self._ids_appended_to(bucket)))

    def profiles(self) -> Iterator[Mapping[str, Dated]]:
        """What was stated of customers, one bucket after the other, by profile column."""
        for bucket in range(self.buckets):
            people, gone = self._buckets.people(bucket), self._forgotten_in(bucket)
            if not gone:
                yield people.profile
                continue
            left = np.flatnonzero([customer not in gone for customer in people.ids])
            yield {name: dated.select(left) for name, dated in people.profile.items()}

    @property
    def tombstones(self) -> Tombstones:
        """Who was forgotten, as it stands now; its `version` differs from the manifest's `forgotten` until the store
        was opened anew."""
        return self._watch.now()

    def require_as_opened(self) -> None:
        """StoreError once somebody was forgotten since the store was opened: what was read from it may name them."""
        if self.tombstones.version != self._opened_after:
            raise StoreError(f"book {self.book.name}: somebody was forgotten meanwhile; run the command again")

    def histories(self, customer_ids: Sequence[str]) -> Histories:
        """The histories of the customers that are known, in the order asked for."""
        gone = self.tombstones.among(customer_ids)
        customer_ids = [customer for customer in customer_ids if customer not in gone] if gone else customer_ids
        appended = self.inbox.of_customers(customer_ids, self._through)
        parts = [self._encoded(appended)] if appended else []
        places: dict[str, int] = {customer: index for index, customer in enumerate(sorted(appended))}
        for number, positions in self._positions([each for each in customer_ids if each not in appended]).items():
            places |= {customer: len(places) + index for index, customer in enumerate(positions)}
            parts.append(self._buckets[number].histories.select(list(positions.values())))
        if not parts:
            return no_histories(self.book.profile_kinds)
        return chained(parts).select([places[customer] for customer in customer_ids if customer in places])

    def events(self, customer_id: str) -> list[Event]:
        """The customer's events in words, in time order; none for an unknown customer."""
        if self.tombstones.of(customer_id):
            return []
        appended = self.inbox.of_customers([customer_id], self._through)
        return distinct_events([*self._stored(customer_id), *appended.get(customer_id, [])], self.book)

    def followed(self, customer_id: str, events: Sequence[Event], cutoff: int) -> Histories:
        """The customer's history as known at `cutoff` (µs UTC), as it would be had these events been appended;
        nothing is kept. A profile is the one stated by then. SourceError for an unusable event."""
        known = [event for event in self.events(customer_id) if _is_known(event, cutoff)]
        encoded = encode_customers([(customer_id, [*known, *events], _NO_PROFILE)], self.book)
        stated = {name: dated.known_by(cutoff) for name, dated in self._profile_of(customer_id).items()}
        return replace(encoded, profile=stated)

    def frame(self, bucket: int) -> pl.DataFrame:
        """The events of one bucket in words: the columns of EVENT_SCHEMA, sorted by customer and time."""
        import polars as pl

        from data.frames import frame_of

        stored = self._buckets[bucket].frame()
        appended = self._appended_to(bucket)
        left_out = [*appended, *self._forgotten_in(bucket)]
        if not left_out:
            return stored
        events = [event for customer in appended for event in self.events(customer)]
        untouched = stored.filter(~pl.col("customer_id").is_in(left_out))
        return pl.concat([untouched, frame_of(events)]).sort("customer_id", maintain_order=True)

    def words(self, column: str) -> dict[int, str]:
        """What the hashes of a column stand for: type, product, category, channel, or a profile column."""
        return self._buckets.words(column)

    def _stored(self, customer_id: str) -> list[Event]:
        for number, positions in self._positions([customer_id]).items():
            return self._buckets[number].events_of(positions[customer_id])
        return []

    def _positions(self, customer_ids: Sequence[str]) -> dict[int, dict[str, int]]:
        """The bucket of each known customer, and its position there."""
        found: dict[int, dict[str, int]] = {}
        numbers = bucket_of(stable_hash(customer_ids), self.buckets).tolist()
        for customer, number in zip(customer_ids, numbers, strict=True):
            position = self._buckets.people(number).position(customer)
            if position is not None:
                found.setdefault(number, {})[customer] = position
        return found

    def _appended_to(self, bucket: int) -> dict[str, list[Event]]:
        return self.inbox.of_customers(self._ids_appended_to(bucket), self._through)

    def _ids_appended_to(self, bucket: int) -> list[str]:
        customers = self._appended_customers()
        numbers = bucket_of(stable_hash(customers), self.buckets).tolist()
        return [customer for customer, number in zip(customers, numbers, strict=True) if number == bucket]

    def _appended_customers(self) -> list[str]:
        customers = self.inbox.customers(self._through)
        gone = self.tombstones.among(customers)
        return [customer for customer in customers if customer not in gone]

    def _stored_in(self, bucket: int) -> set[str]:
        """The customers of a bucket but for those who were forgotten."""
        return set(self._buckets.people(bucket).ids) - self._forgotten_in(bucket)

    def _forgotten_in(self, bucket: int) -> frozenset[str]:
        """The forgotten customers that this generation still holds: none, once it was made after their tombstones."""
        tombstones = self.tombstones
        if tombstones.version == self.manifest.forgotten:
            return frozenset()
        return tombstones.among(self._buckets.people(bucket).ids)

    def _encoded(self, appended: Mapping[str, Sequence[Event]]) -> Histories:
        """The customers with appended events, with the profile that the store has of them."""
        given = [(name, [*self._stored(name), *events], _NO_PROFILE) for name, events in appended.items()]
        encoded = encode_customers(given, self.book)
        if not self.book.profile_kinds or not len(encoded):
            return encoded
        stored = [self._profile_of(customer) for customer in encoded.customer_ids]
        profile = {name: Dated.concatenate([each[name] for each in stored]) for name in self.book.profile_kinds}
        return replace(encoded, profile=profile)

    def _profile_of(self, customer_id: str) -> dict[str, Dated]:
        for number, positions in self._positions([customer_id]).items():
            place = slice(positions[customer_id], positions[customer_id] + 1)
            profile = self._buckets.people(number).profile
            return {name: dated.select(place) for name, dated in profile.items()}
        kinds = self.book.profile_kinds
        return {name: Dated.nothing(1, PROFILE_DTYPES[kind]) for name, kind in kinds.items()}


def opened(at: At) -> Store:
    """The store that lies there; a process keeps the last one that it opened. StoreError as for `Store`."""
    store = _OPENED.get(at.key)
    if store is None:
        store = Store(at)
        _OPENED.clear()
        _OPENED[at.key] = store
    return store


def _is_known(event: Event, instant: int) -> bool:
    """Whether it had happened and was known at an instant (µs UTC)."""
    return instant_of(event.time) <= instant and instant_of(event.known_time or event.time) <= instant
