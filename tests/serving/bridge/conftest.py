"""The shop of the serving tests, seen from any two standpoints; a second model learnt it twenty days earlier."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

import numpy as np
import pytest

from data.clock import DAY
from data.events import Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book
from serving.bridge.standpoint import Standpoint
from serving.plan import Plan
from training import boosting
from training.bundle import Bundle
from training.fit import fit
from training.tuning import Search


@dataclass(frozen=True)
class World:
    """Everything that a bridge of the shop's customers needs."""

    book: Book
    events: dict[str, list[Event]]
    cutoff: int
    bundle: Bundle
    newer: Bundle
    plan: Plan

    def histories(self, customers: Sequence[int], late_days: int = 0, seed: int = 0) -> Histories:
        """Some customers; a third of their events became known up to so many days late."""
        rng = np.random.default_rng(seed)
        people = [f"c{number:03d}" for number in customers]
        late = {name: [_late(event, late_days, rng) for event in self.events[name]] for name in people}
        return encode_customers([(name, late[name], {"country": "DE", "staff": 5}) for name in people], self.book)

    def at(self, days_ago: int, bundle: Bundle | None = None, learnt_days_later: int = 0) -> Standpoint:
        """A standpoint so many days before the end."""
        cutoff = self.cutoff - days_ago * DAY
        return Standpoint(bundle or self.bundle, self.plan, cutoff, known_at=cutoff + learnt_days_later * DAY)


def _late(event: Event, most: int, rng: np.random.Generator) -> Event:
    if not most or rng.random() > 1 / 3:
        return event
    return replace(event, known_time=event.time + timedelta(days=int(rng.integers(0, most + 1))))


@pytest.fixture(scope="session")
def world(
    book: Book, shop_events: dict[str, list[Event]], histories: Histories, cutoff: int, bundle: Bundle, plan: Plan
) -> World:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(boosting.DEFAULTS, "learning_rate", 0.5)
        patch.setattr(boosting, "PATIENCE", 2)
        newer = fit(book, histories, cutoff - 20 * DAY, Search())
    return World(book, shop_events, cutoff, bundle, newer, plan)
