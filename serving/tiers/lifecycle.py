"""The stages of a customer's life."""

import math
from collections.abc import Mapping
from typing import Any

from data.settings.tiers.rules import Lifecycle
from features.feature import Words
from serving.tiers.graded import GradedRule, Grades, Grading, table_of
from serving.tiers.inputs import ORDERS, RECENCY, TENURE, TREND
from serving.tiers.rule import ClassOfRule

GROWING, MATURE, NEW, PROSPECT, LOST = range(5)
CLASSES = (
    ClassOfRule("growing", Words("growing", "成长期客户"), 0),
    ClassOfRule("mature", Words("mature", "成熟期客户"), 1),
    ClassOfRule("new", Words("new", "新客户"), 2),
    ClassOfRule("prospect", Words("prospect", "潜在客户"), 3),
    ClassOfRule("lost", Words("lost", "流失客户"), 3),
)
"""Their tiers are (ours)."""

BOUGHT = (Words("none", "无"), Words("one", "一单"), Words("several", "多单"))
KNOWN = (Words("new", "新"), Words("known", "已久"))
LAST = (Words("long ago", "已久"), Words("recent", "近期"))
RISE = (Words("not rising", "未上升"), Words("rising", "上升"))


def learn_lifecycle(settings: Lifecycle) -> dict[str, Any]:
    """The settings alone: nothing is learnt from the book."""
    return settings.model_dump(mode="json")


def lifecycle(learnt: Mapping[str, Any]) -> GradedRule:
    """Prospect, new, growing, mature or lost."""
    after = float(learnt["new_days"])
    gradings = (
        Grading(ORDERS, (1.0, 2.0), BOUGHT),
        Grading(TENURE, (_next(after),), KNOWN),
        Grading(RECENCY, (float(learnt["lost_days"]),), LAST),
        Grading(TREND, (float(learnt["rising"]),), RISE),
    )
    return GradedRule(gradings, CLASSES, table_of((3, 2, 2, 2), _stage))


def _stage(grades: Grades) -> int:
    bought, known, recent, rising = grades
    if not bought:
        return PROSPECT
    if not recent:
        return LOST
    if bought == 1 and not known:
        return NEW
    return GROWING if rising else MATURE


def _next(days: float) -> float:
    """The least time that is more than so many days."""
    return math.nextafter(days, math.inf)
