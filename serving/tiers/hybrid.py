"""The hybrid classification: expected value × what industry, size and behaviour are worth."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data.settings.tiers.hybrid import Factor, Hybrid
from features.feature import Words
from features.spec import FeatureSpec
from serving.errors import PlanError
from serving.figures import plain
from serving.tiers.indexed import IndexedRule, learn_cuts, percent_of
from serving.tiers.inputs import VALUE, Columns, Floats, Input
from serving.tiers.levels import category_name, codes_of, number_name
from serving.tiers.rule import number
from serving.tiers.speech import Speech
from serving.tiers.verdict import Criterion

WEIGHED = Input("weighed_value", Words("expected value, weighed by attributes", "按属性加权的预计价值"), "money")
APPLIES = Words("{title}: counts {times} times", "{title}：按 {times} 倍计")
EXPECTED = Words("{title}: {value}", "{title}：{value}")


@dataclass(frozen=True, slots=True)
class Weight:
    """A factor, the column that it looks at, and when it applies: one of `codes`, or from a bound on."""

    words: Words
    column: str
    times: float
    codes: tuple[float, ...]
    at_least: float | None
    at_most: float | None

    @property
    def input(self) -> Input:
        """Where a bound makes more of it better, or less; levels have no order, and count as they stand."""
        rises = (self.at_least is not None) == (self.times >= 1.0)
        return Input(self.column, self.words, "category" if self.codes else "number", rises)

    def applies(self, columns: Columns) -> NDArray[np.bool_]:
        """To whom, shape (n,); to nobody without a value."""
        values = columns[self.column]
        if self.at_least is not None:
            return np.asarray(values >= self.at_least)
        if self.at_most is not None:
            return np.asarray(values <= self.at_most)
        return np.isin(values, self.codes)


def sources(settings: Hybrid, spec: FeatureSpec) -> dict[str, str]:
    """The column of every factor, by name. PlanError for one that the book or the catalogue does not have."""
    return {factor.name: _column(factor, spec) for factor in settings.factors}


def learn_hybrid(settings: Hybrid, columns: Columns, spec: FeatureSpec) -> dict[str, Any]:
    """The factors with the codes of their levels, and the cuts of the weighed value."""
    weights = [
        {
            "words": factor.words.model_dump() if factor.words else {"en": factor.name, "zh": factor.name},
            "column": _column(factor, spec),
            "times": factor.times,
            "codes": _codes(factor, spec),
            "at_least": factor.at_least,
            "at_most": factor.at_most,
        }
        for factor in settings.factors
    ]
    index = HybridRule({"weights": weights, "percent": {}, "cuts": {}}).index(columns)
    return {"weights": weights, **learn_cuts(index, percent_of(settings))}


class HybridRule(IndexedRule):
    """Index = expected value × the product of the factors that apply; a negative value is divided by it."""

    def __init__(self, learnt: Mapping[str, Any]) -> None:
        super().__init__(learnt)
        self._weights = tuple(
            Weight(**{**each, "codes": tuple(each["codes"]), "words": Words(**each["words"])})
            for each in learnt["weights"]
        )

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (VALUE, *_distinct([weight.input for weight in self._weights]))

    @property
    def measure(self) -> Input:
        return WEIGHED

    def index(self, columns: Columns) -> Floats:
        value = columns[VALUE.name]
        times = np.ones(len(value))
        for weight in self._weights:
            times = np.where(weight.applies(columns), times * weight.times, times)
        return np.where(value >= 0, value * times, value / times)

    def parts(self, row: Columns, speech: Speech) -> tuple[Criterion, ...]:
        title, value = speech.titled(VALUE.words), number(row, VALUE.name)
        expected = speech.said(EXPECTED, title=title, value=speech.told(value, VALUE.unit))
        return (
            Criterion(VALUE.name, title, value, VALUE.unit, None, expected),
            *(_applied(weight, row, speech) for weight in self._weights if weight.applies(row)[0]),
        )


def _applied(weight: Weight, row: Columns, speech: Speech) -> Criterion:
    title = speech.titled(weight.words)
    text = speech.said(APPLIES, title=title, times=plain(weight.times))
    return Criterion(weight.column, title, number(row, weight.column), weight.input.unit, None, text)


def _column(factor: Factor, spec: FeatureSpec) -> str:
    where = _where(factor)
    if factor.column is not None:
        return (category_name if factor.levels else number_name)(factor.column, spec, where)
    assert factor.feature is not None
    if factor.feature not in spec.names:
        raise PlanError(f'{where}: the model knows no feature "{factor.feature}"; see `python -m features catalog`')
    if factor.feature in spec.categorical:
        raise PlanError(f'{where}: the feature "{factor.feature}" is a category, which has no order; name another')
    return factor.feature


def _codes(factor: Factor, spec: FeatureSpec) -> list[float]:
    return codes_of(factor.column, factor.levels, spec, _where(factor)) if factor.column and factor.levels else []


def _where(factor: Factor) -> str:
    return f'tiers.hybrid.factors "{factor.name}"'


def _distinct(inputs: Sequence[Input]) -> list[Input]:
    return list({each.name: each for each in inputs}.values())
