"""How the contribution of a feature depends on its value."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from evaluation.drivers import Driver
from evaluation.explained import Explained
from features.feature import Feature
from serving.reasons.facts import teller_of
from training.bundle import Bundle

Floats = NDArray[np.float64]

MOST_DRAWN = 3
"""So many features of each target are drawn."""

TENTHS = 10
MOST_LEVELS = 6
"""Of a category the most frequent levels are shown."""


@dataclass(frozen=True)
class Step:
    """The customers of a stretch of values, of a level, or without a value: how many, and their means.

    `name` is that of a level, else empty; `value` is nan where there is none.
    """

    name: str
    value: float
    contribution: float
    customers: int


@dataclass(frozen=True, eq=False)
class Dependence:
    """A feature of one target: the `values` and `contributions` of customers, shape (n,), and their means: by tenth
    of the values or by level (`steps`, ascending), and of those without a value (`missing`)."""

    target: str
    feature: Feature
    values: Floats = field(repr=False)
    contributions: Floats = field(repr=False)
    steps: tuple[Step, ...]
    missing: Step | None

    @property
    def is_category(self) -> bool:
        """Whether its values are levels without an order."""
        return self.feature.unit == "category"


def dependences(
    seen: Iterable[Explained],
    found: Iterable[Driver],
    bundle: Bundle,
    level_names: Mapping[int, str],
) -> Iterator[Dependence]:
    """Those of the strongest features of each target; `level_names` are the texts behind the hashes of levels,
    which are told by number without one."""
    parts = {part.target: part for part in seen}
    strongest = list(found)
    for target, part in parts.items():
        for driver in [driver for driver in strongest if driver.target == target][:MOST_DRAWN]:
            yield dependence(part, bundle, bundle.spec.names.index(driver.feature), level_names)


def dependence(part: Explained, bundle: Bundle, column: int, level_names: Mapping[int, str]) -> Dependence:
    """That of one column of the features."""
    values, contributions = part.features[:, column], part.explanation.contributions[:, column]
    feature = part.spec.feature(part.spec.names[column])
    known = ~np.isnan(values)
    if feature.unit == "category":
        told = teller_of(bundle, column, "en", level_names).told
        steps = _levels(values[known], contributions[known], lambda code: str(told(code)))
    else:
        steps = _tenths(values[known], contributions[known])
    missing = None if known.all() else _step("", values[~known], contributions[~known])
    return Dependence(part.target, feature, values, contributions, steps, missing)


def _tenths(values: Floats, contributions: Floats) -> tuple[Step, ...]:
    """The means of each tenth of the customers by value; whoever shares a value shares a stretch."""
    if not len(values):
        return ()
    edges = np.unique(np.quantile(values, np.arange(1, TENTHS) / TENTHS, method="inverted_cdf"))
    stretch = np.searchsorted(edges, values, side="left")
    return tuple(_step("", values[stretch == place], contributions[stretch == place]) for place in np.unique(stretch))


def _levels(values: Floats, contributions: Floats, name_of: Callable[[float], str]) -> tuple[Step, ...]:
    """The means of the most frequent levels, the lowest contribution first."""
    codes, counts = np.unique(values, return_counts=True)
    frequent = codes[np.argsort(-counts, kind="stable")[:MOST_LEVELS]]
    steps = [_step(name_of(float(code)), values[values == code], contributions[values == code]) for code in frequent]
    return tuple(sorted(steps, key=lambda step: step.contribution))


def _step(name: str, values: Floats, contributions: Floats) -> Step:
    value = float(values.mean())
    return Step(name, value, float(contributions.mean()), len(contributions))
