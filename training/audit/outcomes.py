"""What a feature alone may give away: what happened in the window, what happened ever after, how much money."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.audit.readings import gini
from training.sample import Sample

Floats = NDArray[np.float64]
Kind = Literal["window", "later", "money"]

LEAST_CUSTOMERS = 10
"""Of either side of an outcome; below, anything may separate them by chance."""


@dataclass(frozen=True)
class Outcome:
    """One thing to be told of every row, `values` (n,): 0 or 1, or an amount of money.

    `window` is the label itself (of value: any money), `later` the same up to the training cutoff: a column that is
    filled in after the fact tells of all that came, not of the next weeks alone.
    """

    kind: Kind
    values: Floats

    @property
    def happened(self) -> NDArray[np.bool_]:
        """The rows to which it happened, or that brought money, shape (n,)."""
        return self.values > 0

    @cached_property
    def whole(self) -> float:
        """The Gini of the outcome sorted by itself."""
        return gini(self.values, self.values, np.ones(len(self.values)))


def outcomes_of(target: str, sample: Sample) -> tuple[Outcome, ...]:
    """The outcomes of a target that enough customers had, and enough had not."""
    return tuple(outcome for outcome in _outcomes(target, sample) if _spread(outcome, sample))


def _outcomes(target: str, sample: Sample) -> Iterator[Outcome]:
    window = (sample.labels > 0).astype(np.float64)
    yield Outcome("window", window)
    # who left for good was silent in every later window, whoever converts did so in one of them
    yield Outcome("later", 1 - _ever_after(1 - window, sample) if target == "churn" else _ever_after(window, sample))
    if target == "lifetime_value":
        yield Outcome("money", sample.labels)


def _ever_after(flags: Floats, sample: Sample) -> Floats:
    """Whether a flag is 1 at this or a later snapshot of the same customer, shape (n,)."""
    order = np.lexsort((-sample.snapshots, sample.customers))
    steps = 2.0 * sample.customers[order]
    after = np.empty(len(flags))
    after[order] = np.maximum.accumulate(steps + flags[order]) - steps
    return after


def _spread(outcome: Outcome, sample: Sample) -> bool:
    sides = (outcome.happened, ~outcome.happened)
    return all(len(np.unique(sample.customers[side])) >= LEAST_CUSTOMERS for side in sides)
