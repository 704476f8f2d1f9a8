"""Sums of outcomes by group and customer, over all reviews: what figures and their intervals are made of."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluation.interval import Estimate, estimate
from evaluation.reviews.draws import Draws, over
from evaluation.tiering.outcomes import METRICS, Name, Outcomes

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

OUT = -1
"""The group of who is in none."""


class Sums:
    """Of `groups` groups and n customers: by metric, the sums of part and whole over reviews, (groups, n) each."""

    def __init__(self, groups: int, customers: int) -> None:
        self.cases = np.zeros((groups, customers))
        self._parts = {metric.name: np.zeros((groups, customers)) for metric in METRICS}
        self._wholes = {metric.name: np.zeros((groups, customers)) for metric in METRICS}

    def add(self, group: Ints, seen: Outcomes) -> None:
        """Counts a review at which the customers were in these groups (n,), `OUT` of none, and did what was `seen`."""
        who = np.flatnonzero(group >= 0)
        self.cases[group[who], who] += 1.0
        for metric in METRICS:
            self._parts[metric.name][group[who], who] += metric.part(seen)[who]
            self._wholes[metric.name][group[who], who] += metric.whole(seen)[who]

    def figures(self, draws: Draws) -> list[dict[Name, Estimate]]:
        """Every metric of every group, with its interval; nan where nobody was asked."""
        found = {name: draws.ratios(self._parts[name], self._wholes[name]) for name in self._parts}
        return [{name: column[group] for name, column in found.items()} for group in range(len(self.cases))]

    def drawn(self, name: Name, draws: Draws) -> Floats:
        """A metric of every group over the customers and over every draw, shape (1 + draws, groups)."""
        return over(draws.sums(self._parts[name]), draws.sums(self._wholes[name]))

    def value_shares(self, draws: Draws) -> list[Estimate]:
        """What share of all money each group brought."""
        money = self._parts["value"]
        sums = draws.sums(money)
        return [estimate(column) for column in over(sums, sums.sum(axis=1, keepdims=True).repeat(len(money), 1)).T]

    def counts(self) -> list[tuple[int, int, int]]:
        """Of every group: its cases, a customer at a review each, its different customers, and the answers."""
        answers = self._wholes["nps"].sum(axis=1)
        return [
            (int(row.sum()), int((row > 0).sum()), int(said)) for row, said in zip(self.cases, answers, strict=True)
        ]


def differences(after: Sums, before: Sums, draws: Draws) -> list[Mapping[Name, Estimate]]:
    """Every metric of every group after less before, on the same draws of the same customers."""
    found = {metric.name: after.drawn(metric.name, draws) - before.drawn(metric.name, draws) for metric in METRICS}
    groups = range(len(after.cases))
    return [{name: estimate(column[:, group]) for name, column in found.items()} for group in groups]
