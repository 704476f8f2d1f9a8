"""What a request may hold; anything else is refused with the field's path."""

from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema, field_validator

from data.events import Event
from serving.figures import Language

MOST_CUSTOMERS = 1_000
MOST_EVENTS = 10_000
MOST_EVENTS_IN_ALL = 50_000
LARGEST_NUMBER = 1e12

Name = Annotated[str, Field(min_length=1, max_length=200)]
Number = Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


def _scalar(value: Any) -> Any:
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER:
        return value
    raise ValueError("expected a text, a number, a truth value or null")


Scalar = Annotated[Any, AfterValidator(_scalar), WithJsonSchema({"type": ["string", "number", "boolean", "null"]})]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, hide_input_in_errors=True, allow_inf_nan=False)


class InlineEvent(_Strict):
    """One event as the caller knows it.

    `type` is one of the book's types; `amount` is in the book's currency, negative for a return; `known_time`
    (default: `time`) is when it was learnt of.
    """

    time: AwareDatetime
    type: Name
    known_time: AwareDatetime | None = None
    amount: Number | None = None
    quantity: Number | None = None
    product: Name | None = None
    category: Name | None = None
    channel: Name | None = None
    order_id: Name | None = None
    attributes: dict[Name, Annotated[str, Field(max_length=1_000)]] | None = Field(default=None, max_length=50)

    def event(self, customer_id: str) -> Event:
        """The event as the data room knows it."""
        fields = {name: getattr(self, name) for name in type(self).model_fields}
        return Event(customer_id=customer_id, **fields)


class Customer(_Strict):
    """A customer by id alone, whose stored history is used, or with `events` and `profile`.

    What is given is used alone, as given, also where the id is stored.
    """

    customer_id: Name
    events: Annotated[list[InlineEvent], Field(max_length=MOST_EVENTS, fail_fast=True)] | None = None
    profile: dict[Name, Scalar] | None = Field(default=None, max_length=200)

    @property
    def is_inline(self) -> bool:
        """Whether the caller brought the history along."""
        return self.events is not None or self.profile is not None


class RecommendationRequest(_Strict):
    """Whom to score, as of when, in which language.

    `cutoff` is a date (the end of that day in the book's time zone) or a time with an offset; by default the
    end of the last day with an event in the store, and at most the longest horizon after it. `language` defaults
    to the book's. The customers bring at most 50,000 events along in all.
    """

    customers: Annotated[list[Customer], Field(min_length=1, max_length=MOST_CUSTOMERS, fail_fast=True)]
    cutoff: Annotated[str, Field(min_length=1, max_length=40)] | None = None
    language: Language | None = None

    @field_validator("customers")
    @classmethod
    def _not_too_many_events(cls, customers: list[Customer]) -> list[Customer]:
        events = sum(len(customer.events or ()) for customer in customers)
        if events > MOST_EVENTS_IN_ALL:
            raise ValueError(
                f"bring {events:,} events along, at most {MOST_EVENTS_IN_ALL:,} fit; ask in several requests"
            )
        return customers
