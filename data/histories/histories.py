"""The time-ordered events of many customers, in columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from data.clock import local_days
from data.hashing import Hashes
from data.histories.dated import Dated, ends_of, rows_of
from data.histories.profiles import PROFILE_DTYPES
from data.identity import number_orders
from data.settings.book import Book

# Per event, in this order everywhere; the dtypes are those of the store.
EVENT_ARRAYS: dict[str, np.dtype[Any]] = {
    "time": np.dtype(np.int64),
    "known_time": np.dtype(np.int64),
    "day": np.dtype(np.int32),
    "role": np.dtype(np.int8),
    "type": np.dtype(np.uint64),
    "order": np.dtype(np.int32),
    "amount": np.dtype(np.int64),
    "priced": np.dtype(np.bool_),
    "margin": np.dtype(np.int64),
    "margined": np.dtype(np.bool_),
    "quantity": np.dtype(np.float64),
    "product": np.dtype(np.uint64),
    "category": np.dtype(np.uint64),
    "channel": np.dtype(np.uint64),
    "contact": np.dtype(np.uint64),
}
Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Histories:
    """The events of n customers, m in all; customer i owns the rows `offsets[i]` to `offsets[i + 1]`.

    `customer_ids` ascend as strings; within a customer rows ascend by (time, role, order_id, key).
    Per event: `time`, `known_time` int64 microseconds UTC; `day` int32 local calendar day since 1970-01-01;
    `role` int8 index into ROLES; `type`, `product`, `category`, `channel`, `contact` (the person at the customer)
    uint64 stable hashes (0 = none);
    `order` int32, equal for the purchase and return lines of one order of one customer, else −1;
    `amount` and `margin` (what is left of it) int64 signed minor units (0 = none), `priced` and `margined` whether
    there was one; `quantity` float64 (nan = none).
    Per declared column: `profile`, the dated values of the customers (category and text: uint64 hash; number:
    float64; date: int64 microseconds UTC).
    """

    customer_ids: Sequence[str]
    offsets: npt.NDArray[np.int64]
    time: npt.NDArray[np.int64]
    known_time: npt.NDArray[np.int64]
    day: npt.NDArray[np.int32]
    role: npt.NDArray[np.int8]
    type: npt.NDArray[np.uint64]
    order: npt.NDArray[np.int32]
    amount: npt.NDArray[np.int64]
    priced: npt.NDArray[np.bool_]
    margin: npt.NDArray[np.int64]
    margined: npt.NDArray[np.bool_]
    quantity: npt.NDArray[np.float64]
    product: npt.NDArray[np.uint64]
    category: npt.NDArray[np.uint64]
    channel: npt.NDArray[np.uint64]
    contact: npt.NDArray[np.uint64]
    profile: Mapping[str, Dated]

    def __len__(self) -> int:
        return len(self.customer_ids)

    @property
    def events(self) -> int:
        """The number of events of all customers."""
        return int(self.offsets[-1] - self.offsets[0])

    def one(self, index: int) -> Histories:
        """The history of one customer, without a copy."""
        return self._between(index, index + 1)

    def select(self, indices: Sequence[int] | npt.NDArray[np.int64]) -> Histories:
        """The customers at these positions, in this order."""
        chosen = np.asarray(indices, dtype=np.int64)
        if len(chosen) and bool((np.diff(chosen) == 1).all()):
            return self._between(int(chosen[0]), int(chosen[-1]) + 1)
        offsets, rows = rows_of(self.offsets, chosen)
        return self._taken([self.customer_ids[index] for index in chosen], offsets, rows, chosen)

    @classmethod
    def concatenate(cls, parts: Iterable[Histories]) -> Histories:
        """All customers of the parts, sorted by id; the parts share columns and no customer."""
        joined = chained(list(parts))
        order = sorted(range(len(joined)), key=joined.customer_ids.__getitem__)
        return joined if order == list(range(len(joined))) else joined.select(order)

    def known_by(self, instant: int) -> Histories:
        """All customers, with the events alone that had happened and were known at an instant (µs UTC)."""
        return self.keeping((self.time <= instant) & (self.known_time <= instant))

    def keeping(self, chosen: npt.NDArray[np.bool_]) -> Histories:
        """All customers, with the chosen events alone, bool[m]."""
        kept = np.flatnonzero(chosen)
        offsets = np.searchsorted(kept, self.offsets - self.offsets[0])
        return self._taken(self.customer_ids, offsets, kept, slice(0, len(self)))

    def until(self, instant: int, stated_by: int | None = None) -> Histories:
        """All customers, with the events alone that had happened by an instant (µs UTC), whenever they became known,
        and the profile as it had been stated by `stated_by` (default: the instant)."""
        stated = instant if stated_by is None else stated_by
        profile = {name: dated.known_by(stated) for name, dated in self.profile.items()}
        return replace(self.keeping(self.time <= instant), profile=profile)

    def _between(self, start: int, stop: int) -> Histories:
        if (start, stop) == (0, len(self)) and self.events == len(self.time):
            return self
        rows = slice(int(self.offsets[start]), int(self.offsets[stop]))
        offsets = self.offsets[start : stop + 1] - self.offsets[start]
        return self._taken(self.customer_ids[start:stop], offsets, rows, slice(start, stop))

    def _taken(
        self,
        customer_ids: Sequence[str],
        offsets: npt.NDArray[np.int64],
        rows: slice | npt.NDArray[np.int64],
        customers: slice | npt.NDArray[np.int64],
    ) -> Histories:
        return Histories(
            customer_ids=customer_ids,
            offsets=offsets,
            **{name: getattr(self, name)[rows] for name in EVENT_ARRAYS},
            profile={name: dated.select(customers) for name, dated in self.profile.items()},
        )


def no_histories(profile_kinds: Mapping[str, str]) -> Histories:
    """Histories of nobody, with the declared profile columns."""
    return Histories(
        customer_ids=[],
        offsets=np.zeros(1, np.int64),
        **{name: np.empty(0, dtype) for name, dtype in EVENT_ARRAYS.items()},
        profile={name: Dated.nothing(0, PROFILE_DTYPES[kind]) for name, kind in profile_kinds.items()},
    )


def chained(parts: Sequence[Histories]) -> Histories:
    """The customers of all parts (at least one), part after part."""
    first = parts[0]
    if len(parts) == 1:
        return first
    return Histories(
        customer_ids=[customer for part in parts for customer in part.customer_ids],
        offsets=ends_of(np.concatenate([np.diff(part.offsets) for part in parts])),
        **{name: np.concatenate([getattr(part, name) for part in parts]) for name in EVENT_ARRAYS},
        profile={name: Dated.concatenate([part.profile[name] for part in parts]) for name in first.profile},
    )


def assemble(
    *,
    customer_ids: Sequence[str],
    lengths: npt.NDArray[np.int64],
    columns: Mapping[str, Array],
    order_id: Hashes,
    profile: Mapping[str, Dated],
    book: Book,
) -> Histories:
    """Histories from sorted rows: `columns` holds every event array but `day` and `order`."""
    day = local_days(columns["time"], book.time_zone)
    owner = np.repeat(np.arange(len(lengths), dtype=np.int64), lengths)
    order = number_orders(owner, order_id, day, columns["role"])
    return Histories(
        customer_ids=customer_ids,
        offsets=ends_of(lengths),
        **{**columns, "day": day, "order": order},
        profile=profile,
    )
