"""The steps of a bridge, and how the change of a score in each is shared among features."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature, Words
from features.groups import GROUPS, Group, group_of
from serving.bridge.account import FeatureChange, GroupChange, Step
from serving.bridge.replay import Flags, Replay, arrivals
from serving.figures import Language, said
from serving.reasons.facts import Teller
from serving.reasons.shelf import Shelf
from training.labels import TARGETS

Floats = NDArray[np.float64]

STEPS: dict[str, Words] = {
    "first_known": Words("this customer instead of the average", "由全体平均改为该客户"),
    "late_knowledge": Words("late knowledge", "补录信息"),
    "time_passing": Words("time passing", "时间推移"),
    "what_the_customer_did": Words("what the customer did", "客户新动态"),
    "new_model": Words("the new model", "模型更新"),
}
"""In their order. The first is all there is to tell of who was unknown before, and nothing for anybody else; the others
lead each from the replay before it to the next one."""

SAME_FACTS = ("first_known", "new_model")
"""The steps that compare no two states of the customer: all that they can tell is what the model saw."""

TOLD = 3
"""(ours) How many features of a group are told at most."""

LEAST_SHARE = 0.05
"""(ours) Features that look the same as before are told only in groups where none that changed has this share of the
step's largest figure, and only with this share themselves."""

MOVED = Words("{words}: {before} → {after}", "{words}：{before} → {after}")
REWEIGHED = Words("{words}: {after}, weighs differently now", "{words}：{after}，权重变化")
SEEN = Words("{words}: {after}", "{words}：{after}")
AGO = Words("{days} ago", "{days}前")
TODAY = Words("today", "今天")


@dataclass(frozen=True)
class Stride:
    """One step of n customers: from one replay to another, told by the tellers of each one's model. `walked` (n,) tells
    whose step it is; it moves nobody else. `level_names` are the texts behind the hashes of levels of categories."""

    name: str
    earlier: Replay
    later: Replay
    walked: Flags
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
        """By how much a customer's score, null on neither side, differs after the step."""
        title = said(STEPS[self.name], self._language)
        if not self.walked[row]:
            return Step(self.name, title, 0.0, 0.0, ())
        one, other = self.earlier.accounts[target], self.later.accounts[target]
        difference = float(other.score[row] - one.score[row])
        base = float(other.base_value[row] - one.base_value[row])
        changes = self._changes(self.moved[target][row].tolist(), row, (difference, base))
        groups = tuple(sorted(changes, key=lambda change: -abs(change.difference)))
        return Step(self.name, title, difference, base, groups)

    def _changes(self, moved: Sequence[float], row: int, whole: Sequence[float]) -> Iterator[GroupChange]:
        """The groups of a step; what is large in it is so beside the largest of `whole` and of its groups."""
        sums = [math.fsum(moved[column] for column in columns) for _, columns in self.groups]
        least = LEAST_SHARE * max(map(abs, (*whole, *sums)))
        for (group, columns), total in zip(self.groups, sums, strict=True):
            if any(moved[column] for column in columns):
                yield GroupChange(
                    group=group.name,
                    title=said(group.title, self._language),
                    difference=total,
                    features=tuple(self._told(moved, columns, row, least)),
                )

    def _told(self, moved: Sequence[float], columns: Sequence[int], row: int, least: float) -> Iterator[FeatureChange]:
        """The largest changes of a group, equal ones in their order. A pattern says nothing to people."""
        ordered = sorted(columns, key=lambda column: -abs(moved[column]))
        seen = [
            self._seen(column, moved[column], row)
            for column in ordered
            if moved[column] and self.features[column].unit != "pattern"
        ]
        told = seen if self.name in SAME_FACTS else _worth_telling(seen, least)
        for one in told[:TOLD]:
            words = SEEN if self.name in SAME_FACTS else MOVED if one.changed else REWEIGHED
            text = said(words, self._language).format(words=one.words, before=one.before, after=one.after)
            yield FeatureChange(one.feature, one.difference, text)

    def _seen(self, column: int, difference: float, row: int) -> "Seen":
        name = self.names[column]
        one, other = self._value(self.earlier, name, row), self._value(self.later, name, row)
        teller = self._teller(self.earlier_shelf if other is None else self.later_shelf, name)
        before, after = self._figure(teller, one), self._figure(teller, one if other is None else other)
        return Seen(name, difference, teller.plain, before, after)

    def _value(self, replay: Replay, name: str, row: int) -> float | None:
        """What a model saw, nan where there was nothing; None where it does not look at the feature."""
        names = replay.bundle.spec.names
        return float(replay.features[row, names.index(name)]) if name in names else None

    def _figure(self, teller: Teller, value: float | None) -> str:
        """How a value is written."""
        if value is None or math.isnan(value):
            return teller.missing
        shown = teller.figure(value)
        if not teller.dated:
            return shown
        return said(AGO if math.floor(value) else TODAY, self._language).format(days=shown)

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


class Seen(NamedTuple):
    """A feature whose contribution moved: its words, and the figures that stand for its values."""

    feature: str
    difference: float
    words: str
    before: str
    after: str

    @property
    def changed(self) -> bool:
        """Whether a reader sees a change of the value."""
        return self.before != self.after


def _worth_telling(seen: Sequence[Seen], least: float) -> Sequence[Seen]:
    """Those of changed values; where all of them are small, the large ones of others too."""
    changed = [one for one in seen if one.changed]
    if any(abs(one.difference) >= least for one in changed):
        return changed
    return [one for one in seen if one.changed or abs(one.difference) >= least]


def strides(
    replayed: Sequence[Replay], before: Shelf, after: Shelf, level_names: Mapping[int, str]
) -> tuple[Stride, ...]:
    """The steps between the five replays: from the first to the last at once for who was unknown, else one after
    another. The last one alone leads to the new model."""
    arrived = arrivals(replayed)
    shelves = (before, before, before, before, after)
    first, *others = STEPS
    return (
        Stride(first, replayed[0], replayed[-1], arrived, before, after, level_names),
        *(
            Stride(name, replayed[i], replayed[i + 1], ~arrived, shelves[i], shelves[i + 1], level_names)
            for i, name in enumerate(others)
        ),
    )
