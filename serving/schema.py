"""What a request may hold; anything else is refused with the field's path."""

from typing import Annotated

from pydantic import Field, field_validator

from data.handover import Customer, Strict
from serving.figures import Language

MOST_CUSTOMERS = 1_000
MOST_EVENTS_IN_ALL = 50_000


class RecommendationRequest(Strict):
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
