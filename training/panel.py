"""The customers that teach: all of a book, or so many of them that training fits one machine."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.hashing import combine, stable_hash
from data.histories.histories import Histories
from data.store.store import Store
from training.labels import population

MOST_EVENTS = 5_000_000
MOST_CUSTOMERS = 25_000
"""What of a book is learnt from at most, unless more is asked for: docs/scaling-training.md has the memory it takes."""


@dataclass(frozen=True)
class Limits:
    """How many events and customers training may hold, about: whole customers are drawn."""

    events: int = MOST_EVENTS
    customers: int = MOST_CUSTOMERS


@dataclass(frozen=True)
class Panel:
    """The `histories` of the customers drawn, and of what: the book's `customers` and `events` known at the cutoff.

    Everybody had the chance `share` to be drawn; 1 means that nobody was left out. `taught` are the customers and
    events known at the cutoff among those drawn.
    """

    histories: Histories
    share: float
    customers: int
    events: int
    taught: tuple[int, int]

    @property
    def facts(self) -> dict[str, Any]:
        """What a bundle keeps of it; nothing of a whole book."""
        if self.share >= 1.0:
            return {}
        counts = {"of_customers": self.customers, "of_events": self.events}
        return {"sampled": {"share": self.share, "customers": self.taught[0], "events": self.taught[1], **counts}}

    def __str__(self) -> str:
        """What is told of it."""
        customers, events = self.taught
        return (
            f"{customers:,} of {self.customers:,} customers ({self.share:.2%}) with {events:,} of "
            f"{self.events:,} events"
        )


def draw(store: Store, cutoff: int, limits: Limits, seed: int) -> Panel:
    """The customers of a store that teach at `cutoff` (µs), by the limits.

    Buckets are read one after the other and nobody is kept who was not drawn. What comes after the cutoff changes
    nothing.
    """
    customers, events = _counted(store, cutoff)
    share = min(1.0, limits.events / max(events, 1), limits.customers / max(customers, 1))
    if share >= 1.0:
        return Panel(store.read_all(), 1.0, customers, events, (customers, events))
    parts = (part.select(np.flatnonzero(drawn(part.customer_ids, share, seed))) for part in store.each())
    histories = Histories.concatenate(parts)
    return Panel(histories, share, customers, events, _known(histories, cutoff))


def drawn(customer_ids: Sequence[str], share: float, seed: int) -> NDArray[np.bool_]:
    """Who is among a share of all customers, shape (n,): by id and seed alone, whoever else there is.

    A smaller share of the same seed lies within a greater one.
    """
    seeds = np.full(len(customer_ids), seed, np.uint64)
    return np.asarray((combine([stable_hash(customer_ids), seeds]) >> np.uint64(11)) * 2.0**-53 < share)


def tell(panel: Panel, advance: Callable[[str], None]) -> None:
    """Tells of a book that is greater than what is learnt from."""
    if panel.share < 1.0:
        advance(f"learning from {panel}")


def _counted(store: Store, cutoff: int) -> tuple[int, int]:
    """The customers and events of a store that were known at the cutoff."""
    counts = [_known(histories, cutoff) for histories in store.each()]
    return sum(customers for customers, _ in counts), sum(events for _, events in counts)


def _known(histories: Histories, cutoff: int) -> tuple[int, int]:
    known = (histories.time <= cutoff) & (histories.known_time <= cutoff)
    return int(population(histories, cutoff, "everyone").sum()), int(known.sum())
