"""How much each feature and each group moves a target in one model, beside how much in another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.explained import Explained
from features.feature import Words
from features.groups import GROUPS

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pair:
    """The mean |contribution| of a feature, or of a group, in two models, in the unit of the score."""

    target: str
    name: str
    title: Words
    is_group: bool
    first: float
    second: float


def pairs(first: Sequence[Explained], second: Sequence[Explained]) -> Iterator[Pair]:
    """Those of every target which both models explained, for what moves either."""
    others = {part.target: part for part in second}
    for part in (part for part in first if part.target in others):
        other = others[part.target]
        features = [(name, part.spec.feature(name).meaning) for name in part.spec.names]
        groups = [(group.name, group.title) for group in GROUPS]
        sizes = np.abs(part.explanation.contributions), np.abs(other.explanation.contributions)
        yield from _pairs(part.target, features, *sizes, is_group=False)
        yield from _pairs(part.target, groups, np.abs(part.by_group), np.abs(other.by_group), is_group=True)


def _pairs(
    target: str, named: Sequence[tuple[str, Words]], one: Floats, other: Floats, *, is_group: bool
) -> Iterator[Pair]:
    means = one.mean(axis=0).tolist(), other.mean(axis=0).tolist()
    for (name, title), first, second in zip(named, *means, strict=True):
        if first or second:
            yield Pair(target, name, title, is_group, first, second)
