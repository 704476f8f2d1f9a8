"""What a customer's history would be if some more events followed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from data.clock import local_days
from data.events import PURCHASE
from data.hashing import hash_text
from data.histories.dated import ends_of
from data.histories.histories import EVENT_ARRAYS, Histories

Array = npt.NDArray[Any]


@dataclass(frozen=True, eq=False, slots=True)
class Following:
    """An event that is assumed: the rows of a `pattern` (its lines, one after the other), at another `time` (µs UTC).

    It is known as soon as it happens. The lines of a purchase are an order of their own.
    """

    pattern: Histories
    time: int

    @property
    def role(self) -> int:
        """The index into ROLES."""
        return int(self.pattern.role[0])


def plain_event(history: Histories, type_: str, role: int) -> Histories:
    """A pattern of one event of which nothing is known but its type; `history` is any history of the book."""
    nothing = history.one(0).keeping(np.zeros(history.one(0).events, np.bool_))
    one: dict[str, Any] = {name: np.zeros(1, dtype) for name, dtype in EVENT_ARRAYS.items()}
    one["type"][0], one["role"][0], one["quantity"][0], one["order"][0] = hash_text(type_), role, np.nan, -1
    return replace(nothing, offsets=np.array([0, 1], np.int64), **one)


def continued(history: Histories, followed_by: Sequence[Sequence[Following]], time_zone: str) -> Histories:
    """One customer's history once for each element of `followed_by`, as customers `0000`, `0001` and so on.

    The same bytes as encoding the customer's events together with the assumed ones, whose keys keep their lines in
    order. The assumed events are later than all others; ValueError for one that is not.
    """
    last = int(history.time[-1]) if history.events else np.iinfo(np.int64).min
    if any(assumed.time <= last for some in followed_by for assumed in some):
        raise ValueError("an assumed event has to be later than the history that it follows")
    ordered = [sorted(some, key=lambda assumed: (assumed.time, assumed.role)) for some in followed_by]
    added = [_added(some, history, time_zone) for some in ordered]
    lengths = np.array([history.events + len(rows["time"]) for rows in added], np.int64)
    return Histories(
        customer_ids=[f"{number:04d}" for number in range(len(added))],
        offsets=ends_of(lengths),
        **{name: _joined(getattr(history, name), [rows[name] for rows in added]) for name in EVENT_ARRAYS},
        profile={name: dated.select(np.zeros(len(added), np.int64)) for name, dated in history.profile.items()},
    )


def _added(some: Sequence[Following], history: Histories, time_zone: str) -> dict[str, Array]:
    """The rows of the assumed events of one variant."""
    lines = np.array([assumed.pattern.events for assumed in some], np.int64)
    times = np.repeat(np.array([assumed.time for assumed in some], np.int64), lines)
    rows = {
        name: np.concatenate([np.empty(0, dtype), *(getattr(assumed.pattern, name) for assumed in some)])
        for name, dtype in EVENT_ARRAYS.items()
    }
    first = int(history.order.max(initial=-1)) + 1
    bought = np.array([assumed.role == PURCHASE for assumed in some], np.bool_)
    numbers = np.where(bought, first + np.cumsum(bought) - 1, -1)
    return rows | {
        "time": times,
        "known_time": times,
        "day": local_days(times, time_zone),
        "order": np.repeat(numbers, lines).astype(np.int32),
    }


def _joined(own: Array, added: Sequence[Array]) -> Array:
    """The customer's own rows and some added ones, for one variant after the other."""
    return np.concatenate([part for rows in added for part in (own, rows)] or [own[:0]])
