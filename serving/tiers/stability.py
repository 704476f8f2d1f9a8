"""Tiers that do not flap: a tier is left only where the policy is sure enough of another one."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from serving.ledger.previous import Previous
from serving.tiers.inputs import Columns
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

    @property
    def known(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Who had a tier, shape (n,)."""
        return np.asarray(self.place >= 0)


@dataclass(frozen=True)
class Stability:
    """When a tier is kept; see `data.tiers.section.Stability` for the settings."""

    margin: float
    return_margin: float
    return_days: int
    stay_days: int

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "Stability":
        """That of the settings in a book or a plan."""
        return cls(**settings)

    def settled(self, rule: Rule, columns: Columns, past: Past, cutoff: int) -> Places:
        """The place of every customer at `cutoff` (µs UTC), shape (n,), given the tier they had.

        Each moves no further than to the nearest place that the policy gives for inputs within the margin. Monotone:
        better inputs never lead to a lower place.
        """
        moved = self._within(rule, columns, self.margin, past)
        recent = (past.moved_from >= 0) & (cutoff - past.since < self.return_days * DAY)
        back = recent & (np.sign(past.moved_from - past.place) == np.sign(moved - past.place))
        settled = np.where(back, self._within(rule, columns, self.return_margin, past), moved)
        settled = np.where(cutoff - past.since < self.stay_days * DAY, past.place, settled)
        return np.asarray(np.where(past.known, settled, rule.places(columns)))

    def _within(self, rule: Rule, columns: Columns, margin: float, past: Past) -> Places:
        best, worst = rule.places_within(columns, margin, past.place)
        return np.minimum(np.maximum(past.place, best), worst)
