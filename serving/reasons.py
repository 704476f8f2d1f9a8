"""Contributions in words: what the model saw in a customer, and which way it moved the prediction.

A contribution explains the score, not the world: no sentence here says that one thing causes another.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from features.feature import Feature, Words
from features.spec import FeatureSpec
from serving.figures import Language, bare_figure, figure, said
from serving.recommendation import Breakdown, Reason
from training.bundle import Bundle
from training.model import Explanation

Floats = NDArray[np.float64]

EACH_WAY = 3
"""(ours) How many reasons are told for a score, and how many against it."""

UNITS = {"log": "log", "logit": "log-odds"}

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
TYPICAL = Words("{words}: {value}, as is typical; {effect}", "{words}：{value}，与典型值相同；{effect}")
ALONE = Words("{words}: {value}; {effect}", "{words}：{value}；{effect}")
MISSING = Words("{words}: none on record; {effect}", "{words}：暂无记录；{effect}")
MISSING_BUT_TYPICAL = Words(
    "{words}: none on record (typical {typical}); {effect}", "{words}：暂无记录（典型值 {typical}）；{effect}"
)


@dataclass(frozen=True)
class Teller:
    """Tells the reasons of one bundle's scores in one language."""

    bundle: Bundle
    language: Language

    def reasons(self, score: str, explanation: Explanation, features: Floats) -> Iterator[tuple[Reason, ...]]:
        """For each of n customers with (n, f) features: the strongest contributions to the score up and down,
        by falling size."""
        unit = UNITS[explanation.scale]
        for row, contributions in enumerate(explanation.contributions):
            yield tuple(
                Reason(
                    feature=self.bundle.spec.names[column],
                    contribution=float(contributions[column]),
                    unit=unit,
                    text=self.text(score, column, float(features[row, column]), contributions[column] > 0),
                )
                for column in strongest(contributions)
            )

    def text(self, score: str, column: int, value: float, raises: bool) -> str:
        """One sentence about a feature's value, nan where the customer has none."""
        feature = feature_of(self.bundle.spec, column)
        typical = float(self.bundle.typical[column])
        return said(_pattern(value, typical, feature), self.language).format(
            words=said(_words(value, typical, feature), self.language),
            value=self._figure(value, feature, column),
            typical=self._bare(typical, feature, column),
            effect=said((RAISES if raises else LOWERS)[score], self.language),
        )
