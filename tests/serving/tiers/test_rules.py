"""Pyramid, matrix, lifecycle, scorecard and hybrid, worked by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from data.hashing import hash_text
from data.settings.tiers.hybrid import Factor, Hybrid
from data.settings.tiers.scorecard import Rated, Scorecard
from data.settings.tiers.section import Tiers
from features.profile import ProfileFeature
from features.spec import FeatureSpec
from serving.errors import PlanError
from serving.plan import Plan
from serving.tiers.speech import Speech

Planned = Callable[..., Plan]
NAN = float("nan")
SIZED = FeatureSpec(
    "UTC", 2, (ProfileFeature("size", "category", (hash_text("large"),)), ProfileFeature("staff", "number"))
)


def classes(plan: Plan, columns: dict[str, np.ndarray]) -> list[str]:
    found = plan.rule.classes_of(columns)
    assert found is not None
    return [plan.rule.classes[each].name for each in found.tolist()]


def test_the_pyramid_cuts_what_was_bought_in_a_year(planned: Planned) -> None:
    columns = {"current_value": np.arange(1.0, 101.0)}
    plan = planned("pyramid", columns)
    assert plan.counts == {"diamond": 5, "gold": 15, "silver": 30, "bronze": 50}
    ends = {"current_value": np.array([100.0, 95.0, 80.0, 50.0])}
    assert classes(plan, ends) == ["top", "high", "middle", "bottom"]


def test_the_matrix_crosses_value_and_potential_at_the_medians_of_buyers(planned: Planned) -> None:
    columns = {
        "current_value": np.array([10.0, 10.0, 2.0, 2.0, 0.0]),
        "growth_potential": np.array([5.0, -5.0, 5.0, -5.0, 5.0]),
        "orders": np.array([1.0, 1.0, 1.0, 1.0, 0.0]),
    }
    plan = planned("matrix", columns)
    assert plan.learnt == {"current_value": 6.0, "growth_potential": -5.0 + 10.0} or plan.learnt["current_value"] == 6.0
    assert classes(plan, columns)[:4] == ["star", "cash_cow", "question", "dog"]


def test_the_stages_of_a_life(planned: Planned) -> None:
    columns = {
        "orders": np.array([0.0, 1.0, 5.0, 5.0, 5.0, 1.0]),
        "first_order_age_days": np.array([NAN, 90.0, 800.0, 800.0, 800.0, 91.0]),
        "last_order_age_days": np.array([NAN, 90.0, 20.0, 20.0, 366.0, 91.0]),
        "orders_rise_91d": np.array([NAN, NAN, 0.9, 0.5, NAN, NAN]),
    }
    plan = planned("lifecycle", columns)
    assert classes(plan, columns) == ["prospect", "new", "growing", "mature", "lost", "mature"]


def test_a_scorecard_adds_weighted_percentiles(planned: Planned, columns_of_many: dict[str, np.ndarray]) -> None:
    tiers = Tiers(scorecard=Scorecard(weights={"total_purchases": 3.0, "recency": 1.0}))
    columns = {
        "spend": np.array([1.0, 2.0, 3.0, 4.0]),
        "last_order_age_days": np.array([10.0, 20.0, 30.0, NAN]),
    }
    plan = planned("scorecard", columns, tiers)
    shares, recency = np.array([1, 3, 5, 7]) / 8, np.array([5 / 6, 3 / 6, 1 / 6, 0.0])
    assert plan.rule.height(columns) == pytest.approx(100 * (0.75 * shares + 0.25 * recency))


def test_a_scorecard_rescales_what_the_book_lacks_and_says_so(planned: Planned) -> None:
    tiers = Tiers(scorecard=Scorecard(weights={"total_purchases": 1.0, "payment_credit": 9.0, "industry_outlook": 5.0}))
    columns = {"spend": np.array([1.0, 2.0, 3.0, 4.0]), "late_payment_share": np.full(4, NAN)}
    plan = planned("scorecard", columns, tiers)
    assert plan.learnt["lacking"] == ["payment_credit", "industry_outlook"]
    assert plan.rule.height(columns).max() == pytest.approx(87.5)
    row = {name: column[:1] for name, column in columns.items()}
    place = int(plan.rule.places(row)[0])
    told = [criterion.text for criterion in plan.rule.criteria(row, place, Speech("en", "EUR", 91))]
    assert "without industry outlook, late payments, which the book does not have" in told
    assert any("本账套缺少" in each.text for each in plan.rule.criteria(row, place, Speech("zh", "EUR", 91)))


def test_a_scorecard_of_nothing_that_the_book_has_is_refused(planned: Planned) -> None:
    tiers = Tiers(scorecard=Scorecard(weights={"industry_outlook": 1.0}))
    with pytest.raises(PlanError, match="none of the indicators that have a weight"):
        planned("scorecard", {"spend": np.arange(4.0)}, tiers)


def test_factors_multiply_value_and_divide_a_loss(planned: Planned) -> None:
    factors = (Factor(name="rising", times=2.0, feature="orders_rise_91d", at_least=0.8),)
    columns = {
        "lifetime_value": np.array([100.0, 100.0, -100.0, 50.0]),
        "orders_rise_91d": np.array([0.9, 0.1, 0.9, NAN]),
    }
    plan = planned("hybrid", columns, Tiers(hybrid=Hybrid(factors=factors)))
    assert plan.rule.height(columns).tolist() == [200.0, 100.0, -50.0, 50.0]


def test_a_factor_on_a_column_that_the_book_lacks_names_it(planned: Planned) -> None:
    factors = (Factor(name="big", times=2.0, column="size", levels=("large",)),)
    with pytest.raises(PlanError, match='factors "big": the book has no profile column "size"'):
        planned("hybrid", {"lifetime_value": np.arange(4.0)}, Tiers(hybrid=Hybrid(factors=factors)))


@pytest.mark.parametrize(
    ("factor", "said"),
    [
        ({"column": "size", "at_least": 1.0}, 'column "size" is a category, which has no order; give its levels'),
        ({"column": "staff", "levels": ("10",)}, 'column "staff" is no category'),
        ({"feature": "profile_size", "at_most": 1.0}, 'feature "profile_size" is a category, which has no order'),
        ({"column": "size", "levels": ("huge",)}, "no customer that the model learnt from has huge"),
    ],
)
def test_a_factor_asks_categories_for_levels_and_numbers_for_bounds(
    planned: Planned, factor: dict[str, Any], said: str
) -> None:
    tiers = Tiers(hybrid=Hybrid(factors=(Factor(name="big", times=2.0, **factor),)))
    columns = {"lifetime_value": np.arange(4.0), "profile_size": np.arange(4.0)}
    with pytest.raises(PlanError, match=f'tiers.hybrid.factors "big": .*{said}'):
        planned("hybrid", columns, tiers, spec=SIZED)


@pytest.mark.parametrize(
    ("rated", "said"),
    [
        (Rated(column="size"), "is a category, which has no order; give its levels"),
        (Rated(column="staff", levels=("1", "2")), "is no category"),
        (Rated(column="size", levels=("tiny", "huge")), "no customer that the model learnt from has tiny, huge"),
    ],
)
def test_an_indicator_is_a_number_or_has_levels_that_occur(
    planned: Planned, columns_of_many: dict[str, np.ndarray], rated: Rated, said: str
) -> None:
    tiers = Tiers(scorecard=Scorecard(columns={"company_size": rated}))
    with pytest.raises(PlanError, match=f"tiers.scorecard.columns.company_size: .*{said}"):
        planned("scorecard", columns_of_many | {"profile_size": np.zeros(400)}, tiers, spec=SIZED)


def test_a_factor_may_be_called_anything(planned: Planned) -> None:
    factors = (Factor(name="a {0} {b}", times=2.0, feature="orders", at_least=0.0),)
    columns = {"lifetime_value": np.arange(4.0), "orders": np.ones(4)}
    rule = planned("hybrid", columns, Tiers(hybrid=Hybrid(factors=factors))).rule
    row = {name: column[3:] for name, column in columns.items()}
    assert rule.criteria(row, 0, Speech("en", "EUR", 91))[-1].text == "a {0} {b}: counts 2 times"
