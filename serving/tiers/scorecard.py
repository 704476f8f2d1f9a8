"""The weighted scorecard: fourteen indicators, each by its percentile in the book, with the company's weights."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from data.settings.tiers.scorecard import Scorecard
from features.feature import Words
from features.spec import FeatureSpec
from serving.errors import PlanError
from serving.tiers.indexed import IndexedRule, learn_cuts, percent_of
from serving.tiers.indicators import BY_NAME, TELLING, Indicator
from serving.tiers.inputs import Columns, Floats, Input
from serving.tiers.levels import category_name, codes_of, number_name, ranked
from serving.tiers.percentiles import learn_scale, shares
from serving.tiers.rule import number
from serving.tiers.speech import Speech
from serving.tiers.verdict import Criterion

SHOWN = 4
"""So many parts of a customer's total are told, the largest first."""

PART = Words(
    "{title}: {value}, better than {share}% of the book ({points} points)",
    "{title}：{value}，优于全体 {share}%（{points} 分）",
)
LACKING = Words("without {titles}, which the book does not have", "本账套缺少{titles}，未计入")
TOTAL = Input("scorecard_total", Words("scorecard total", "综合评分"), "number")


def sources(settings: Scorecard, spec: FeatureSpec) -> dict[str, str]:
    """The column that each weighted indicator is read from, by indicator; none for one that nothing tells.

    PlanError for a profile column that the book does not have.
    """
    found: dict[str, str] = {}
    for each in TELLING:
        rated = settings.columns.get(each.name)
        if rated is not None:
            named = category_name if rated.levels else number_name
            found[each.name] = named(rated.column, spec, _where(each.name))
        elif each.feature is not None:
            found[each.name] = each.feature
    return {name: column for name, column in found.items() if settings.weights.get(name)}


def learn_scorecard(settings: Scorecard, columns: Columns, spec: FeatureSpec) -> dict[str, Any]:
    """The percentiles of the indicators that the book has, their weights, and the cuts of the total.

    An indicator that is the same for everybody tells nothing, and counts as lacking.
    """
    parts: dict[str, dict[str, Any]] = {}
    for name, column in sources(settings, spec).items():
        rated = settings.columns.get(name)
        order = codes_of(rated.column, rated.levels, spec, _where(name)) if rated and rated.levels else []
        values = ranked(columns[column], order) if order else columns[column]
        scale = learn_scale(values)
        if len(scale[0]) > 1:
            unit = "number" if rated else BY_NAME[name].unit
            parts[name] = {"column": column, "unit": unit, "order": order, "scale": scale}
    if not parts:
        raise PlanError("tiers.scorecard.weights: the book has none of the indicators that have a weight; weigh others")
    total = sum(settings.weights[name] for name in parts)
    for name, part in parts.items():
        part["weight"] = settings.weights[name] / total
    lacking = [name for name, weight in settings.weights.items() if weight and name not in parts]
    index = ScorecardRule({"parts": parts, "lacking": [], "percent": {}, "cuts": {}}).index(columns)
    return {"parts": parts, "lacking": lacking, **learn_cuts(index, percent_of(settings))}


def _where(indicator: str) -> str:
    return f"tiers.scorecard.columns.{indicator}"


@dataclass(frozen=True, slots=True)
class Part:
    """An indicator that counts: the column it is read from, its weight (all add up to 1) and its scale."""

    indicator: Indicator
    column: str
    unit: str
    order: tuple[float, ...]
    weight: float
    scale: Sequence[Sequence[float]]

    @property
    def input(self) -> Input:
        return Input(self.column, self.indicator.words, self.unit, self.indicator.rises)

    def read(self, columns: Columns) -> Floats:
        """The values, shape (n,); the codes of levels become their rank."""
        values = columns[self.column]
        return ranked(values, self.order) if self.order else values

    def shares(self, columns: Columns) -> Floats:
        """How much of the best each customer has, from 0 to 1, shape (n,)."""
        found = shares(self.read(columns), self.scale, np.nan)
        return np.where(np.isnan(found), self.indicator.absent, found if self.indicator.rises else 1.0 - found)


class ScorecardRule(IndexedRule):
    """Total = 100 × Σ weight × percentile."""

    def __init__(self, learnt: Mapping[str, Any]) -> None:
        super().__init__(learnt)
        self._parts = tuple(_part(name, plain) for name, plain in learnt["parts"].items())
        self._lacking = tuple(each for each in TELLING if each.name in learnt["lacking"])

    @property
    def inputs(self) -> tuple[Input, ...]:
        return tuple(part.input for part in self._parts)

    @property
    def measure(self) -> Input:
        return TOTAL

    def index(self, columns: Columns) -> Floats:
        total = np.zeros(len(next(iter(columns.values()))))
        for part in self._parts:
            total = total + 100.0 * part.weight * part.shares(columns)
        return total

    def parts(self, row: Columns, speech: Speech) -> tuple[Criterion, ...]:
        worth = [(100.0 * part.weight * float(part.shares(row)[0]), part) for part in self._parts]
        largest = sorted(worth, key=lambda pair: -pair[0])[:SHOWN]
        told = [self._told(points, part, row, speech) for points, part in largest]
        return (*told, *self._without(speech))

    def _told(self, points: float, part: Part, row: Columns, speech: Speech) -> Criterion:
        value, title = number(row, part.column), speech.titled(part.indicator.words)
        share = f"{100 * float(part.shares(row)[0]):.0f}"
        text = speech.said(PART, title=title, value=speech.told(value, part.unit), share=share, points=f"{points:.1f}")
        return Criterion(part.column, title, value, part.unit, None, text)

    def _without(self, speech: Speech) -> tuple[Criterion, ...]:
        if not self._lacking:
            return ()
        titles = ("、" if speech.language == "zh" else ", ").join(speech.titled(each.words) for each in self._lacking)
        return (Criterion("lacking", titles, None, "number", None, speech.said(LACKING, titles=titles)),)


def _part(name: str, plain: Mapping[str, Any]) -> Part:
    return Part(
        BY_NAME[name], plain["column"], plain["unit"], tuple(plain["order"]), float(plain["weight"]), plain["scale"]
    )
