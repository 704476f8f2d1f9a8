"""Histories of customers that a caller hands over, without a data frame library."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from itertools import chain
from operator import attrgetter, itemgetter
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from data.clock import instant_of
from data.contact import contact_of
from data.errors import SourceError
from data.events import LARGEST_MINOR, NO_CUSTOMER, Event, Told, is_instant, problem_of, to_minor
from data.hashing import Hashes, hash_text
from data.histories.dated import Dated
from data.histories.histories import Histories, assemble
from data.histories.profiles import declared, missing, profile_array
from data.identity import Content, attributes_text, content_key
from data.settings.book import Book

Customer = tuple[str, Sequence[Told], Mapping[str, object]]


class Columns(NamedTuple):
    """What events say, field by field."""

    time: Sequence[datetime]
    known_time: Sequence[datetime | None]
    type: Sequence[str]
    amount: Sequence[Decimal | float | None]
    margin: Sequence[Decimal | float | None]
    quantity: Sequence[float | None]
    product: Sequence[str | None]
    category: Sequence[str | None]
    channel: Sequence[str | None]
    order_id: Sequence[str | None]
    attributes: Sequence[Mapping[str, str] | None]
    source: Sequence[str]
    key: Sequence[str | None]


_FIELDS = attrgetter(*Columns._fields)


def encode_customers(customers: Sequence[Customer], book: Book) -> Histories:
    """Histories of customers handed over one by one: (customer_id, events, profile values).

    The same bytes as `data.histories.encoding.encode` for the same events. Profile values count as always known.
    SourceError for an unusable event, an undeclared column, or a customer given twice.
    """
    ordered = sorted(customers, key=itemgetter(0))
    ids = [customer for customer, _, _ in ordered]
    _require_distinct(ids)
    columns = columns_of([event for _, given, _ in ordered for event in given])
    _require_usable(ordered, columns, book)
    owner = np.repeat(np.arange(len(ids)), [len(given) for _, given, _ in ordered])
    content = event_content(columns, _hashes(ids)[owner], book.minor_digits)
    role = _roles(columns, book)
    rows = _sorted_rows(columns, content, role, owner)
    contact = _hashes([contact_of(each) for each in columns.attributes])
    return assemble(
        customer_ids=ids,
        lengths=np.bincount(owner[rows], minlength=len(ids)),
        columns={**_arrays(content, role, rows), "contact": contact[rows]},
        order_id=content.order_id[rows],
        profile=_profiles([values for _, _, values in ordered], book),
        book=book,
    )


def columns_of(events: Sequence[Told]) -> Columns:
    """The fields of all events."""
    return Columns(*zip(*map(_FIELDS, events), strict=True)) if events else Columns(*[()] * len(Columns._fields))


def event_content(columns: Columns, customers: Hashes, minor_digits: int) -> Content:
    """The fields of the events in arrays; `customers` holds the hash of each event's customer."""
    amount, priced = to_minor(_floats(columns.amount), minor_digits)
    margin, margined = to_minor(_floats(columns.margin), minor_digits)
    times = [instant_of(time) for time in columns.time]
    known = [instant_of(later) if later else time for later, time in zip(columns.known_time, times, strict=True)]
    return Content(
        customer_id=customers,
        time=np.array(times, np.int64),
        known_time=np.array(known, np.int64),
        type=_hashes(columns.type),
        amount=amount,
        priced=priced,
        margin=margin,
        margined=margined,
        quantity=_floats(columns.quantity),
        product=_hashes(columns.product),
        category=_hashes(columns.category),
        channel=_hashes(columns.channel),
        order_id=_hashes(columns.order_id),
        attributes=_hashes([attributes_text(each) if each else None for each in columns.attributes]),
    )


def event_keys(columns: Columns, content: Content) -> list[str]:
    """Every event's key: its own, or its content and occurrence number among these events."""
    seen: Counter[tuple[str, int]] = Counter()
    keys = []
    for own, source, value in zip(columns.key, columns.source, content.hashes().tolist(), strict=True):
        seen[source, value] += 1
        keys.append(own or content_key(value, seen[source, value]))
    return keys


def distinct_events(events: Sequence[Event], book: Book) -> list[Event]:
    """The events of one customer in order, one for each identity."""
    owner = np.zeros(len(events), np.int64)
    columns = columns_of(events)
    content = event_content(columns, _hashes([event.customer_id for event in events]), book.minor_digits)
    return [events[row] for row in _sorted_rows(columns, content, _roles(columns, book), owner)]


