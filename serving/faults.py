"""Where a request is at fault, once the data room has refused it."""

from collections.abc import Iterator, Sequence

from data.errors import SourceError, did_you_mean, listed
from data.events import NO_CUSTOMER, UNKNOWN_TYPE, Told, problem_of
from data.handover import Customer
from data.histories.profiles import profile_number
from data.settings.book import Book
from serving.errors import Fault, RequestError, shown_name

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
        yield from faults_of_event(f"{path}.{number}", customer.customer_id, given, book)


def faults_of_event(path: str, customer_id: str, given: Told, book: Book) -> Iterator[Fault]:
    """Where one event is at fault; none where it can be used."""
    wrong = problem_of(given, book.roles, book.minor_digits) if customer_id.strip() else NO_CUSTOMER
    if wrong == UNKNOWN_TYPE:
        yield Fault(
            f"{path}.type",
            f"expected one of the book's types: {listed(book.roles)}{did_you_mean(given.type, book.roles)}",
        )
    elif wrong is not None:
        field = next(field for field in FIELDS if field in wrong)
        yield Fault(f"{path}.{field}", wrong)


def _profile_faults(path: str, customer: Customer, book: Book) -> Iterator[Fault]:
    for column, value in (customer.profile or {}).items():
        if column not in book.profile_kinds:
            known = listed(book.profile_kinds) if book.profile_kinds else "none"
            yield Fault(
                f"{path}.{shown_name(column)}", f"the book declares no column of this name; it declares {known}"
            )
            continue
        try:
            profile_number(value, book.profile_kinds[column], book.time_zone)
        except SourceError as error:
            yield Fault(f"{path}.{column}", str(error).removeprefix("profile: "))
