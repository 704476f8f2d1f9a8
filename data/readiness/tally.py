"""What a book holds, counted bucket by bucket: one bucket is in memory, however large the book is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import polars as pl

from data.events import PURCHASE, ROLES
from data.histories.histories import Histories
from data.histories.profiles import NEVER_KNOWN
from data.readiness.money import Money, no_money
from data.settings.book import Book

NEVER = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Tally:
    """Customers, those who bought, and those who did by the judged instant; events, those that became known late, and
    the first purchase (us UTC; `NEVER` without any); by role, its events and the customers who have some; orders that
    come to less than nothing; by profile column, the customers with a value, and with one that held at the judged
    instant; and what was counted of money."""

    customers: int
    buyers: int
    buyers_by_judged: int
    events: int
    late: int
    first_purchase: int
    role_events: tuple[int, ...]
    role_customers: tuple[int, ...]
    below_zero: int
    filled: dict[str, int]
    held: dict[str, int]
    money: Money

    @property
    def purchases(self) -> int:
        """The lines of purchases."""
        return self.role_events[PURCHASE]

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            self.customers + other.customers,
            self.buyers + other.buyers,
            self.buyers_by_judged + other.buyers_by_judged,
            self.events + other.events,
            self.late + other.late,
            min(self.first_purchase, other.first_purchase),
            tuple(map(sum, zip(self.role_events, other.role_events, strict=True))),
            tuple(map(sum, zip(self.role_customers, other.role_customers, strict=True))),
            self.below_zero + other.below_zero,
            {name: count + other.filled[name] for name, count in self.filled.items()},
            {name: count + other.held[name] for name, count in self.held.items()},
            self.money + other.money,
        )


def tally_of(book: Book, buckets: Iterable[Histories], judged: int) -> Tally:
    """The tally of all buckets, each of which holds every event of its customers."""
    columns = dict.fromkeys(book.profile_kinds, 0)
    zeros = (0,) * len(ROLES)
    nothing = Tally(0, 0, 0, 0, 0, NEVER, zeros, zeros, 0, columns, columns, no_money())
    return sum((_of_bucket(book, histories, judged) for histories in buckets), nothing)


def _of_bucket(book: Book, histories: Histories, judged: int) -> Tally:
    owner = np.repeat(np.arange(len(histories)), np.diff(histories.offsets))
    buying = histories.role == PURCHASE
    counts = np.bincount(histories.role, minlength=len(ROLES))
    dated = {name: histories.profile[name] for name in book.profile_kinds}
    since = {name: each.as_known(judged, judged)[1] for name, each in dated.items()}
    return Tally(
        customers=len(histories),
        buyers=len(np.unique(owner[buying])),
        buyers_by_judged=len(np.unique(owner[buying & (histories.time <= judged)])),
        events=histories.events,
        late=int((histories.known_time > histories.time).sum()),
        first_purchase=int(histories.time[buying].min(initial=NEVER)),
        role_events=tuple(counts.tolist()),
        role_customers=tuple(len(np.unique(owner[histories.role == code])) for code in range(len(ROLES))),
        below_zero=_orders_below_zero(histories, owner),
        filled={name: int((np.diff(each.offsets) > 0).sum()) for name, each in dated.items()},
        held={name: int((instants != NEVER_KNOWN).sum()) for name, instants in since.items()},
        money=Money.of(book, histories),
    )


def _orders_below_zero(histories: Histories, owner: np.ndarray) -> int:
    """How many orders have purchases that come to less than nothing."""
    bought = histories.role == PURCHASE
    columns = {"owner": owner[bought], "order": histories.order[bought], "amount": histories.amount[bought]}
    lines = pl.DataFrame(columns)
    return lines.group_by("owner", "order").agg(pl.col("amount").sum()).filter(pl.col("amount") < 0).height
