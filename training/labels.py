"""What really happened after a cutoff: one label per customer, and who is asked about."""

import numpy as np
from numpy.typing import NDArray

from data.book import Book
from data.clock import add_days
from data.events import PURCHASE, RETURN
from data.hashing import stable_hash
from data.histories import Histories

TARGETS = ("lifetime_value", "conversion", "churn")


def label(
    histories: Histories, cutoff: int, target: str, horizon_days: int, book: Book, known_at: int | None = None
) -> NDArray[np.float64]:
    """The label of every customer in `(cutoff, cutoff + horizon_days]`, shape (n,).

    `lifetime_value` is money in the book's currency: gross purchases, or purchases and (negative) returns
    where the book's value is net. `conversion` is 1 for a customer with at least one of the book's
    conversion events. `churn` is 1 for a customer without any purchase.
    Events learnt of after `known_at` (µs, default: whenever) are not seen.
    """
    end = add_days(cutoff, horizon_days, book.time_zone)
    inside = (histories.time > cutoff) & (histories.time <= end)
    if known_at is not None:
        inside &= histories.known_time <= known_at
    purchases = inside & (histories.role == PURCHASE)
    if target == "lifetime_value":
        paid = purchases | (inside & (histories.role == RETURN)) if book.value == "net" else purchases
        return _sum_by_customer(histories, np.where(paid, histories.amount, 0)) / 10.0**book.minor_digits
    if target == "conversion":
        return _any_by_customer(histories, inside & converts(histories, book)).astype(np.float64)
    return (~_any_by_customer(histories, purchases)).astype(np.float64)


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


def _sum_by_customer(histories: Histories, values: NDArray[np.int64]) -> NDArray[np.int64]:
    running = np.concatenate(([0], np.cumsum(values, dtype=np.int64)))
    return np.asarray(running[histories.offsets[1:]] - running[histories.offsets[:-1]])


def _any_by_customer(histories: Histories, flags: NDArray[np.bool_]) -> NDArray[np.bool_]:
    return _sum_by_customer(histories, flags.astype(np.int64)) > 0
