"""What may be asked of the API: paths and queries as texts, bodies as JSON; anything else is refused by its path."""

from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import AwareDatetime, BeforeValidator, Field, WithJsonSchema, model_validator
from pydantic.dataclasses import dataclass

from data.events import INLINE
from data.handover import EXACT, WITHOUT_NUL, Customer, Id, InlineEvent, Name, Note, Number, Strict
from serving.figures import Language
from serving.ledger.asked import LONGEST_NAME, LONGEST_REASON
from serving.tiers.ladder import TIERS

MOST_APPENDED = 10_000
MOST_CANDIDATES = 100
MOST_ACCOUNTS = 200
MOST_TOLD = 500
FURTHEST = 10_000_000

Sort = Literal["priority", "lifetime_value", "churn", "conversion", "customer_id"]
Order = Literal["desc", "asc"]
TierName = Literal["diamond", "gold", "silver", "bronze"]
Moment = Annotated[
    str,
    Field(
        min_length=1,
        max_length=40,
        description="A date (the end of that day in the book's time zone) or a time with an offset.",
        examples=["2024-05-19"],
    ),
]


def _digits(value: Any) -> Any:
    """A number as people write it; what else Python would read as one is refused."""
    if isinstance(value, str) and not (value.isascii() and value.isdigit() and len(value) <= 9):
        raise ValueError("expected a whole number in digits, such as 50")
    return int(value) if isinstance(value, str) else value


DIGITS = BeforeValidator(_digits)


class KeptAsked(Strict):
    """A kept recommendation by its id."""

    id: Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]


class CustomerAsked(Strict):
    """One customer, as of when, in which language; a page of `events` of the timeline that lies before a place."""

    customer_id: Id
    cutoff: Moment | None = None
    language: Language | None = None
    events: Annotated[int, Field(ge=1, le=MOST_TOLD), DIGITS] = 50
    before: Annotated[int, Field(ge=1, le=FURTHEST), DIGITS] | None = None


class AccountsAsked(Strict):
    """Which accounts, in which order, how many, and how many of them are skipped."""

    tier: TierName | None = None
    owner: Name | None = None
    search: Annotated[str, Field(min_length=1, max_length=100, pattern=WITHOUT_NUL)] | None = None
    sort: Sort = "priority"
    order: Order = "desc"
    limit: Annotated[int, Field(ge=1, le=MOST_ACCOUNTS), DIGITS] = 50
    offset: Annotated[int, Field(ge=0, le=FURTHEST), DIGITS] = 0


class NothingAsked(Strict):
    """Nothing but the path."""


@dataclass(config=EXACT, frozen=True, slots=True)
class AppendedEvent(InlineEvent):
    """An event of a customer to append to the book; the other fields are those of an event that is brought along.

    What has the content of an event that was appended before is known and adds nothing: send a delivery again
    without fear, and tell orders apart by their `order_id`.
    """

    customer_id: Id = Field(kw_only=True)


class EventsAsked(Strict):
    """Events to append, at most 10,000: all or none."""

    events: Annotated[list[AppendedEvent], Field(min_length=1, max_length=MOST_APPENDED, fail_fast=True)]


@dataclass(config=EXACT, frozen=True, slots=True)
class CandidateEvent:
    """An event that is only assumed; without a `time`, right after the cutoff. It is known as soon as it happens."""

    type: Name
    time: AwareDatetime | None = None
    amount: Number | None = None
    margin: Number | None = None
    quantity: Number | None = None
    product: Name | None = None
    category: Name | None = None
    channel: Name | None = None
    order_id: Name | None = None
    attributes: dict[Name, Note] | None = Field(default=None, max_length=50)

    source: ClassVar[str] = INLINE
    key: ClassVar[str | None] = None


class WhatIfAsked(Strict):
    """Whom (`customer_id` of the store, or a `customer` with a history of their own), what is assumed to happen after
    the `cutoff`, and `as_of` when scores are compared: by default the end of the last assumed event's day."""

    customer_id: Id | None = None
    customer: Customer | None = None
    events: Annotated[list[CandidateEvent], Field(min_length=1, max_length=MOST_CANDIDATES, fail_fast=True)]
    cutoff: Moment | None = None
    as_of: Moment | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _one_customer(self) -> Self:
        if (self.customer_id is None) == (self.customer is None):
            raise ValueError("name a customer_id, or bring a customer along: one of the two")
        return self

    @property
    def who(self) -> Customer:
        """The customer of the request."""
        return self.customer or Customer(customer_id=self.customer_id or "")


Day = Annotated[str, Field(max_length=40, description="A day in the book's time zone.", examples=["2024-08-31"])]


def _text(most: int) -> WithJsonSchema:
    """How a text is documented that the ledger has words of its own about."""
    return WithJsonSchema({"type": "string", "minLength": 1, "maxLength": most})


class OverrideAsked(Strict):
    """A tier given by hand (`tier` and `until`), or the end of those that were (`withdraw`); by whom and why."""

    customer_id: Id
    by: Annotated[str, _text(LONGEST_NAME)]
    reason: Annotated[str, _text(LONGEST_REASON)]
    tier: Annotated[str, WithJsonSchema({"type": "string", "enum": list(TIERS)})] | None = None
    until: Day | None = None
    starts: Day | None = Field(default=None, alias="from")
    withdraw: bool = False
    language: Language | None = None
