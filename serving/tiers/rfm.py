"""The two RFM models: the foreign-trade matrix of seven classes, and the eight classes."""

from collections.abc import Mapping
from typing import Any

import numpy as np

from data.settings.tiers.rules import Rfm7, Rfm8
from features.feature import Words
from serving.tiers.cuts import median_of, tercile_cuts
from serving.tiers.graded import LOW_HIGH, LOW_MID_HIGH, GradedRule, Grades, Grading, table_of
from serving.tiers.inputs import ORDERS, RECENCY, SPEND, Columns, Floats
from serving.tiers.rule import ClassOfRule

SEVEN = (
    ClassOfRule("core", Words("core value", "核心价值客户"), 0),
    ClassOfRule("potential_growth", Words("potential growth", "潜力增长客户"), 1),
    ClassOfRule("loyal_maintain", Words("loyal maintain", "忠诚维持客户"), 1),
    ClassOfRule("win_back", Words("important win-back", "重要挽留客户"), 2),
    ClassOfRule("general", Words("general develop", "一般发展客户"), 2),
    ClassOfRule("new", Words("new", "新客户"), 2),
    ClassOfRule("low_value", Words("low-value to activate", "低价值待激活客户"), 3),
)

CELLS: dict[str, str] = {
    "core": "HHH HMH MHH",
    "potential_growth": "HLH HLM HMM MMH MLH",
    "loyal_maintain": "MHM MHL HHM HHL",
    "win_back": "LHH LHM LMH LLH",
    "general": "MMM HML MML MLM MLL",
    "new": "HLL",
    "low_value": "LLL LHL LMM LML LLM",
}
"""Grades of R, F and M in this order; the first eleven are the field's rows, the others the completion (ours)."""

EIGHT = (
    ClassOfRule("important_value", Words("important value", "重要价值客户"), 0),
    ClassOfRule("important_develop", Words("important develop", "重要发展客户"), 1),
    ClassOfRule("important_keep", Words("important keep", "重要保持客户"), 1),
    ClassOfRule("important_win_back", Words("important win-back", "重要挽留客户"), 2),
    ClassOfRule("general_value", Words("general value", "一般价值客户"), 2),
    ClassOfRule("general_develop", Words("general develop", "一般发展客户"), 2),
    ClassOfRule("general_keep", Words("general keep", "一般保持客户"), 3),
    ClassOfRule("general_win_back", Words("general win-back", "一般挽留客户"), 3),
)
"""Their tiers are (ours)."""

CELLS_OF_EIGHT = {"HHH": 0, "HLH": 1, "LHH": 2, "LLH": 3, "HHL": 4, "HLL": 5, "LHL": 6, "LLL": 7}


def learn_rfm7(settings: Rfm7, columns: Columns) -> dict[str, Any]:
    """The thresholds of F and M: those of the book, or terciles of its buyers."""
    bought = _buyers(columns)
    orders, spend = columns[ORDERS.name][bought], columns[SPEND.name][bought]
    return {
        "recency_days": list(settings.recency_days),
        "orders": list(settings.orders or tercile_cuts(orders)),
        "spend": list(settings.spend or tercile_cuts(spend)),
    }


def rfm7(learnt: Mapping[str, Any]) -> GradedRule:
    """The foreign-trade RFM matrix."""
    high, mid = learnt["recency_days"]
    gradings = (
        Grading(RECENCY, (mid, high), LOW_MID_HIGH),
        Grading(ORDERS, tuple(learnt["orders"]), LOW_MID_HIGH),
        Grading(SPEND, tuple(learnt["spend"]), LOW_MID_HIGH),
    )
    return GradedRule(gradings, SEVEN, table_of((3, 3, 3), lambda grades: CLASS_OF_CELL[_cell(grades, "LMH")]))


def learn_rfm8(settings: Rfm8, columns: Columns) -> dict[str, Any]:
    """The thresholds of R, F and M: those of the book, or the medians of its buyers."""
    bought = _buyers(columns)
    return {
        "recency_days": settings.recency_days or median_of(columns[RECENCY.name][bought]),
        "orders": settings.orders or median_of(columns[ORDERS.name][bought]),
        "spend": settings.spend or median_of(columns[SPEND.name][bought]),
    }


def rfm8(learnt: Mapping[str, Any]) -> GradedRule:
    """The eight RFM classes."""
    inputs = ((RECENCY, "recency_days"), (ORDERS, "orders"), (SPEND, "spend"))
    gradings = [Grading(each, (learnt[name],), LOW_HIGH) for each, name in inputs]
    return GradedRule(gradings, EIGHT, table_of((2, 2, 2), lambda grades: CELLS_OF_EIGHT[_cell(grades, "LH")]))


def _cell(grades: Grades, letters: str) -> str:
    return "".join(letters[grade] for grade in grades)


def _buyers(columns: Columns) -> Floats:
    return np.asarray(np.nan_to_num(columns[ORDERS.name]) > 0)


CLASS_OF_CELL = {cell: place for place, each in enumerate(SEVEN) for cell in CELLS[each.name].split()}
