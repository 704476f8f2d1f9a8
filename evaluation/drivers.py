"""What the predictions rest on: the features and the groups that move them most, and which way."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.explained import Explained
from features.feature import Feature, Words
from features.groups import GROUPS
from training.metrics import spearman

Floats = NDArray[np.float64]
Direction = Literal["raises", "lowers", "varies"]

MOST_SHOWN = 10
CLEAR = 0.3
"""From this rank correlation of value and contribution on, a high value is said to raise or lower the score."""


@dataclass(frozen=True)
class Driver:
    """A feature of one target: its mean |contribution| in the unit of the score (`size`), its share of all
    features' together, and what a high value does to the prediction, with the rank correlation that says so."""

    target: str
    feature: str
    family: str
    meaning: Words
    size: float
    share: float
    direction: Direction
    correlation: float


@dataclass(frozen=True)
class GroupDriver:
    """A group of one target: the mean |sum of its features' contributions| in the unit of the score (`size`), and its
    share of all groups' together."""

    target: str
    group: str
    title: Words
    size: float
    share: float


def drivers(seen: Iterable[Explained]) -> Iterator[Driver]:
    """The strongest features of each target, the strongest first."""
    for part in seen:
        contributions = part.explanation.contributions
        sizes = np.abs(contributions).mean(axis=0)
        for column in _strongest(sizes)[:MOST_SHOWN]:
            correlation = _correlation(part.features[:, column], contributions[:, column])
            feature = part.spec.feature(part.spec.names[column])
            yield Driver(
                target=part.target,
                feature=feature.name,
                family=feature.family,
                meaning=feature.meaning,
                size=float(sizes[column]),
                share=float(sizes[column] / sizes.sum()),
                direction=_direction(feature, correlation),
                correlation=correlation,
            )


def group_drivers(seen: Iterable[Explained]) -> Iterator[GroupDriver]:
    """The groups that move each target at all, the strongest first."""
    for part in seen:
        sizes = np.abs(part.by_group).mean(axis=0)
        for place in _strongest(sizes):
            group, size = GROUPS[place], float(sizes[place])
            yield GroupDriver(part.target, group.name, group.title, size, size / float(sizes.sum()))


def _strongest(sizes: Floats) -> list[int]:
    """The places of all sizes that are not 0, by falling size."""
    return [place for place in np.argsort(-sizes, kind="stable").tolist() if sizes[place] > 0]


def _correlation(values: Floats, contributions: Floats) -> float:
    known = ~np.isnan(values)
    return spearman(contributions[known], values[known])


def _direction(feature: Feature, correlation: float) -> Direction:
    """The levels of a category have no order."""
    if feature.unit == "category" or not abs(correlation) >= CLEAR:
        return "varies"
    return "raises" if correlation > 0 else "lowers"
