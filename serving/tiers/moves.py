"""How tiers move from one review to the next: what became of customers who stood as this one stands now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from serving.tiers.inputs import Columns
from serving.tiers.ladder import TIERS
from serving.tiers.rule import Places, Rule

REVIEW_DAYS = 30
"""From one review of the tiers to the next."""

PARTS = 10
"""A tier is told apart in so many parts of equal size, from its lower edge to its upper one."""

LENT = 10.0
"""So many customers of the whole tier are lent to each of its parts, so that a small one does not speak for itself."""


@dataclass(frozen=True)
class Moves:
    """`edges` (tiers, parts − 1) are the heights between the parts of each tier; `shares` (cells, tiers) where the
    customers of each cell were a review later: the cells are the classes of a rule that has some, else the parts."""

    edges: Sequence[Sequence[float]]
    shares: Sequence[Sequence[float]]

    @classmethod
    def learn(cls, rule: Rule, then: Columns, now: Columns) -> "Moves":
        """From all customers who were known at both reviews, columns of shape (n,) each."""
        places, heights = rule.places(then), rule.height(then)
        edges = [_edges(heights[places == place]) for place in range(len(TIERS))]
        bare = cls(edges, ())
        cells, reached = bare.cells(rule, then, places), rule.places(now)
        owners = [each.place for each in rule.classes] or np.repeat(np.arange(len(TIERS)), PARTS).tolist()
        counts = np.zeros((len(owners), len(TIERS)))
        np.add.at(counts, (cells, reached), 1.0)
        shares = [_lent(counts[cell], counts[np.array(owners) == owner], owner) for cell, owner in enumerate(owners)]
        return cls(edges, shares)

    def cells(self, rule: Rule, columns: Columns, places: Places) -> Places:
        """The cell of every customer, shape (n,), whose `places` the rule gave."""
        classes = rule.classes_of(columns)
        if classes is not None:
            return classes
        heights = rule.height(columns)
        parts = np.zeros(len(places), dtype=np.int64)
        for place, edges in enumerate(self._edges):
            parts = np.where(places == place, np.searchsorted(edges, heights, side="right"), parts)
        return places * PARTS + parts

    @cached_property
    def _edges(self) -> list[NDArray[np.float64]]:
        return [np.array(edges) for edges in self.edges]

    def chances(self, cell: int) -> dict[str, float]:
        """The probability of each tier at the next review, the highest first; tiers without one are left out."""
        return {tier: share for tier, share in zip(TIERS, self.shares[cell], strict=True) if share}

    def to_dict(self) -> dict[str, Any]:
        return {"edges": self.edges, "shares": self.shares}

    @classmethod
    def of(cls, plain: Mapping[str, Any]) -> "Moves | None":
        """That of a plan; None where the book had nobody on record a review ago."""
        return cls(plain["edges"], plain["shares"]) if plain else None


def _edges(heights: Any) -> list[float]:
    if not len(heights):
        return [0.0] * (PARTS - 1)
    return [float(edge) for edge in np.quantile(heights, np.arange(1, PARTS) / PARTS)]


def _lent(own: Any, whole: Any, place: int) -> list[float]:
    """The shares of a cell, with some customers of its tier lent to it; who has none at all stays."""
    total = whole.sum(axis=0)
    total[place] += 1.0
    lent = own + LENT * total / total.sum()
    return [float(share) for share in lent / lent.sum()]
