"""How far customers came within the last year, from a first look to a second order."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.events import ROLES
from data.histories.histories import Histories
from serving.overview.overview import Stage

YEAR_DAYS = 365

STAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("interest", ("visit", "content", "response", "meeting")),
    ("inquiry", ("inquiry",)),
    ("quote", ("quote",)),
    ("sample", ("sample",)),
    ("order", ("purchase",)),
)
REPEAT = "repeat"
"""The stage after the first order of the year."""


@dataclass
class Funnel:
    """Customers by how far they came in the year to `cutoff` (µs UTC), gathered part by part. Who came further counts
    in every stage before; a stage that nobody's events speak of is left out."""

    cutoff: int
    time_zone: str
    _reached: NDArray[np.int64] = field(default_factory=lambda: np.zeros(len(STAGES) + 1, np.int64))
    _seen: NDArray[np.bool_] = field(default_factory=lambda: np.zeros(len(STAGES) + 1, np.bool_))

    def add(self, histories: Histories) -> None:
        """Takes in some customers."""
        since = add_days(self.cutoff, -YEAR_DAYS, self.time_zone)
        within = (histories.time > since) & (histories.time <= self.cutoff) & (histories.known_time <= self.cutoff)
        owner = np.repeat(np.arange(len(histories)), np.diff(histories.offsets))
        reached = np.zeros((len(histories), len(STAGES) + 1), np.bool_)
        for place, (_, roles) in enumerate(STAGES):
            codes = [ROLES.index(role) for role in roles]
            reached[owner[within & np.isin(histories.role, codes)], place] = True
        reached[:, -1] = _orders(histories, owner, within) > 1
        self._seen |= reached.any(axis=0)
        self._reached += np.maximum.accumulate(reached[:, ::-1], axis=1)[:, ::-1].sum(axis=0)

    def told(self) -> tuple[Stage, ...]:
        """The stages from the first look on."""
        names = [*(name for name, _ in STAGES), REPEAT]
        found = zip(names, self._reached.tolist(), self._seen.tolist(), strict=True)
        return tuple(Stage(name=name, customers=customers) for name, customers, seen in found if seen)


def _orders(histories: Histories, owner: NDArray[np.int64], within: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The distinct orders of every customer, shape (n,)."""
    bought = within & (histories.role == ROLES.index("purchase"))
    pairs = np.unique(np.stack([owner[bought], histories.order[bought].astype(np.int64)]), axis=1)
    return np.bincount(pairs[0], minlength=len(histories))