def _require_distinct(ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        raise SourceError("customers: expected each customer_id once, got one of them twice")


def _require_usable(customers: Sequence[Customer], columns: Columns, book: Book) -> None:
    doubtful = _doubtful(columns, book)
    first = 0
    for customer, events, profile in customers:
        declared(book, list(profile))
        last = first + len(events)
        looked_at: Sequence[int] = range(first, last)
        if customer.strip() and Event not in set(map(type, events)):
            looked_at = doubtful[bisect_left(doubtful, first) : bisect_left(doubtful, last)]
        for row in looked_at:
            wrong = _problem(customer, events[row - first], book)
            if wrong is not None:
                raise SourceError(f"event {row - first + 1} of a customer: {wrong}")
        first = last


def _doubtful(columns: Columns, book: Book) -> Sequence[int]:
    """The rows, ascending, that need a closer look: all where a type or a time is wrong, else those of some numbers."""
    times = chain(columns.time, filter(None, columns.known_time))
    if not (set(columns.type) <= book.roles.keys() and all(map(is_instant, times))):
        return range(len(columns.type))
    returns = {type_ for type_, role in book.roles.items() if role == "return"}
    most = LARGEST_MINOR / 10.0 ** (book.minor_digits + 1)
    numbers = zip(columns.type, columns.amount, columns.margin, columns.quantity, strict=True)
    return [
        row
        for row, (type_, amount, margin, quantity) in enumerate(numbers)
        if not (
            (amount is None or (0 <= float(amount) < most and type_ not in returns))
            and (margin is None or abs(float(margin)) < most)
            and (quantity is None or 0 <= quantity < math.inf)
        )
    ]


def _problem(customer: str, event: Told, book: Book) -> str | None:
    if not customer.strip():
        return NO_CUSTOMER
    if isinstance(event, Event) and event.customer_id != customer:
        return "customer_id is that of another customer"
    return problem_of(event, book.roles, book.minor_digits)


def _roles(columns: Columns, book: Book) -> npt.NDArray[np.int8]:
    return np.fromiter(map(book.role_codes.__getitem__, columns.type), np.int8, len(columns.type))


def _sorted_rows(
    columns: Columns, content: Content, role: npt.NDArray[np.int8], owner: npt.NDArray[np.int64]
) -> npt.NDArray[np.int64]:
    """The rows of each customer's distinct events, in order.

    Without a key of its own no event repeats another. Their keys begin with the hash of their content, which
    puts them in the order of the keys: what shares a hash has the same content and may stand either way.
    """
    owners = owner.tolist()
    rows: Sequence[int] = range(len(owners))
    keys: Sequence[int | str] = content.hashes().tolist()
    if any(columns.key):
        keys = event_keys(columns, content)
        rows = _first_rows([*zip(owners, columns.source, keys, strict=True)], content)
    orders = [order or "" for order in columns.order_id]
    places = [*zip(owners, content.time.tolist(), role.tolist(), orders, keys, columns.source, strict=True)]
    return np.array(sorted(rows, key=places.__getitem__), np.int64)


def _first_rows(identities: Sequence[tuple[int, str, int | str]], content: Content) -> Sequence[int]:
    """One row for each identity of a customer: the one known first, then the least content."""
    if len(set(identities)) == len(identities):
        return range(len(identities))
    known, hashes = content.known_time.tolist(), content.hashes().tolist()
    first: dict[tuple[int, str, int | str], int] = {}
    for row in sorted(range(len(identities)), key=[*zip(known, hashes, strict=True)].__getitem__):
        first.setdefault(identities[row], row)
    return list(first.values())


def _arrays(content: Content, role: npt.NDArray[np.int8], rows: npt.NDArray[np.int64]) -> dict[str, npt.NDArray[Any]]:
    names = ("time", "known_time", "type", "amount", "priced", "margin", "margined", "quantity")
    texts = ("product", "category", "channel")
    return {"role": role[rows], **{name: getattr(content, name)[rows] for name in (*names, *texts)}}


def _profiles(given: Sequence[Mapping[str, object]], book: Book) -> dict[str, Dated]:
    found = {}
    for name, kind in book.profile_kinds.items():
        values = profile_array((each.get(name) for each in given), kind, book.time_zone, len(given))
        found[name] = Dated.always(values, ~missing(values))
    return found


def _hashes(texts: Sequence[str | None]) -> Hashes:
    return np.fromiter(map(hash_text, texts), np.uint64, len(texts))


def _floats(values: Sequence[Any]) -> npt.NDArray[np.float64]:
    return np.array([math.nan if value is None else float(value) for value in values], np.float64)
