"""Policies that order customers by one index and cut it."""

import math
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

import numpy as np

from data.settings.tiers.cuts import PercentCuts
from features.feature import Words
from serving.figures import plain
from serving.tiers.cuts import reaches, top_cut
from serving.tiers.inputs import Columns, Floats, Input
from serving.tiers.ladder import LOWEST, NAMES, TIERS
from serving.tiers.rule import Places, Rule, neighbour
from serving.tiers.speech import Speech
from serving.tiers.verdict import Condition, Criterion, Neighbour

REACHED = Words(
    "{title}: {value}; {tier} starts at {cut} (top {percent}%)", "{title}：{value}；{tier}门槛为 {cut}（前 {percent}%）"
)
ALONE = Words("{title}: {value}, no more than everybody else", "{title}：{value}，与其他客户没有差别")
UP = Words("{tier} starts at {cut}: {difference} more", "{tier}门槛为 {cut}：还差 {difference}")
DOWN = Words("below {cut} it would be {tier}: {difference} to spare", "低于 {cut} 将降为{tier}：尚余 {difference}")


def learn_cuts(index: Floats, percent: Mapping[str, float]) -> dict[str, Any]:
    """The cuts of an index, shape (n,), by tier: the lowest index of each but the lowest, null where nobody is."""
    return {"percent": dict(percent), "cuts": {tier: top_cut(index, share) for tier, share in percent.items()}}


def percent_of(settings: PercentCuts) -> dict[str, float]:
    """What percent from the top reaches each tier but the lowest."""
    return {tier: float(getattr(settings, tier)) for tier in TIERS[:-1]}


class IndexedRule(Rule):
    """The higher the index, the higher the tier; equal indices share a tier."""

    def __init__(self, learnt: Mapping[str, Any]) -> None:
        self._percent: Mapping[str, float] = learnt["percent"]
        self._cuts: Mapping[str, float | None] = learnt["cuts"]

    @property
    @abstractmethod
    def measure(self) -> Input:
        """What the index is called, and its unit."""

    @abstractmethod
    def index(self, columns: Columns) -> Floats:
        """The index of every customer, shape (n,), never nan."""

    def height(self, columns: Columns) -> Floats:
        return self.index(columns)

    def places(self, columns: Columns) -> Places:
        return self.places_of(self.index(columns))

    def places_of(self, index: Floats) -> Places:
        """The place of every index, shape (n,)."""
        places = np.full(len(index), LOWEST, dtype=np.int64)
        for place in range(LOWEST - 1, -1, -1):
            places = np.where(reaches(index, self._cuts[TIERS[place]]), place, places)
        return places

    def cut_of(self, place: int) -> float | None:
        """The lowest index of the tier at a place; None for the lowest tier, and where nobody reached it."""
        return self._cuts.get(TIERS[place])

    def criteria(self, row: Columns, place: int, speech: Speech) -> tuple[Criterion, ...]:
        return (self._decisive(float(self.index(row)[0]), place, speech), *self.parts(row, speech))

    def parts(self, row: Columns, speech: Speech) -> tuple[Criterion, ...]:  # noqa: ARG002
        """What the index of one customer is made of; nothing where the index is an input itself."""
        return ()

    def neighbours(self, row: Columns, place: int, speech: Speech) -> tuple[Neighbour | None, Neighbour | None]:
        index = float(self.index(row)[0])
        higher = self.cut_of(place - 1) if place else None
        own = self.cut_of(place)
        return (
            None if higher is None else self._neighbour(higher, (higher, index), higher, speech, UP),
            None if own is None else self._neighbour(own, (index, own), math.nextafter(own, -math.inf), speech, DOWN),
        )

    def _place(self, index: float) -> int:
        cuts = ((place, self._cuts[tier]) for place, tier in enumerate(TIERS[:-1]))
        return next((place for place, cut in cuts if cut is not None and index >= cut), LOWEST)

    def _neighbour(
        self, cut: float, apart: tuple[float, float], beyond: float, speech: Speech, words: Words
    ) -> Neighbour:
        """The tier on the other side of a cut, which is not the next name where a tier between is empty."""
        place, each = self._place(beyond), self.measure
        text = speech.said(
            words,
            tier=speech.said(NAMES[TIERS[place]]),
            cut=speech.told(cut, each.unit),
            difference=speech.apart(*apart, each.unit),
        )
        condition = Condition(each.name, speech.titled(each.words), cut, apart[0] - apart[1], each.unit)
        return neighbour(place, [condition], text)

    def _decisive(self, index: float, place: int, speech: Speech) -> Criterion:
        named = TIERS[place] if place < LOWEST else TIERS[place - 1]
        cut, each = self._cuts[named], self.measure
        title = speech.titled(each.words)
        text = speech.said(
            ALONE if cut is None else REACHED,
            title=title,
            value=speech.told(index, each.unit),
            tier=speech.said(NAMES[named]),
            cut=speech.told(cut, each.unit),
            percent=plain(self._percent[named]),
        )
        return Criterion(each.name, title, index, each.unit, None, text)
