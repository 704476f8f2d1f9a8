"""Customers as callers hand them over in JSON; anything else is refused with the field's path."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, WithJsonSchema
from pydantic.dataclasses import dataclass

from data.events import INLINE

MOST_EVENTS = 10_000
LARGEST_NUMBER = 1e12

WITHOUT_NUL = r"^[^\x00]+$"
"""Of texts that may become a key of the ledger: PostgreSQL keeps no NUL."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=WITHOUT_NUL)]
AS_SOURCES_GIVE_IT = r"^[^\x00\s](?:[^\x00]*[^\x00\s])?$"
"""Of an id: sources strip the blanks around one, so that with them it would be somebody else's."""

Id = Annotated[str, Field(min_length=1, max_length=200, pattern=AS_SOURCES_GIVE_IT)]
NO_NUL = r"^[^\x00]*$"
Note = Annotated[str, Field(max_length=1_000, pattern=NO_NUL)]
Number = Annotated[float, Field(ge=-LARGEST_NUMBER, le=LARGEST_NUMBER)]


def _scalar(value: Any) -> Any:
    if isinstance(value, str) and "\0" in value:
        raise ValueError("holds a NUL character; leave it out")
    if value is None or isinstance(value, bool | str):
        return value
    if isinstance(value, int | float) and abs(value) <= LARGEST_NUMBER:
        return value
    raise ValueError("expected a text, a number, a truth value or null")


Scalar = Annotated[
    Any,
    AfterValidator(_scalar),
    WithJsonSchema({"type": ["string", "number", "boolean", "null"], "pattern": NO_NUL}),
]


EXACT = ConfigDict(strict=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False)


class Strict(BaseModel):
    """What a request consists of: exact types, no other fields, and no values in messages."""

    model_config = ConfigDict(**EXACT, frozen=True)


@dataclass(config=EXACT, frozen=True, slots=True)  # read field by field, which slots make fast
class InlineEvent:
    """One event as the caller knows it.

    `type` is one of the book's types; `amount` is in the book's currency, negative for a return; `margin` is what is
    left of it, for a book whose value is margin; `known_time` (default: `time`) is when it was learnt of.
    """

    time: AwareDatetime
    type: Name
    known_time: AwareDatetime | None = None
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


class Customer(Strict):
    """A customer by id alone, whose stored history is used, or with `events` and `profile`.

    What is given is used alone, as given, also where the id is stored.
    """

    customer_id: Id
    events: Annotated[list[InlineEvent], Field(max_length=MOST_EVENTS, fail_fast=True)] | None = None
    profile: dict[Name, Scalar] | None = Field(default=None, max_length=200)

    @property
    def is_inline(self) -> bool:
        """Whether the caller brought the history along."""
        return self.events is not None or self.profile is not None

    @property
    def history(self) -> tuple[str, Sequence[InlineEvent], Mapping[str, object]]:
        """What is encoded of the customer: id, events and profile."""
        return self.customer_id, self.events or (), self.profile or {}
