"""What really happened after a cutoff: one label per customer, and who is asked about."""

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.events import PURCHASE
from data.hashing import stable_hash
from data.histories.histories import Histories
from data.settings.book import Book
from training.worth import worth

__all__ = ["PARTS", "TARGETS", "audience", "converts", "label", "label_part", "parts_of", "population", "worth"]

TARGETS = ("lifetime_value", "conversion", "churn")
PARTS = ("gains", "losses")
Floats = NDArray[np.float64]


def label(
    histories: Histories, cutoff: int, target: str, horizon_days: int, book: Book, known_at: int | None = None
) -> Floats:
    """The label of every customer in `(cutoff, cutoff + horizon_days]`, shape (n,).

    `lifetime_value` is money in the book's currency, the sum of what each event is `worth`; it is negative where
    returns and service cost exceed what purchases bring. `conversion` is 1 for a customer with at least one of the
    book's conversion events. `churn` is 1 for a customer without any purchase.
    Events learnt of after `known_at` (µs, default: whenever) are not seen.
    """
    inside = _inside(histories, cutoff, horizon_days, book, known_at)
    if target == "lifetime_value":
        return _currency(_sum_by_customer(histories, np.where(inside, worth(histories, book), 0)), book)
    if target == "conversion":
        return _any_by_customer(histories, inside & converts(histories, book)).astype(np.float64)
    return (~_any_by_customer(histories, inside & (histories.role == PURCHASE))).astype(np.float64)


def parts_of(book: Book) -> tuple[str, ...]:
    """The parts of lifetime value that can be learnt of the book: `losses` only where something is taken off."""
    return ("gains",) if book.value == "gross" else PARTS


def label_part(
    histories: Histories, cutoff: int, part: str, horizon_days: int, book: Book, known_at: int | None = None
) -> Floats:
    """A part of `label(…, "lifetime_value", …)`, in currency, shape (n,), never negative.

    `gains` sums the events that are worth something, `losses` what the others cost: both add up over windows, and
    gains − losses is the label to the minor unit. Where value is gross nothing but discounts is ever below zero:
    a customer's whole sum is a gain, or a loss.
    """
    inside = _inside(histories, cutoff, horizon_days, book, known_at)
    counted = np.where(inside, worth(histories, book), 0) * (1 if part == "gains" else -1)
    if book.value == "gross":
        return _currency(np.maximum(_sum_by_customer(histories, counted), 0), book)
    return _currency(_sum_by_customer(histories, np.maximum(counted, 0)), book)


def converts(histories: Histories, book: Book) -> NDArray[np.bool_]:
    """Which events are the book's conversion event, shape (m,); any purchase where the book names none."""
    if not book.targets.conversion.types:
        return np.asarray(histories.role == PURCHASE)
    return np.isin(histories.type, stable_hash(book.targets.conversion.types))


def audience(book: Book, target: str) -> str:
    """Whom a target is asked about: `buyers` (value and churn), or as the book says (conversion)."""
    return book.targets.conversion.population if target == "conversion" else "buyers"


def population(histories: Histories, cutoff: int, whom: str, known_at: int | None = None) -> NDArray[np.bool_]:
    """The `everyone` (any event), `buyers` (any purchase) or `prospects` (no purchase yet) of a cutoff, shape (n,).

    What became known after `known_at` (µs, default: the cutoff) does not count.
    """
    seen = (histories.time <= cutoff) & (histories.known_time <= (cutoff if known_at is None else known_at))
    anybody = _any_by_customer(histories, seen)
    if whom == "everyone":
        return anybody
    buyers = _any_by_customer(histories, seen & (histories.role == PURCHASE))
    return buyers if whom == "buyers" else anybody & ~buyers


def _inside(
    histories: Histories, cutoff: int, horizon_days: int, book: Book, known_at: int | None
) -> NDArray[np.bool_]:
    end = add_days(cutoff, horizon_days, book.time_zone)
    inside = (histories.time > cutoff) & (histories.time <= end)
    return inside if known_at is None else inside & (histories.known_time <= known_at)


def _currency(minor: NDArray[np.int64], book: Book) -> Floats:
    return np.asarray(minor / 10.0**book.minor_digits)


def _sum_by_customer(histories: Histories, values: NDArray[np.int64]) -> NDArray[np.int64]:
    running = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return np.asarray(running[histories.offsets[1:]] - running[histories.offsets[:-1]])


def _any_by_customer(histories: Histories, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return _sum_by_customer(histories, flags.astype(np.int64)) > 0
