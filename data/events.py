"""What an event is, and what makes one unusable."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa  # type: ignore[import-untyped]

from data.clock import END_YEAR, FIRST_YEAR

# The index is the stored code, and the order among events of the same instant: books that know only days tell of a
# quote and its order on one day, and the road from a contact to a payment is then the likely one.
ROLES: tuple[str, ...] = (
    "touch",
    "response",
    "visit",
    "content",
    "inquiry",
    "meeting",
    "quote",
    "sample",
    "purchase",
    "payment",
    "return",
    "support",
    "survey",
)
PURCHASE = ROLES.index("purchase")
RETURN = ROLES.index("return")
PAYMENT = ROLES.index("payment")

# What `quantity` is depends on the role: pieces bought, the days that a payment came after it was due (negative
# if before), the score of a survey. Returns and payments may be negative.
SIGNED: tuple[int, ...] = (RETURN, PAYMENT)

_INSTANT = pa.timestamp("us", tz="UTC")
EVENT_SCHEMA = pa.schema(
    [
        pa.field("customer_id", pa.large_string(), nullable=False),
        pa.field("time", _INSTANT, nullable=False),
        pa.field("known_time", _INSTANT, nullable=False),
        pa.field("type", pa.large_string(), nullable=False),
        ("amount", pa.float64()),
        ("margin", pa.float64()),
        ("quantity", pa.float64()),
        ("product", pa.large_string()),
        ("category", pa.large_string()),
        ("channel", pa.large_string()),
        ("attributes", pa.large_string()),  # a JSON object of texts, its keys sorted
        ("order_id", pa.large_string()),
        pa.field("source", pa.large_string(), nullable=False),
        pa.field("key", pa.large_string(), nullable=False),
    ]
)
TEXT_FIELDS: tuple[str, ...] = ("type", "product", "category", "channel", "attributes", "order_id")
INLINE = "inline"  # the source of events without one
APPENDED = "appended"  # the account of the inbox
LARGEST_MINOR = 2.0**53


@dataclass(frozen=True, slots=True)
class Event:
    """One event as a caller hands it over.

    `time` and `known_time` carry an offset; `amount` is in the book's currency, signed: returns are not
    positive, and a purchase is negative only as a line of an order (`order_id`), such as a discount.
    `margin` is what is left of the amount, where the caller knows it; a return takes it back with the sign turned.
    Identity is (source, key); without a key, the content and its occurrence number.
    """

    customer_id: str
    time: datetime
    type: str
    known_time: datetime | None = None
    amount: Decimal | float | None = None
    margin: Decimal | float | None = None
    quantity: float | None = None
    product: str | None = None
    category: str | None = None
    channel: str | None = None
    order_id: str | None = None
    attributes: Mapping[str, str] | None = None
    source: str = INLINE
    key: str | None = None


class Told(Protocol):
    """What an event says, but for whose it is: an Event, or an event of a request that was parsed."""

    @property
    def time(self) -> datetime: ...
    @property
    def type(self) -> str: ...
    @property
    def known_time(self) -> datetime | None: ...
    @property
    def amount(self) -> Decimal | float | None: ...
    @property
    def margin(self) -> Decimal | float | None: ...
    @property
    def quantity(self) -> float | None: ...
    @property
    def product(self) -> str | None: ...
    @property
    def category(self) -> str | None: ...
    @property
    def channel(self) -> str | None: ...
    @property
    def order_id(self) -> str | None: ...
    @property
    def attributes(self) -> Mapping[str, str] | None: ...
    @property
    def source(self) -> str: ...
    @property
    def key(self) -> str | None: ...


# Why a row or an event cannot be used; the texts are the names in accounts and quarantine files.
WRONG_FIELDS = "wrong number of fields"
WRONG_BYTES = "bytes outside the source's encoding"
WRONG_QUOTES = "quotes that do not close"
NO_CUSTOMER = "customer_id is missing"
NO_TIME = "time is missing"
BAD_TIME = "time is not a date"
UNREAD_TIME = "time is not a date; set time_format"  # of a row of a source
BAD_KNOWN_TIME = "known_time is not a date"
NO_TYPE = "type is missing"
UNKNOWN_TYPE = "type has no role in the book"
BAD_AMOUNT = "amount is not a number"
COMMA_AMOUNT = 'amount is not a number; a comma as decimal mark? set decimal = ","'
POINT_AMOUNT = 'amount is not a number; a point as decimal mark? set decimal = "."'
INFINITE_AMOUNT = "amount is not finite"
HUGE_AMOUNT = "amount is too large"
POSITIVE_RETURN = "a return with a positive amount"
NEGATIVE_PURCHASE = "a purchase with a negative amount and no order_id (map it to a return)"
BAD_MARGIN = "margin is not a number"
COMMA_MARGIN = 'margin is not a number; a comma as decimal mark? set decimal = ","'
POINT_MARGIN = 'margin is not a number; a point as decimal mark? set decimal = "."'
INFINITE_MARGIN = "margin is not finite"
HUGE_MARGIN = "margin is too large"
BAD_QUANTITY = "quantity is not a number"
INFINITE_QUANTITY = "quantity is not finite"
NEGATIVE_QUANTITY = "quantity is negative"
NO_KEY = "a key column is missing"
TAKEN_KEY = "its key belongs to a different row"


def problem(event: Event, roles: Mapping[str, str], minor_digits: int) -> str | None:
    """Why this event cannot be used, or None; the same tests that ingest makes."""
    return problem_of(event, roles, minor_digits) if event.customer_id.strip() else NO_CUSTOMER


def problem_of(told: Told, roles: Mapping[str, str], minor_digits: int) -> str | None:
    """The same of what an event says, whosever it is."""
    if not is_instant(told.time):
        return BAD_TIME
    if told.known_time is not None and not is_instant(told.known_time):
        return BAD_KNOWN_TIME
    role, amount, quantity = roles.get(told.type), told.amount, told.quantity
    if role is None:
        return UNKNOWN_TYPE
    wrong = None if amount is None else _amount_problem(float(amount), told, role, minor_digits)
    if wrong is None and told.margin is not None:
        wrong = _margin_problem(float(told.margin), minor_digits)
    return wrong or (None if quantity is None else _quantity_problem(quantity, role))


def is_instant(moment: datetime) -> bool:
    """Whether a time has an offset and lies between 1900 and 2200."""
    return moment.tzinfo is not None and FIRST_YEAR <= moment.year < END_YEAR


def _amount_problem(amount: float, told: Told, role: str, minor_digits: int) -> str | None:
    if not math.isfinite(amount):
        return INFINITE_AMOUNT
    if abs(amount) * 10.0**minor_digits >= LARGEST_MINOR:
        return HUGE_AMOUNT
    if role == "purchase" and amount < 0 and not told.order_id:
        return NEGATIVE_PURCHASE
    return POSITIVE_RETURN if role == "return" and amount > 0 else None


def _margin_problem(margin: float, minor_digits: int) -> str | None:
    if not math.isfinite(margin):
        return INFINITE_MARGIN
    return HUGE_MARGIN if abs(margin) * 10.0**minor_digits >= LARGEST_MINOR else None


def _quantity_problem(quantity: float, role: str) -> str | None:
    if not math.isfinite(quantity):
        return INFINITE_QUANTITY
    return NEGATIVE_QUANTITY if quantity < 0 and ROLES.index(role) not in SIGNED else None


def to_minor(
    amounts: npt.NDArray[np.float64], minor_digits: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.bool_]]:
    """Amounts in currency (nan = none) as int64 minor units, half to even, and whether each was given."""
    priced = ~np.isnan(amounts)
    minor = np.rint(np.where(priced, amounts, 0.0) * 10.0**minor_digits)
    return minor.astype(np.int64), priced
