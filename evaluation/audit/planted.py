"""The audit's test of itself: leaks planted in memory must be named, and nothing else with them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.audit.scan import Scan
from training.audit.suspects import asked_now, scan_of
from training.lesson import Lesson
from training.sample import Sample

Floats = NDArray[np.float64]
Leak = Literal["copy", "filled_in"]

LEAKS: tuple[Leak, ...] = ("copy", "filled_in")
NAME = "planted"
NOISE = 0.4
KNOWN_IF, KNOWN_ELSE = 0.97, 0.02


@dataclass(frozen=True)
class Planted:
    """One leak in one target: `figure` is how well it ranks, `others` the features named only with it there."""

    target: str
    leak: Leak
    named: bool
    figure: float
    others: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the leak was named, and it alone."""
        return self.named and not self.others


def plant(lesson: Lesson, before: Scan, seed: int) -> Iterator[Planted]:
    """Plants every leak in the target of a scan, one after the other; none where the target has no outcome to leak."""
    target = before.target
    sample, today = lesson.samples[target], lesson.today[asked_now(lesson, target)]
    named_before = {finding.strength.feature for finding in before.findings}
    for leak in LEAKS if before.honest else ():
        column = leaked(target, leak, sample.labels, seed)
        # those who are asked about now carry values like anybody's: the leak must be found without that hint
        now = np.random.default_rng(seed).choice(column, len(today))
        found = scan_of(lesson, target, with_column(sample, column), np.column_stack((today, now)))
        named = {finding.strength.feature for finding in found.findings}
        figure = max(strength.figure for strength in found.strengths if strength.feature == NAME)
        yield Planted(target, leak, NAME in named, figure, tuple(sorted(named - named_before - {NAME})))


def leaked(target: str, leak: Leak, labels: Floats, seed: int) -> Floats:
    """A column that gives the labels (n,) away: a noisy copy, or a value that hardly anybody else has."""
    rng = np.random.default_rng(seed)
    if leak == "copy" and target == "lifetime_value":
        return labels * rng.lognormal(0.0, NOISE, len(labels))
    if leak == "copy":
        return labels + rng.normal(0.0, NOISE, len(labels))
    filled = rng.random(len(labels)) < np.where(labels > 0, KNOWN_IF, KNOWN_ELSE)
    return np.where(filled, rng.normal(size=len(labels)), np.nan)


def with_column(sample: Sample, column: Floats) -> Sample:
    """The sample with one more feature."""
    return replace(sample, features=np.column_stack((sample.features, column)), names=(*sample.names, NAME))
