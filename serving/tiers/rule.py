"""What every policy is: from inputs to a place on the ladder, with words."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import Words
from serving.tiers.inputs import PREDICTED, Columns, Floats, Input
from serving.tiers.ladder import TIERS
from serving.tiers.speech import Speech
from serving.tiers.verdict import Condition, Criterion, Neighbour

Places = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class ClassOfRule:
    """A class of a rule model, and the place of its tier."""

    name: str
    title: Words
    place: int


class Rule(ABC):
    """A policy with what it learnt. Raising an input in its direction, all others unchanged, never lowers the tier."""

    classes: Sequence[ClassOfRule] = ()

    @property
    @abstractmethod
    def inputs(self) -> tuple[Input, ...]:
        """What the policy looks at."""

    @abstractmethod
    def places(self, columns: Columns) -> Places:
        """The place of every customer on the ladder, shape (n,); total: nan is an input as well."""

    def classes_of(self, columns: Columns) -> Places | None:  # noqa: ARG002
        """Which of `classes` every customer is in, shape (n,); None for a policy without classes."""
        return None

    def height(self, columns: Columns) -> Floats:
        """What orders customers within a class, shape (n,); more is better. A rule model leaves it open."""
        return np.zeros(len(next(iter(columns.values()))))

    def shaken(self, columns: Columns, margin: Floats) -> Columns:
        """The columns as they would be were what is predicted better by a share `margin` (n,), worse where negative.

        Facts are what they are: only predictions are unsure.
        """
        unsure = {each.name: columns[each.name] for each in self.inputs if each.name in PREDICTED}
        return {**columns, **{name: column + margin * np.abs(column) for name, column in unsure.items()}}

    def sticky(self, columns: Columns, previous: Places, up: Floats, down: Floats) -> Places:
        """The place of every customer who had a `previous` one, shape (n,): they rise only as far as predictions
        worse by a share `up` (n,) still lead, and fall only as far as ones better by a share `down` (n,) still do."""
        best, worst = self.places(self.shaken(columns, down)), self.places(self.shaken(columns, -up))
        return np.minimum(np.maximum(previous, best), worst)

    def remarks(self, speech: Speech) -> tuple[str, ...]:  # noqa: ARG002
        """What the plan as a whole has to tell, a sentence each."""
        return ()

    @abstractmethod
    def criteria(self, row: Columns, place: int, speech: Speech) -> tuple[Criterion, ...]:
        """What decided the tier of one customer, whose columns have shape (1,), and whose place this is."""

    @abstractmethod
    def neighbours(self, row: Columns, place: int, speech: Speech) -> tuple[Neighbour | None, Neighbour | None]:
        """The tier above and the tier below, each None where there is none, and what separates from them."""


def number(row: Columns, name: str) -> float | None:
    """The customer's value of an input; None for nan."""
    value = float(row[name][0])
    return None if np.isnan(value) else value


def neighbour(place: int, conditions: Sequence[Condition], text: str, regret: float | None = None) -> Neighbour:
    """The neighbour at a place of the ladder."""
    return Neighbour(TIERS[place], tuple(conditions), text, regret)
