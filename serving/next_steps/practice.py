"""What the customers of a book commonly do: the yardstick for whoever has not done it yet."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.events import PURCHASE
from data.hashing import hash_text
from data.histories.histories import Histories, chained
from data.settings.book import Book

COMMON = 0.1
"""(ours) A type is common where at least this share of the book's customers has it."""


@dataclass(frozen=True, eq=False, slots=True)
class Practice:
    """`shares` of a book's customers by the types that they have; `first_order` the lines of the usual first order:
    the one whose money is the (lower) median of all customers' first ones, None where nobody has bought."""

    shares: Mapping[str, float]
    first_order: Histories | None

    @property
    def occurring(self) -> frozenset[str]:
        """The types that somebody has."""
        return frozenset(type_ for type_, share in self.shares.items() if share > 0)

    def is_common(self, type_: str) -> bool:
        """Whether enough customers have it that anybody might."""
        return self.shares.get(type_, 0.0) >= COMMON


def practice_of(parts: Iterable[Histories], cutoff: int, book: Book) -> Practice:
    """The practice of a book whose customers come in parts, as it was known at a cutoff (µs UTC)."""
    customers, having, firsts = 0, dict.fromkeys(book.roles, 0), []
    for part in parts:
        seen = (part.time <= cutoff) & (part.known_time <= cutoff)
        owner = np.repeat(np.arange(len(part)), np.diff(part.offsets))
        customers += len(np.unique(owner[seen]))
        for type_ in having:
            having[type_] += len(np.unique(owner[seen & (part.type == np.uint64(hash_text(type_)))]))
        firsts.append(_first_orders(part, owner, seen & (part.role == PURCHASE)))
    shares = {type_: count / customers if customers else 0.0 for type_, count in having.items()}
    return Practice(shares, _usual([part for part in firsts if part.events]))


def _first_orders(part: Histories, owner: NDArray[np.int64], bought: NDArray[np.bool_]) -> Histories:
    """The lines of the first order of every customer who has one."""
    buyers, rows = np.unique(owner[bought], return_index=True)
    first = np.full(len(part), -1, np.int64)
    first[buyers] = part.order[bought][rows]
    return part.keeping(bought & (part.order == first[owner])).select(buyers)


def _usual(firsts: list[Histories]) -> Histories | None:
    """The order of the lower median money, of orders that cost something; of equal ones the first customer's."""
    if not firsts:
        return None
    orders = chained(firsts)
    money = np.add.reduceat(orders.amount, orders.offsets[:-1])
    priced = np.flatnonzero(money > 0)
    if not len(priced):
        return None
    ascending = priced[np.argsort(money[priced], kind="stable")]
    return orders.one(int(ascending[(len(ascending) - 1) // 2]))
