"""What the predictions rest on: the features that move them most, and which way."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.histories import Histories
from features.build import build_features
from features.feature import Feature, Words
from training.bundle import Bundle
from training.explanation import Explanation
from training.labels import TARGETS, population
from training.metrics import spearman

Floats = NDArray[np.float64]
Direction = Literal["raises", "lowers", "varies"]

MOST_EXPLAINED = 1_000
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


def drivers(known: Histories, cutoff: int, bundle: Bundle) -> Iterator[Driver]:
    """The strongest features of each target at `cutoff` (µs), the strongest first.

    Measured on an even sample of the customers. Churn is explained for those alone who bought.
    """
    seen = np.flatnonzero(population(known, cutoff, "everyone"))
    sample = seen[np.linspace(0, len(seen) - 1, min(len(seen), MOST_EXPLAINED)).astype(np.int64)]
    features = build_features(known.select(sample), [cutoff], bundle.spec)[0]
    explanations = bundle.explain(features)
    for target in TARGETS:
        asked = bundle.buyers(features) if target == "churn" else np.ones(len(features), dtype=bool)
        if asked.any() and target in explanations:
            yield from _strongest(target, explanations[target], features, asked, bundle)


def _strongest(
    target: str, explanation: Explanation, features: Floats, asked: NDArray[np.bool_], bundle: Bundle
) -> Iterator[Driver]:
    contributions = explanation.contributions[asked]
    sizes = np.abs(contributions).mean(axis=0)
    for column in np.argsort(-sizes, kind="stable")[:MOST_SHOWN].tolist():
        if sizes[column] > 0:
            correlation = _correlation(features[asked, column], contributions[:, column])
            feature = bundle.spec.feature(bundle.spec.names[column])
            yield Driver(
                target=target,
                feature=feature.name,
                family=feature.family,
                meaning=feature.meaning,
                size=float(sizes[column]),
                share=float(sizes[column] / sizes.sum()),
                direction=_direction(feature, correlation),
                correlation=correlation,
            )


def _correlation(values: Floats, contributions: Floats) -> float:
    known = ~np.isnan(values)
    return spearman(contributions[known], values[known])


def _direction(feature: Feature, correlation: float) -> Direction:
    """The levels of a category have no order."""
    if feature.unit == "category" or not abs(correlation) >= CLEAR:
        return "varies"
    return "raises" if correlation > 0 else "lowers"
