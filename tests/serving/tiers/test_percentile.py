"""Tiers by percentile of expected value, and the words of neighbours."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.settings.tiers.section import Tiers
from serving.errors import PlanError
from serving.plan import Plan
from serving.tiers.ladder import TIERS
from serving.tiers.speech import Speech

VALUES = st.lists(st.floats(0, 1e7) | st.sampled_from([0.0, 1.0, 5.0]), min_size=1, max_size=120)
ENGLISH, CHINESE = Speech("en", "EUR", 91), Speech("zh", "EUR", 91)


@pytest.fixture
def cut(planned: Callable[..., Plan]) -> Callable[..., Plan]:
    return lambda values: planned("value_percentile", {"lifetime_value": np.array(values, dtype=np.float64)})


def row(value: float) -> dict[str, np.ndarray]:
    return {"lifetime_value": np.array([value])}


def place(value: float, plan: Plan) -> int:
    return int(plan.rule.places(row(value))[0])


def tier(value: float, plan: Plan) -> str:
    return TIERS[place(value, plan)]


@settings(deadline=None)
@given(VALUES)
def test_no_tier_holds_more_customers_than_its_percent(planned: Callable[..., Plan], values: list[float]) -> None:
    plan = planned("value_percentile", {"lifetime_value": np.array(values)})
    names = [tier(value, plan) for value in values]
    for rank, name in enumerate(TIERS[:-1]):
        higher = sum(TIERS.index(each) <= rank for each in names)
        assert higher <= math.ceil(len(values) * getattr(Tiers().value_percentile, name) / 100)
    assert plan.counts == {name: names.count(name) for name in TIERS}


def test_distinct_values_fill_the_tiers_to_their_percent(cut: Callable[..., Plan]) -> None:
    plan = cut(range(1, 101))
    assert plan.counts == {"diamond": 5, "gold": 15, "silver": 30, "bronze": 50}
    assert plan.learnt["cuts"] == {"diamond": 96.0, "gold": 81.0, "silver": 51.0}


def test_customers_tied_across_a_cut_all_fall_below_it(cut: Callable[..., Plan]) -> None:
    plan = cut([10.0] * 3 + [5.0] * 40 + [1.0] * 57)
    assert plan.learnt["cuts"] == {"diamond": 10.0, "gold": 10.0, "silver": 5.0}
    assert [tier(value, plan) for value in (10.0, 5.0, 1.0)] == ["diamond", "silver", "bronze"]
    _, down = plan.rule.neighbours(row(10.0), place(10.0, plan), ENGLISH)
    assert down is not None
    assert down.name == "silver", "gold is empty, so it is nobody's neighbour"


def test_a_book_of_equals_is_all_bronze_and_says_so(cut: Callable[..., Plan]) -> None:
    plan = cut([3.0] * 50)
    assert plan.counts["bronze"] == 50
    assert plan.rule.neighbours(row(3.0), place(3.0, plan), ENGLISH) == (None, None)
    (told,) = plan.rule.criteria(row(3.0), place(3.0, plan), ENGLISH)
    assert told.text == "expected in the next 91 days: EUR 3.00, no more than everybody else"


def test_the_cut_is_named_in_both_languages(cut: Callable[..., Plan]) -> None:
    plan = cut(range(1, 101))
    (english,) = plan.rule.criteria(row(97.0), place(97.0, plan), ENGLISH)
    (chinese,) = plan.rule.criteria(row(7.0), place(7.0, plan), CHINESE)
    assert english.text == "expected in the next 91 days: EUR 97.00; diamond starts at EUR 96.00 (top 5%)"
    assert chinese.text == "未来 91 天预计：EUR 7.00；银牌门槛为 EUR 51.00（前 50%）"


def test_the_next_tier_is_as_far_as_the_printed_amounts_are_apart(cut: Callable[..., Plan]) -> None:
    plan = cut([125.768] * 10 + [184.044] * 9)
    up, _ = plan.rule.neighbours(row(125.768), place(125.768, plan), ENGLISH)
    assert up is not None
    assert up.text == "silver starts at EUR 184.04: EUR 58.27 more"
    assert up.conditions[0].difference == pytest.approx(58.276)


def test_a_book_without_customers_has_no_plan(cut: Callable[..., Plan]) -> None:
    with pytest.raises(PlanError, match="nobody has an event"):
        cut([])
