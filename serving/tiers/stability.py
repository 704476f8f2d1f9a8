"""Tiers that do not flap: a tier is left only where the policy is sure enough of another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serving.ledger.previous import Previous
from serving.tiers.inputs import Columns, Floats
from serving.tiers.ladder import TIERS
from serving.tiers.rule import Places, Rule

DAY = 86_400_000_000
NOBODY = -1
"""The place of who had no tier before."""


@dataclass(frozen=True)
class Past:
    """The tiers that customers had, as arrays of shape (n,): the `place`, since when (µs UTC), and the place that
    they had moved from; `NOBODY` where there is none."""

    place: Places
    since: Places
    moved_from: Places

    @classmethod
    def of(cls, customers: tuple[str, ...], previous: Mapping[str, Previous]) -> "Past":
        """That of these customers, in their order."""
        known = [previous.get(customer) for customer in customers]
        return cls(
            place=np.array([NOBODY if each is None else TIERS.index(each.tier) for each in known], dtype=np.int64),
            since=np.array([0 if each is None else each.since for each in known], dtype=np.int64),
            moved_from=np.array(
                [NOBODY if each is None or each.moved_from is None else TIERS.index(each.moved_from) for each in known],
                dtype=np.int64,
            ),
        )

    def rows(self, rows: NDArray[np.bool_]) -> "Past":
        """That of some of the customers."""
        return Past(self.place[rows], self.since[rows], self.moved_from[rows])

    @property
    def known(self) -> NDArray[np.bool_]:
        """Who had a tier, shape (n,)."""
        return np.asarray(self.place >= 0)


@dataclass(frozen=True)
class Stability:
    """When a tier is kept; see `data.settings.tiers.section.Stability` for the settings."""

    margin: float
    return_margin: float
    return_days: int
    stay_days: int

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Stability":
        """That of the settings in a book or a plan."""
        return cls(**settings)

    def settled(self, rule: Rule, columns: Columns, past: Past, cutoff: int, alone: Places | None = None) -> Places:
        """The place of every customer at `cutoff` (µs UTC), shape (n,), given the tier they had. `alone` are the places
        that the rule alone gives, for callers who have them already.

        Monotone: better inputs never lead to a lower place.
        """
        up, down = self.margins(past, cutoff)
        kept = rule.sticky(columns, np.maximum(past.place, 0), up, down)
        kept = np.where(self.pinned(past, cutoff), past.place, kept)
        return np.asarray(np.where(past.known, kept, rule.places(columns) if alone is None else alone))

    def margins(self, past: Past, cutoff: int) -> tuple[Floats, Floats]:
        """By what share inputs have to be sure, to rise and to fall, each (n,); 0 for who had no tier."""
        recent = (past.moved_from >= 0) & (cutoff - past.since < self.return_days * DAY)
        fell, rose = (recent & (past.moved_from < past.place)), (recent & (past.moved_from > past.place))
        up, down = (np.where(back, self.return_margin, self.margin) for back in (fell, rose))
        return np.where(past.known, up, 0.0), np.where(past.known, down, 0.0)

    def pinned(self, past: Past, cutoff: int) -> NDArray[np.bool_]:
        """Who moved so lately that they stay in any case, shape (n,)."""
        return np.asarray(past.known & (cutoff - past.since < self.stay_days * DAY))
