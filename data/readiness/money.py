"""What a book's money looks like, as far as its settings may be wrong about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.events import PURCHASE, RETURN
from data.hashing import hash_text, stable_hash
from data.histories.histories import Histories
from data.settings.book import Book


@dataclass(frozen=True, slots=True)
class Money:
    """Returns and their amount; purchases and returns without a margin; returns with a margin, and those of them where
    it is positive; of purchases without a margin the amount, that without a category, and that of categories without
    a rate; and the categories with a rate that were bought. Amounts are in minor units."""

    returns: int
    returned: int
    purchases_without_margin: int
    returns_without_margin: int
    returns_with_margin: int
    returns_with_gain: int
    bought: int
    bought_without_category: int
    bought_without_rate: int
    rated: frozenset[str]

    @classmethod
    def of(cls, book: Book, histories: Histories) -> Money:
        """That of some histories."""
        amount, margined = histories.amount, histories.margined
        purchase, returned = histories.role == PURCHASE, histories.role == RETURN
        rates = list(book.margin.rates) if book.margin else []
        bought = purchase & ~margined
        nowhere = bought & ~np.isin(histories.category, stable_hash(rates))
        none = histories.category == 0
        found = set(np.unique(histories.category[purchase]).tolist()) if rates else set()
        return cls(
            returns=int(returned.sum()),
            returned=int(amount[returned].sum()),
            purchases_without_margin=int(bought.sum()),
            returns_without_margin=int((returned & ~margined).sum()),
            returns_with_margin=int((returned & margined).sum()),
            returns_with_gain=int((histories.margin[returned & margined] > 0).sum()),
            bought=int(amount[bought].sum()),
            bought_without_category=int(amount[nowhere & none].sum()),
            bought_without_rate=int(amount[nowhere & ~none].sum()),
            rated=frozenset(rate for rate in rates if hash_text(rate) in found),
        )

    def __add__(self, other: Money) -> Money:
        return Money(
            self.returns + other.returns,
            self.returned + other.returned,
            self.purchases_without_margin + other.purchases_without_margin,
            self.returns_without_margin + other.returns_without_margin,
            self.returns_with_margin + other.returns_with_margin,
            self.returns_with_gain + other.returns_with_gain,
            self.bought + other.bought,
            self.bought_without_category + other.bought_without_category,
            self.bought_without_rate + other.bought_without_rate,
            self.rated | other.rated,
        )


def no_money() -> Money:
    """That of nobody."""
    return Money(0, 0, 0, 0, 0, 0, 0, 0, 0, frozenset())
