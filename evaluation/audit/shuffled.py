"""The tripwire of shuffled labels: where there is nothing to learn, nothing may be learnt."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from evaluation.interval import interval
from training.audit.alike import Within
from training.audit.crowd import draws, thinned
from training.boosting import cross_validate
from training.calibration import start_of
from training.sample import Sample

Floats = NDArray[np.float64]
Learner = Callable[[str, Sample, int], Floats]
"""(target, sample, seed) -> what it learnt of every row, shape (n,), from other customers alone."""

SHUFFLES = 3
LUCK = 0.1
"""Growing stops where held-out customers are predicted best, which is luck here: in 70 runs over books of 60 to 5,900
customers the lower end of the interval reached .07. More than this, surely, is a leak."""


@dataclass(frozen=True)
class Shuffle:
    """What was learnt of a target's shuffled labels, over `n` customers: `value` with its 95 % interval.

    An AUC, where .5 is chance, or for lifetime value a normalized Gini, where 0 is; `most` is what luck may reach.
    """

    target: str
    value: float
    low: float
    high: float
    most: float
    n: int

    @property
    def passed(self) -> bool:
        """Whether it fell to chance; what cannot be measured cannot fail."""
        return not self.low > self.most


def shuffle_labels(target: str, sample: Sample, seed: int, learn: Learner | None = None) -> Shuffle:
    """Lets a learner loose on labels that were dealt out among the customers anew, several times.

    It is judged within each snapshot, on the shuffled labels themselves, by what its trees say beyond their start.
    """
    sample = thinned(sample)
    snapshots = np.unique(sample.snapshots, return_inverse=True)[1].astype(np.int16)
    columns = []
    for turn in range(SHUFFLES):
        dealt = started(target, shuffled(sample, seed + turn))
        learnt = (learn or learn_trees)(target, dealt, seed + turn)
        measure = Within.of(snapshots, dealt.labels, learnt)
        columns.append([measure.gini(times) for times in (np.ones(len(sample)), *draws(sample))])
    ginis = np.mean(columns, axis=0)
    money = target == "lifetime_value"
    figures = ginis if money else (1.0 + ginis) / 2.0
    most = LUCK if money else (1.0 + LUCK) / 2.0
    return Shuffle(target, *interval(figures), most, len(np.unique(sample.customers)))


def shuffled(sample: Sample, seed: int) -> Sample:
    """The sample with the labels of each snapshot dealt to other customers.

    Who is dealt somebody's label at one snapshot is dealt theirs at all, where both are there: whatever tells
    customers apart could be learnt if customers were not kept apart in validation.
    """
    rng, people = np.random.default_rng(seed), int(sample.customers.max()) + 1
    takers, givers = rng.permutation(people), rng.permutation(people)
    labels = sample.labels.copy()
    for snapshot in np.unique(sample.snapshots):
        rows = np.flatnonzero(sample.snapshots == snapshot)
        who = sample.customers[rows]
        labels[rows[np.argsort(takers[who])]] = sample.labels[rows[np.argsort(givers[who])]]
    return replace(sample, labels=labels)


def started(target: str, sample: Sample) -> Sample:
    """The sample with trees that begin at the level of each snapshot and know no theory."""
    scale = "log" if target == "lifetime_value" else "logit"
    start = np.zeros(len(sample))
    for snapshot in np.unique(sample.snapshots):
        rows = sample.snapshots == snapshot
        start[rows] = start_of(sample.labels[rows], start[rows], scale)
    return sample.starting_from(start)


def learn_trees(target: str, sample: Sample, seed: int) -> Floats:
    """What the trees of training say of held-out customers, beyond where they start."""
    validation = cross_validate(target, sample, {}, seed)
    return np.asarray(validation.link - validation.start)
