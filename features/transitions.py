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
        heaviest = sorted(range(len(row)), key=lambda place: (-row[place], place))[:NAMED]
        steps = [self.pairs[place].split(">") for place in heaviest]
        words = [(ROLE_WORDS[ROLES.index(before)], ROLE_WORDS[ROLES.index(after)]) for before, after in steps]
        en = ", ".join(f"{after.en} after {before.en}" for before, after in words)
        zh = "、".join(f"{before.zh}后{after.zh}" for before, after in words)
        return Feature(
            f"pattern_{number + 1}",
            "steps",
            "number",
            Words(
                f"How near the order of events is to a learnt pattern ({en})", f"往来顺序与习得模式的接近程度（{zh}）"
            ),
            Words(f"Order of events near a learnt pattern ({en})", f"往来顺序接近习得模式（{zh}）"),
            Words(f"Order of events far from a learnt pattern ({en})", f"往来顺序偏离习得模式（{zh}）"),
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values."""
        return {"pairs": list(self.pairs), "loadings": [list(row) for row in self.loadings]}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """The inverse of `to_dict`."""
        return cls(tuple(values["pairs"]), tuple(tuple(map(float, row)) for row in values["loadings"]))


NO_EMBEDDING = Embedding()
