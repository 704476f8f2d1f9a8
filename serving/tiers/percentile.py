"""Fixed percentiles: of expected value (the policy `value_percentile`), and of contribution (the customer pyramid)."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.settings.tiers.rules import Pyramid
from features.feature import Words
from serving.tiers.indexed import IndexedRule, learn_cuts
from serving.tiers.inputs import CURRENT, Columns, Floats, Input
from serving.tiers.rule import ClassOfRule, Places

LEVELS = (
    ClassOfRule("top", Words("top", "顶层客户"), 0),
    ClassOfRule("high", Words("high", "高层客户"), 1),
    ClassOfRule("middle", Words("middle", "中层客户"), 2),
    ClassOfRule("bottom", Words("bottom", "底层客户"), 3),
)


class Percentile(IndexedRule):
    """The top percent of customers by one input; who has none of it counts as 0."""

    def __init__(self, learnt: Mapping[str, Any], ranked: Input, classes: tuple[ClassOfRule, ...] = ()) -> None:
        super().__init__(learnt)
        self._ranked, self.classes = ranked, classes

    @property
    def inputs(self) -> tuple[Input, ...]:
        return (self._ranked,)

    @property
    def measure(self) -> Input:
        return self._ranked

    def index(self, columns: Columns) -> Floats:
        return np.nan_to_num(columns[self._ranked.name])

    def classes_of(self, columns: Columns) -> Places | None:
        return self.places(columns) if self.classes else None


def learn_pyramid(settings: Pyramid, columns: Columns) -> dict[str, Any]:
    """The cuts of contribution: what was bought in the last 12 months (ours)."""
    percent = {"diamond": settings.top, "gold": settings.high, "silver": settings.middle}
    return learn_cuts(np.nan_to_num(columns[CURRENT.name]), percent)
