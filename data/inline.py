"""Histories of customers that a caller hands over, without a data frame library."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from data.book import Book
from data.clock import instant_of
from data.errors import SourceError
from data.events import Event, problem, to_minor
from data.hashing import Hashes, hash_text
from data.histories import Histories, assemble
from data.identity import Content, attributes_text, content_key
from data.profiles import ALWAYS_KNOWN, NEVER_KNOWN, declared, missing, profile_array

Customer = tuple[str, Sequence[Event], Mapping[str, object]]


def encode_customers(customers: Sequence[Customer], book: Book) -> Histories:
    """Histories of customers handed over one by one: (customer_id, events, profile values).

    The same bytes as `data.encoding.encode` for the same events. Profile values count as always known.
    SourceError for an unusable event, an undeclared column, or a customer given twice.
    """
    ordered = sorted(customers, key=itemgetter(0))
    ids = [customer for customer, _, _ in ordered]
    _require_distinct(ids)
    _require_usable(ordered, book)
    events = [event for _, given, _ in ordered for event in given]
    owner = np.repeat(np.arange(len(ids)), [len(given) for _, given, _ in ordered])
    content = event_content(events, _hashes(ids)[owner], book.minor_digits)
    role = np.array([book.role_codes[event.type] for event in events], np.int8)
    rows = _sorted_rows(events, content, role, owner)
    profile, known = _profiles([values for _, _, values in ordered], book)
    return assemble(
        customer_ids=ids,
        lengths=np.bincount(owner[rows], minlength=len(ids)),
        columns=_columns(content, role, rows),
        order_id=content.order_id[rows],
        profile=profile,
        profile_known=known,
        book=book,
    )


def event_content(events: Sequence[Event], customers: Hashes, minor_digits: int) -> Content:
    """The fields of the events in arrays; `customers` holds the hash of each event's customer."""
    amount, priced = to_minor(_floats([event.amount for event in events]), minor_digits)
    times = [instant_of(event.time) for event in events]
    known = [instant_of(event.known_time) if event.known_time else times[row] for row, event in enumerate(events)]
    return Content(
        customer_id=customers,
        time=np.array(times, np.int64),
        known_time=np.array(known, np.int64),
        type=_hashes([event.type for event in events]),
        amount=amount,
        priced=priced,
        quantity=_floats([event.quantity for event in events]),
        product=_hashes([event.product for event in events]),
        category=_hashes([event.category for event in events]),
        channel=_hashes([event.channel for event in events]),
        order_id=_hashes([event.order_id for event in events]),
        attributes=_hashes([attributes_text(event.attributes) for event in events]),
    )


def event_keys(events: Sequence[Event], content: Content) -> list[str]:
    """Every event's key: its own, or its content and occurrence number among these events."""
    seen: Counter[tuple[str, int]] = Counter()
    keys = []
    for event, value in zip(events, content.hashes().tolist(), strict=True):
        seen[event.source, value] += 1
        keys.append(event.key or content_key(value, seen[event.source, value]))
    return keys


def distinct_events(events: Sequence[Event], book: Book) -> list[Event]:
    """The events of one customer in order, one for each identity."""
    owner = np.zeros(len(events), np.int64)
    customers = _hashes([event.customer_id for event in events])
    content = event_content(events, customers, book.minor_digits)
    role = np.array([book.role_codes[event.type] for event in events], np.int8)
    return [events[row] for row in _sorted_rows(events, content, role, owner)]


def _require_distinct(ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        raise SourceError("customers: expected each customer_id once, got one of them twice")


def _require_usable(customers: Sequence[Customer], book: Book) -> None:
    for customer, events, profile in customers:
        declared(book, list(profile))
        for number, event in enumerate(events, start=1):
            wrong = problem(event, book.roles, book.minor_digits)
            if wrong is None and event.customer_id != customer:
                wrong = "customer_id is that of another customer"
            if wrong is not None:
                raise SourceError(f"event {number} of a customer: {wrong}")


def _sorted_rows(
    events: Sequence[Event], content: Content, role: npt.NDArray[np.int8], owner: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The rows of each customer's distinct events, in order."""
    keys = event_keys(events, content)
    owners, times, roles = owner.tolist(), content.time.tolist(), role.tolist()

    def place(row: int) -> tuple[int, int, int, str, str, str]:
        event = events[row]
        return owners[row], times[row], roles[row], event.order_id or "", keys[row], event.source

    return np.array(sorted(_first_rows(events, keys, content), key=place), np.int64)


def _first_rows(events: Sequence[Event], keys: Sequence[str], content: Content) -> list[int]:
    """One row for each identity of a customer: the one known first, then the least content."""
    identities = [(event.customer_id, event.source, key) for event, key in zip(events, keys, strict=True)]
    if len(set(identities)) == len(events):
        return list(range(len(events)))
    known, hashes = content.known_time.tolist(), content.hashes().tolist()
    by_precedence = sorted(range(len(events)), key=lambda row: (known[row], hashes[row]))
    first: dict[tuple[str, str, str], int] = {}
    for row in by_precedence:
        first.setdefault(identities[row], row)
    return list(first.values())


def _columns(content: Content, role: npt.NDArray[np.int8], rows: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    names = ("time", "known_time", "type", "amount", "priced", "quantity", "product", "category", "channel")
    return {"role": role[rows], **{name: getattr(content, name)[rows] for name in names}}


def _profiles(
    given: Sequence[Mapping[str, object]], book: Book
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[np.int64]]]:
    profile = {
        name: profile_array((values.get(name) for values in given), kind, book.time_zone, len(given))
        for name, kind in book.profile_kinds.items()
    }
    known = {
        name: np.where(missing(profile[name], kind), NEVER_KNOWN, ALWAYS_KNOWN)
        for name, kind in book.profile_kinds.items()
    }
    return profile, known


def _hashes(texts: Sequence[str | None]) -> Hashes:
    return np.array([hash_text(text) for text in texts], np.uint64)


def _floats(values: Sequence[Any]) -> npt.NDArray[np.float64]:
    return np.array([math.nan if value is None else float(value) for value in values], np.float64)
