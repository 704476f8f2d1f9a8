"""The B2B matrix: current value against growth potential."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.settings.tiers.rules import Matrix
from features.feature import Words
from serving.tiers.cuts import median_cut
from serving.tiers.graded import LOW_HIGH, GradedRule, Grading, table_of
from serving.tiers.inputs import CURRENT, ORDERS, POTENTIAL, Columns
from serving.tiers.rule import ClassOfRule

CLASSES = (
    ClassOfRule("star", Words("star", "明星客户"), 0),
    ClassOfRule("cash_cow", Words("cash cow", "金牛客户"), 1),
    ClassOfRule("question", Words("question", "问题客户"), 2),
    ClassOfRule("dog", Words("dog", "瘦狗客户"), 3),
)
"""Their tiers are (ours)."""


def learn_matrix(settings: Matrix, columns: Columns) -> dict[str, Any]:
    """Where both axes begin to be high: the book's thresholds, or the medians of its buyers."""
    bought = np.nan_to_num(columns[ORDERS.name]) > 0
    given = {CURRENT.name: settings.current_value, POTENTIAL.name: settings.growth_potential}
    return {
        name: threshold if threshold is not None else median_cut(np.nan_to_num(columns[name][bought]))
        for name, threshold in given.items()
    }


def matrix(learnt: Mapping[str, Any]) -> GradedRule:
    """Star (high, high), cash cow (high value, low potential), question (low value, high potential), dog."""
    gradings = [Grading(each, (learnt[each.name],), LOW_HIGH) for each in (CURRENT, POTENTIAL)]
    return GradedRule(gradings, CLASSES, table_of((2, 2), lambda grades: 3 - 2 * grades[0] - grades[1]))
