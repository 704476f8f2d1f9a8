"""What every event is worth to the company, in the money that the book's value counts."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from data.events import PURCHASE, RETURN, to_minor
from data.hashing import Hashes, stable_hash
from data.histories.histories import Histories
from data.settings.book import Book
from data.settings.margin import Margin

Ints = NDArray[np.int64]
DIGITS = 6  # of a rate times minor units, so that 0.07 × 150 is the half that it is in decimals


def worth(histories: Histories, book: Book) -> Ints:
    """What every event adds to value (positive) or takes off (negative), int64 minor units, shape (m,).

    Purchases count with their amount, or with their margin where value is margin; so do returns, unless value is
    gross; the book's service cost of a type is taken off each of its events. A margin is the event's own, else
    its amount × the rate of its category, half to even in minor units, else nothing.
    """
    if book.value == "gross":
        return np.where(histories.role == PURCHASE, histories.amount, 0)
    traded = (histories.role == PURCHASE) | (histories.role == RETURN)
    money = histories.amount if book.value == "net" else _margins(histories, book.margin)
    return np.where(traded, money, 0) - _service_cost(histories, book)


def _margins(histories: Histories, margin: Margin | None) -> Ints:
    if margin is None:
        return histories.margin
    rates = _looked_up(histories.category, margin.rates, margin.rate)
    by_rate = np.rint(np.round(histories.amount * rates, DIGITS))
    return np.where(histories.margined, histories.margin, by_rate.astype(np.int64))


def _service_cost(histories: Histories, book: Book) -> Ints:
    """What every event cost, minor units, shape (m,)."""
    cost, _ = to_minor(_looked_up(histories.type, book.service_cost, 0.0), book.minor_digits)
    return cost


def _looked_up(hashes: Hashes, told: Mapping[str, float], otherwise: float) -> NDArray[np.float64]:
    """The number told of each text by its hash, else another, shape (m,)."""
    if not told:
        return np.full(len(hashes), otherwise)
    known = stable_hash(list(told))
    order = np.argsort(known)
    numbers = np.array(list(told.values()), np.float64)[order]
    place = np.minimum(np.searchsorted(known[order], hashes), len(known) - 1)
    return np.where(known[order][place] == hashes, numbers[place], otherwise)
