"""A learnt embedding of transitions: which step follows which, in a few numbers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

import numpy as np

from data.events import ROLES
from features.errors import FeatureError
from features.feature import Feature, Words
from features.kernel.columns import Floats
from features.roles import ROLE_WORDS

PAIRS: tuple[str, ...] = tuple(f"{before}>{after}" for before in ROLES for after in ROLES)
NAMED = 2  # transitions that describe a pattern to people
CONTRAST = 0.5  # of the heaviest, from which on a transition names the other end of a pattern


@dataclass(frozen=True)
class Embedding:
    """`loadings[d]` holds the weight that the share of each of `pairs` (its square root) has in dimension d.

    `pairs` name transitions as "inquiry>quote". FeatureError for one that no two roles make.
    """

    pairs: tuple[str, ...] = ()
    loadings: tuple[tuple[float, ...], ...] = ()

    def __post_init__(self) -> None:
        if not set(self.pairs) <= set(PAIRS) or any(len(row) != len(self.pairs) for row in self.loadings):
            raise FeatureError("embedding: expected transitions of known roles, and a loading for each of them")

    @cached_property
    def matrix(self) -> Floats:
        """float64[roles², dimensions], as the compiled code reads it."""
        matrix = np.zeros((len(PAIRS), len(self.loadings)))
        for place, pair in enumerate(self.pairs):
            matrix[PAIRS.index(pair)] = [row[place] for row in self.loadings]
        return matrix

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """The columns, described by the transitions that weigh most."""
        return tuple(self._feature(number) for number in range(len(self.loadings)))

    def _feature(self, number: int) -> Feature:
        row = self.loadings[number]
        order = sorted(range(len(row)), key=lambda place: (-row[place], place))
        along = [self._step(place) for place in order[:NAMED] if row[place] > 0]
        against = [self._step(place) for place in order[:-NAMED:-1] if row[place] < -CONTRAST * max(row)]
        return Feature(f"pattern_{number + 1}", "steps", "pattern", *_words(_joined(along), _joined(against)))

    def _step(self, place: int) -> Words:
        before, after = (ROLE_WORDS[ROLES.index(role)] for role in self.pairs[place].split(">"))
        return Words(f'"{before.en}, then {after.en}"', f"“{before.zh}→{after.zh}”")

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"pairs": list(self.pairs), "loadings": [list(row) for row in self.loadings]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(tuple(values["pairs"]), tuple(tuple(map(float, row)) for row in values["loadings"]))


def _joined(steps: list[Words]) -> Words:
    return Words(" and ".join(step.en for step in steps), "、".join(step.zh for step in steps))


def _words(along: Words, against: Words) -> tuple[Words, Words, Words]:
    """Meaning, high and low of a direction: what it leads towards, and away from where that has a name."""
    if not along.en or not against.en:
        named = along if along.en else against
        return (
            Words(f"Order of events: how often {named.en}", f"往来顺序：{named.zh}的多少"),
            Words(f"Order of events: often {named.en}", f"往来顺序：{named.zh}较多"),
            Words(f"Order of events: seldom or never {named.en}", f"往来顺序：{named.zh}很少或没有"),
        )
    return (
        Words(f"Order of events: between {along.en} and {against.en}", f"往来顺序：介于{along.zh}与{against.zh}之间"),
        Words(f"Order of events: rather {along.en} than {against.en}", f"往来顺序：更多是{along.zh}，而非{against.zh}"),
        Words(f"Order of events: rather {against.en} than {along.en}", f"往来顺序：更多是{against.zh}，而非{along.zh}"),
    )


NO_EMBEDDING = Embedding()
