"""What a customer is used to do: how much they order, how often, and their last event of every type."""

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.clock import DAY
from data.events import PURCHASE
from data.hashing import hash_text
from data.histories.histories import Histories

RECENT_ORDERS = 12
"""(ours) The usual size and the usual pace are those of so many last orders."""


@dataclass(frozen=True, eq=False)
class Habits:
    """The habits in one customer's `history`, which holds what is known at `cutoff` (µs UTC) and nothing else."""

    history: Histories
    cutoff: int

    @property
    def usual_order(self) -> Histories | None:
        """The recent order of the (lower) median money; None where none cost anything."""
        return self._recent_order(0.5)

    @property
    def large_order(self) -> Histories | None:
        """The recent order that three of four do not exceed."""
        return self._recent_order(0.75)

    @property
    def largest_order(self) -> Histories | None:
        """The order that brought the most money so far, the later of equal ones."""
        if not len(self._priced):
            return None
        money = self._money[self._priced]
        return self._order(int(self._priced[np.flatnonzero(money == money.max())[-1]]))

    def orders_within(self, days: int) -> int:
        """How many orders fit into so many days at the customer's usual (median) pace; 0 without a pace."""
        return int(days / float(np.median(self._gaps))) if len(self._gaps) else 0

    @property
    def keeps_pace(self) -> bool:
        """Whether the last order is no longer ago than the longest of the recent waits between orders."""
        if not len(self._gaps):
            return False
        last = int(self.history.time[self._lines].max())
        return (self.cutoff - last) / DAY <= int(self._gaps.max())

    def last(self, type_: str) -> Histories | None:
        """The last event of a type, None where the customer has none."""
        rows = np.flatnonzero(self.history.type == np.uint64(hash_text(type_)))
        return self._keeping(rows[-1:]) if len(rows) else None

    @property
    def buys(self) -> bool:
        """Whether the customer has ever bought."""
        return bool(len(self._lines))

    @cached_property
    def _gaps(self) -> NDArray[np.int64]:
        """The days between the last days with an order."""
        days = np.unique(self.history.day[self._lines])[-RECENT_ORDERS - 1 :]
        return np.diff(days).astype(np.int64)

    @cached_property
    def _lines(self) -> NDArray[np.intp]:
        return np.flatnonzero(self.history.role == PURCHASE)

    @cached_property
    def _places(self) -> NDArray[np.int64]:
        """The place of every purchase line's order, the orders in the order of their first lines."""
        _, first, inverse = np.unique(self.history.order[self._lines], return_index=True, return_inverse=True)
        return np.argsort(np.argsort(first))[inverse]

    @cached_property
    def _money(self) -> NDArray[np.int64]:
        """The minor units of every order."""
        money = np.zeros(int(self._places.max(initial=-1)) + 1, np.int64)
        np.add.at(money, self._places, self.history.amount[self._lines])
        return money

    @cached_property
    def _priced(self) -> NDArray[np.intp]:
        """The places of the orders that cost something."""
        return np.flatnonzero(self._money > 0)

    def _recent_order(self, share: float) -> Histories | None:
        """The recent order that this share of them does not exceed, the later of equal ones."""
        recent = self._priced[-RECENT_ORDERS:]
        if not len(recent):
            return None
        money = self._money[recent]
        wanted = np.sort(money)[math.ceil(share * len(money)) - 1]
        return self._order(int(recent[np.flatnonzero(money == wanted)[-1]]))

    def _order(self, place: int) -> Histories:
        return self._keeping(self._lines[self._places == place])

    def _keeping(self, rows: NDArray[np.intp]) -> Histories:
        chosen = np.zeros(self.history.events, np.bool_)
        chosen[rows] = True
        return self.history.keeping(chosen)
