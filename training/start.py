"""Where a forest starts, and what it learns from there."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from training.level import levels, slope_of
from training.model import Scale
from training.sample import MONEY, Sample
from training.snapshots import SnapshotPlan
from training.theory.buy_till_you_die import INPUTS, BuyTillYouDie, Offset

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Start:
    """`weight` of the theory's forecast, and the `power` of the labels that trees learn to bring it to.

    The root of money is less at the mercy of few large customers, and knows better who brings anything.
    """

    weight: float
    power: float = 1.0

    @property
    def name(self) -> str:
        learnt = "trees" if self.power == 1.0 else "trees on the root"
        return f"{learnt} from {self.weight:g}"


MONEY_STARTS = (Start(0.0), Start(0.5), Start(0.5, power=0.5))
CHANCE_STARTS = (Start(1.0), Start(0.5), Start(0.0))
WITHOUT_THEORY = (Start(0.0),)
"""One forest for each; the one in the middle is tuned."""


@dataclass(frozen=True)
class Beginnings:
    """The theory's part of every row of a sample, as it would have been at the row's snapshot."""

    target: str
    scale: Scale
    plan: SnapshotPlan
    theories: Mapping[int, BuyTillYouDie] | None

    @property
    def starts(self) -> tuple[Start, ...]:
        """Where the forests of the target start."""
        if self.theories is None:
            return WITHOUT_THEORY
        return MONEY_STARTS if self.target in MONEY else CHANCE_STARTS

    @property
    def alone(self) -> Start:
        """The forecast without trees: the theory's, or none."""
        return Start(0.0 if self.theories is None else 1.0)

    def of(self, sample: Sample, weight: float) -> Floats:
        """`weight` of the theory's forecast on the link scale, shape (n,)."""
        begin = np.zeros(len(sample))
        if weight == 0.0 or self.theories is None:
            return begin
        columns = [sample.names.index(name) for name in INPUTS]
        days = self.plan.horizon_days
        for snapshot in np.unique(sample.snapshots):
            rows = sample.snapshots == snapshot
            offset = Offset(self.theories[int(snapshot)], self.target, weight, days)
            begin[rows] = offset.trained(sample.features[rows][:, columns])
        return begin

    def started(self, sample: Sample, start: Start) -> Sample:
        """The sample as a forest sees it: its labels, and where it starts, each snapshot at a level of its own."""
        seen = sample if start.power == 1.0 else replace(sample, labels=sample.labels**start.power)
        begin = start.power * self.of(sample, start.weight)
        return seen.starting_from(begin + levels(seen, begin, self.scale))

    def shape(self, sample: Sample, start: Start, trees: Floats) -> Floats:
        """What a forest says of the labels themselves on the link scale but for the level, shape (n,), from the
        sum `trees` (n,) of its leaves."""
        return self.of(sample, start.weight) + trees / start.power

    def link(self, sample: Sample, start: Start, trees: Floats) -> Floats:
        """The same at the level of each snapshot, and with the slope that a power has changed."""
        shape = self.shape(sample, start, trees)
        if start.power != 1.0:
            shape = shape * slope_of(sample, self.target, shape, self.scale)
        return shape + levels(sample, shape, self.scale)
