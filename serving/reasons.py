"""Contributions in words: what the model saw in a customer, and which way it moved the prediction.

A contribution explains the score, not the world: no sentence here says that one thing causes another.
"""

import itertools
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature, Words
from features.roles import ROLE_WORDS
from serving.figures import Language, figure, said, without_word
from serving.recommendation import Breakdown, Reason
from training.bundle import Bundle
from training.explanation import Explanation

Floats = NDArray[np.float64]

EACH_WAY = 3
"""(ours) How many reasons are told for a score, and how many against it."""

LEAST_SHARE = 0.05
"""(ours) A contribution smaller than this share of the largest is not worth a sentence."""

NEARNESS = 0.1
"""(ours) A value this near to the typical one is called neither high nor low."""

RAISES: dict[str, Words] = {
    "lifetime_value": Words("raises the predicted value", "使预测价值升高"),
    "conversion": Words("raises the predicted conversion", "使预测转化率升高"),
    "churn": Words("raises the predicted churn", "使预测流失率升高"),
}
LOWERS: dict[str, Words] = {
    "lifetime_value": Words("lowers the predicted value", "使预测价值降低"),
    "conversion": Words("lowers the predicted conversion", "使预测转化率降低"),
    "churn": Words("lowers the predicted churn", "使预测流失率降低"),
}

DIFFERS = Words("{words}: {value} (typical {typical}); {effect}", "{words}：{value}（典型值 {typical}）；{effect}")
SAME = Words("{words}: {value}, as is typical; {effect}", "{words}：{value}，与典型值相同；{effect}")
ALONE = Words("{words}: {value}; {effect}", "{words}：{value}；{effect}")
LACKS = Words(
    "{words}: none on record (typical {typical}); {effect}", "{words}：暂无记录（典型值 {typical}）；{effect}"
)
NOTHING = Words("{words}: none on record; {effect}", "{words}：暂无记录；{effect}")

LAST_CLAUSE = re.compile("（[^（）]*）$")


@dataclass(frozen=True)
class Teller:
    """Tells the reasons of one bundle's scores in one language; `level_names` are the texts behind the hashes
    of the levels of categories."""

    bundle: Bundle
    language: Language
    level_names: Mapping[int, str]

    def reasons(self, score: str, explanation: Explanation, features: Floats, row: int) -> tuple[Reason, ...]:
        """The strongest contributions to a score of row `row` of (n, f) features, up and down, by falling
        size."""
        contributions = explanation.contributions[row]
        columns = strongest(contributions)
        texts = self.texts(score, {c: float(features[row, c]) for c in columns}, contributions)
        return tuple(
            Reason(
                feature=self.bundle.spec.names[column],
                contribution=float(contributions[column]),
                unit=unit_of(score, self.bundle),
                text=text,
            )
            for column, text in zip(columns, texts, strict=True)
        )

    def texts(self, score: str, values: Mapping[int, float], contributions: Floats) -> Iterator[str]:
        """A sentence about each feature, by its column; nan where the customer has no value."""
        for column, value in values.items():
            feature = self.bundle.spec.feature(self.bundle.spec.names[column])
            words = _words(feature, value, float(self.bundle.typical[column]))
            yield self._sentence(column, value, words, (RAISES if contributions[column] > 0 else LOWERS)[score])

    def _sentence(self, column: int, value: float, words: Words, effect: Words) -> str:
        feature = self.bundle.spec.feature(self.bundle.spec.names[column])
        shown = self._figure(value, feature, column)
        usual = self._figure(float(self.bundle.typical[column]), feature, column)
        says_unit = words not in (feature.high, feature.low) and feature.unit in words.en.lower()
        return said(_pattern(feature.unit, shown, usual), self.language).format(
            words=said(words, self.language),
            value=without_word(shown, feature.unit) if says_unit else shown,
            typical=without_word(usual, feature.unit),
            effect=said(effect, self.language),
        )

    def _figure(self, value: float, feature: Feature, column: int) -> str:
        if math.isnan(value):
            return ""
        if feature.unit == "category":
            return self._level(int(value), column)
        return figure(value, feature.unit, self.bundle.currency, self.language)

    def _level(self, code: int, column: int) -> str:
        levels = self.bundle.spec.levels(self.bundle.spec.names[column])
        if levels is None:
            names = {place: said(words, self.language) for place, words in enumerate(ROLE_WORDS)}
        else:
            names = {place: self.level_names[level] for place, level in enumerate(levels) if level in self.level_names}
        return names.get(code, f"#{code}")


def strongest(contributions: Floats) -> list[int]:
    """The columns of the largest contributions, at most EACH_WAY above and EACH_WAY below zero, by falling
    size; equal sizes in the order of the columns, and none that is next to nothing beside the largest.
    `contributions` has shape (f,)."""
    order = np.argsort(-np.abs(contributions), kind="stable").tolist()
    sizes = contributions.tolist()
    least = LEAST_SHARE * abs(sizes[order[0]])
    large = list(itertools.takewhile(lambda column: sizes[column] and abs(sizes[column]) >= least, order))
    up = [column for column in large if sizes[column] > 0][:EACH_WAY]
    down = [column for column in large if sizes[column] < 0][:EACH_WAY]
    return [column for column in large if column in up or column in down]


def breakdown(score: str, explanation: Explanation, row: int, bundle: Bundle) -> Breakdown:
    """All contributions to one row's score, which add up."""
    return Breakdown(
        unit=unit_of(score, bundle),
        base_value=float(explanation.base_value[row]),
        contributions=explanation.contributions[row],
        score=float(explanation.score[row]),
        features=bundle.spec.names,
    )


def unit_of(score: str, bundle: Bundle) -> str:
    """The unit of a score and of its contributions: a currency, or "probability"."""
    return bundle.currency if score == "lifetime_value" else "probability"


def _words(feature: Feature, value: float, typical: float) -> Words:
    """What to call the value: high, low, or by the feature's plain meaning where neither would be true."""
    if math.isnan(value):
        return feature.meaning
    turn = typical if feature.turn is None else feature.turn
    if feature.unit == "category" or math.isnan(turn) or _near(value, turn):
        return _plainly(feature)
    return feature.high if value > turn else feature.low


def _plainly(feature: Feature) -> Words:
    """The meaning without its last clause, which says how the value is counted or when it is missing."""
    meaning, _, clause = feature.meaning.en.partition(";")
    return Words(meaning, LAST_CLAUSE.sub("", feature.meaning.zh)) if clause else feature.meaning


def _pattern(unit: str, shown: str, usual: str) -> Words:
    """The sentence, by which figures there are; a level has no typical one."""
    if unit == "category":
        return ALONE if shown else NOTHING
    if not shown:
        return LACKS if usual else NOTHING
    return ALONE if not usual else SAME if shown == usual else DIFFERS


def _near(value: float, other: float) -> bool:
    return abs(value - other) <= NEARNESS * max(abs(value), abs(other))
