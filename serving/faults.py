"""Where a request is at fault, once the data room has refused it."""

from collections.abc import Iterator, Sequence

from data.book import Book
from data.errors import SourceError, did_you_mean, listed
from data.events import NO_CUSTOMER, UNKNOWN_TYPE, problem_of
from data.handover import Customer
from data.profiles import declared, profile_number
from serving.errors import Fault, RequestError

FIELDS = ("known_time", "time", "amount", "margin", "quantity", "customer_id")
"""The fields that the data room's words for an unusable event name."""


def require_distinct(customers: Sequence[Customer]) -> None:
    """Raises RequestError for a customer who is asked for twice."""
    seen: set[str] = set()
    for number, customer in enumerate(customers):
        if customer.customer_id in seen:
            raise RequestError(Fault(f"customers.{number}.customer_id", "is asked for twice; ask once"))
        seen.add(customer.customer_id)


def faults_of(customers: Sequence[Customer], book: Book) -> Iterator[Fault]:
    """Where customers whom the data room refused are at fault."""
    for number, customer in enumerate(customers):
        yield from _event_faults(f"customers.{number}.events", customer, book)
        yield from _profile_faults(f"customers.{number}.profile", customer, book)


def _event_faults(path: str, customer: Customer, book: Book) -> Iterator[Fault]:
    for number, given in enumerate(customer.events or ()):
        wrong = problem_of(given, book.roles, book.minor_digits) if customer.customer_id.strip() else NO_CUSTOMER
        if wrong == UNKNOWN_TYPE:
            yield Fault(
                f"{path}.{number}.type",
                f"expected one of the book's types: {listed(book.roles)}{did_you_mean(given.type, book.roles)}",
            )
        elif wrong is not None:
            field = next(field for field in FIELDS if field in wrong)
            yield Fault(f"{path}.{number}.{field}", wrong)


def _profile_faults(path: str, customer: Customer, book: Book) -> Iterator[Fault]:
    for column, value in (customer.profile or {}).items():
        try:
            declared(book, [column])
            profile_number(value, book.profile_kinds[column], book.time_zone)
        except SourceError as error:
            yield Fault(f"{path}.{column}", str(error).removeprefix("profile: "))
