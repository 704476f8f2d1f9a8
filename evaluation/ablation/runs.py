"""The trainings that an ablation compares: which columns their trees do not see."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from data.errors import did_you_mean, listed
from evaluation.errors import EvaluationError
from features.catalog import TITLES
from training.lesson import Lesson

WITHOUT = "without "
RESEEDED = "another seed"
BASIC = "purchases"
ALONE = f"{BASIC} alone"
BESIDE = f"{BASIC} and "


@dataclass(frozen=True)
class Part:
    """The columns of one family that say anything in this book."""

    family: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Run:
    """One training: its name, the columns its trees do not see, its seed."""

    name: str
    hidden: frozenset[str]
    seed: int


def known_families(names: Sequence[str]) -> tuple[str, ...]:
    """The families of these names, all without one; EvaluationError for a name that no family has."""
    for name in names:
        if name not in TITLES:
            raise EvaluationError(f'--family "{name}": expected one of {listed(TITLES)}{did_you_mean(name, TITLES)}')
    return tuple(name for name in TITLES if name in names or not names)


def speaking(lesson: Lesson) -> tuple[Part, ...]:
    """The families with a column that differs between rows of the training sample, in the order of the catalogue."""
    features = lesson.samples["lifetime_value"].features
    speaks = np.array([len(np.unique(column)) > 1 for column in features.T])
    by_family: dict[str, list[str]] = {}
    for name, said in zip(lesson.spec.names, speaks, strict=True):
        if said:
            by_family.setdefault(lesson.spec.feature(name).family, []).append(name)
    return tuple(Part(family, tuple(by_family[family])) for family in TITLES if family in by_family)


def runs_of(spoken: Sequence[Part], parts: Sequence[Part], seed: int) -> Iterator[Run]:
    """Every other training: without each of `parts`, with the purchases alone and each part beside them, another
    seed. `spoken` are all parts that trees see."""
    beyond = frozenset(column for part in spoken if part.family != BASIC for column in part.columns)
    for part in parts:
        yield Run(WITHOUT + part.family, frozenset(part.columns), seed)
    yield Run(ALONE, beyond, seed)
    for part in parts:
        if part.family != BASIC:
            yield Run(BESIDE + part.family, beyond - set(part.columns), seed)
    yield Run(RESEEDED, frozenset(), seed + 1)
