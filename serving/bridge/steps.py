"""The four steps of a bridge, and how the change of a score in each is shared among features."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature, Words
from features.groups import GROUPS, Group, group_of
from serving.bridge.account import FeatureChange, GroupChange, Step
from serving.bridge.replay import Replay
from serving.figures import Language, said
from serving.reasons.facts import Teller
from serving.reasons.shelf import Shelf
from training.labels import TARGETS

Floats = NDArray[np.float64]

STEPS: dict[str, Words] = {
    "late_knowledge": Words("late knowledge", "补录信息"),
    "time_passing": Words("time passing", "时间推移"),
    "what_the_customer_did": Words("what the customer did", "客户新动态"),
    "new_model": Words("the new model", "模型更新"),
}
"""In their order, each from the replay before it to the next one."""

TOLD = 3
"""(ours) How many features of a group are told."""

MOVED = Words("{words}: {before} → {after}", "{words}：{before} → {after}")
SAME = Words("{words}: {after} (unchanged)", "{words}：{after}（未变）")
SEEN = Words("{words}: {after}", "{words}：{after}")
AGO = Words("{days} ago", "{days}前")
NONE = Words("none on record", "暂无记录")


@dataclass(frozen=True)
class Stride:
    """One step of n customers: from one replay to the next, told by the tellers of each one's model; `level_names`
    are the texts behind the hashes of the levels of categories."""

    name: str
    earlier: Replay
    later: Replay
    earlier_shelf: Shelf
    later_shelf: Shelf
    level_names: Mapping[int, str]

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features of both models, joined by name."""
        one, other = self.earlier.bundle.spec.names, self.later.bundle.spec.names
        return one if one == other else tuple(dict.fromkeys((*other, *one)))

    @cached_property
    def features(self) -> tuple[Feature, ...]:
        """Their declarations."""
        return tuple(self._declared(name) for name in self.names)

    @cached_property
    def groups(self) -> tuple[tuple[Group, tuple[int, ...]], ...]:
        """The groups, and the columns that each tells."""
        owners = [group_of(feature) for feature in self.features]
        return tuple((group, tuple(i for i, owner in enumerate(owners) if owner is group)) for group in GROUPS)

    @cached_property
    def moved(self) -> Mapping[str, Floats]:
        """The change of every contribution to each target, shape (n, names); what a model lacks contributes 0."""
        return {
            target: self._joined(self.later, self.later.accounts[target].contributions)
            - self._joined(self.earlier, self.earlier.accounts[target].contributions)
            for target in TARGETS
        }

    def step(self, target: str, row: int) -> Step:
        """What the step did to a customer's score, which is not null on either side."""
        one, other = self.earlier.accounts[target], self.later.accounts[target]
        return Step(
            name=self.name,
            title=said(STEPS[self.name], self._language),
            difference=float(other.score[row] - one.score[row]),
            base_difference=float(other.base_value[row] - one.base_value[row]),
            groups=tuple(sorted(self._changes(target, row), key=lambda change: -abs(change.difference))),
        )

    def _changes(self, target: str, row: int) -> Iterator[GroupChange]:
        moved = self.moved[target][row].tolist()
        for group, columns in self.groups:
            if any(moved[column] for column in columns):
                yield GroupChange(
                    group=group.name,
                    title=said(group.title, self._language),
                    difference=math.fsum(moved[column] for column in columns),
                    features=tuple(self._feature(column, moved[column], row) for column in _largest(moved, columns)),
                )

    def _feature(self, column: int, difference: float, row: int) -> FeatureChange:
        return FeatureChange(self.names[column], difference, self._text(column, row))

    def _text(self, column: int, row: int) -> str:
        """What the model saw before and after; two models see the same facts, which are told once."""
        name = self.names[column]
        one, other = self._value(self.earlier, name, row), self._value(self.later, name, row)
        teller = self._teller(self.earlier_shelf if other is None else self.later_shelf, name)
        if self.name == "new_model":
            return self._say(SEEN, teller, one, one if other is None else other)
        same = one == other or (_is_nan(one) and _is_nan(other))
        alike = self._figure(teller, one) == self._figure(teller, other)
        return self._say(SAME if same else SEEN if alike else MOVED, teller, one, other)

    def _say(self, words: Words, teller: Teller, before: float | None, after: float | None) -> str:
        if teller.unit == "pattern":
            return teller.plain
        none = said(NONE, self._language)
        figures = (self._figure(teller, before) or none, self._figure(teller, after) or none)
        return said(words, self._language).format(words=teller.plain, before=figures[0], after=figures[1])

    def _value(self, replay: Replay, name: str, row: int) -> float | None:
        """What a model saw, nan where there was nothing; None where it does not look at the feature."""
        names = replay.bundle.spec.names
        return float(replay.features[row, names.index(name)]) if name in names else None

    def _figure(self, teller: Teller, value: float | None) -> str:
        """How a value is written; empty where there is none."""
        if value is None or math.isnan(value):
            return ""
        shown = teller.figure(value)
        return said(AGO, self._language).format(days=shown) if teller.dated else shown

    def _teller(self, shelf: Shelf, name: str) -> Teller:
        return shelf.teller(shelf.bundle.spec.names.index(name), self.level_names)

    @property
    def _language(self) -> Language:
        return self.later_shelf.language

    def _declared(self, name: str) -> Feature:
        spec = self.later.bundle.spec
        return (spec if name in spec.names else self.earlier.bundle.spec).feature(name)

    def _joined(self, replay: Replay, contributions: Floats) -> Floats:
        places = dict(zip(replay.bundle.spec.names, range(contributions.shape[1]), strict=True))
        lacking = len(places)
        columns = np.array([places.get(name, lacking) for name in self.names])
        return np.pad(contributions, ((0, 0), (0, 1)))[:, columns]


def strides(
    replayed: Sequence[Replay], before: Shelf, after: Shelf, level_names: Mapping[int, str]
) -> tuple[Stride, ...]:
    """The four steps between the five replays; the last one alone leads to the new model."""
    shelves = (before, before, before, before, after)
    return tuple(
        Stride(name, replayed[i], replayed[i + 1], shelves[i], shelves[i + 1], level_names)
        for i, name in enumerate(STEPS)
    )


def _largest(moved: Sequence[float], columns: Sequence[int]) -> list[int]:
    """The columns of the largest changes, equal ones in their order, none that is zero."""
    return [column for column in sorted(columns, key=lambda column: -abs(moved[column])) if moved[column]][:TOLD]


def _is_nan(value: float | None) -> bool:
    return value is not None and math.isnan(value)
