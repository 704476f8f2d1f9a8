"""The scores of one target, explained for an even sample of a book's customers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from data.settings.book import Book
from features.build import build_features
from features.spec import FeatureSpec
from serving.overview.drivers import members_of
from training.bundle import Bundle
from training.explanation import Explanation
from training.labels import TARGETS, audience, population

Floats = NDArray[np.float64]

MOST_EXPLAINED = 1_000


@dataclass(frozen=True, eq=False)
class Explained:
    """One target of the customers who are asked about it: their `features`, shape (n, f), and what made their scores,
    in currency or as a probability."""

    target: str
    spec: FeatureSpec
    features: Floats
    explanation: Explanation

    @cached_property
    def by_group(self) -> Floats:
        """The contributions of each group of features together, shape (n, len(GROUPS))."""
        return np.asarray(self.explanation.contributions @ members_of(self.spec))


def sampled(known: Histories, cutoff: int, spec: FeatureSpec) -> Floats:
    """The features at `cutoff` (µs) of a sample taken evenly from everybody with an event by then, shape (n, f)."""
    seen = np.flatnonzero(population(known, cutoff, "everyone"))
    chosen = seen[np.linspace(0, len(seen) - 1, min(len(seen), MOST_EXPLAINED)).astype(np.int64)]
    return np.asarray(build_features(known.select(chosen), [cutoff], spec)[0])


def populations(book: Book) -> dict[str, str]:
    """Of whom each target is explained: those whom the book asks about; of value, everybody."""
    return {target: audience(book, target) for target in TARGETS} | {"lifetime_value": "everyone"}


def explained(bundle: Bundle, features: Floats, whom: Mapping[str, str]) -> Iterator[Explained]:
    """Every target that the bundle predicts, for those of the customers of these features, shape (n, f), `whom` it is
    asked of: "everyone", "buyers" or "prospects" by target. A target that nobody is asked of is left out."""
    explanations, buyers = bundle.explain(features), bundle.buyers(features)
    members = {"everyone": np.ones(len(features), dtype=bool), "buyers": buyers, "prospects": ~buyers}
    for target in (target for target in TARGETS if target in explanations):
        asked = members[whom[target]]
        if asked.any():
            told = explanations[target]
            part = Explanation(told.base_value[asked], told.contributions[asked], told.score[asked])
            yield Explained(target, bundle.spec, features[asked], part)
