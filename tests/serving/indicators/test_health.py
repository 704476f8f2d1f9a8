"""Relationship health: the published formula, held to its word."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.indicators.answer import Health
from tests.serving.indicators.machines import accountant_of, measured_of, yardstick_of

BUYER: dict[str, Any] = {
    "orders": 3.0,
    "buying_period_share": 0.5,
    "buying_streak_91d": 2.0,
    "engagement_depth_30d": 30.0,
    "products": 10.0,
    "late_payment_share": 0.2,
    "mean_days_late": 15.0,
}
BETTER = ("orders", "buying_period_share", "buying_streak_91d", "engagement_depth_30d", "products")
WORSE = ("late_payment_share", "mean_days_late")
SHARE = st.floats(0, 1)
COUNT = st.floats(0, 500)
BUYERS = st.fixed_dictionaries(
    {
        "orders": st.floats(1, 500),
        "buying_period_share": SHARE,
        "buying_streak_91d": COUNT,
        "engagement_depth_30d": COUNT,
        "products": COUNT,
        "late_payment_share": SHARE,
        "mean_days_late": st.floats(-50, 100),
    }
)


def health_of(customer: dict[str, Any], language: Any = "en", yardstick: Any = None) -> Health:
    used = yardstick or yardstick_of()
    return measured_of(used, **customer).about(0, accountant_of(used, language)).health


def test_health_is_as_worked_by_hand() -> None:
    told = measured_of(**BUYER).columns
    assert told["health_loyalty"][0] == pytest.approx((0.5 + 2 / 4 + 2 / 5) / 3 * 100)
    assert told["health_interaction"][0] == pytest.approx(75.0)
    assert told["health_breadth"][0] == pytest.approx(50.0)
    assert told["health_payment"][0] == pytest.approx(100 - 10 - 25)
    assert told["health"][0] == pytest.approx(0.35 * 140 / 3 + 0.25 * 75 + 0.15 * 50 + 0.25 * 65)


@given(customer=BUYERS, name=st.sampled_from((*BETTER, *WORSE)), more=st.floats(0, 100))
def test_no_input_that_gets_better_lowers_health(customer: dict[str, float], name: str, more: float) -> None:
    raised = {**customer, name: customer[name] + (min(more, 1 - customer[name]) if name.endswith("share") else more)}
    before, after = measured_of(**customer).columns, measured_of(**raised).columns
    for column in ("health", "health_loyalty", "health_interaction", "health_breadth", "health_payment"):
        change = after[column][0] - before[column][0]
        assert change <= 0 if name in WORSE else change >= 0
        assert 0 <= after[column][0] <= 100


def test_what_a_customer_lacks_gets_no_weight_and_is_named() -> None:
    unpaid = {**BUYER, "late_payment_share": np.nan, "mean_days_late": np.nan}
    told = health_of(unpaid)
    assert [part.weight for part in told.parts] == pytest.approx([0.35 / 0.75, 0.25 / 0.75, 0.15 / 0.75, 0])
    assert told.value == pytest.approx((0.35 * 140 / 3 + 0.25 * 75 + 0.15 * 50) / 0.75)
    assert told.parts[3].value is None
    assert told.text.endswith("; not counted, as it cannot be told: payment behaviour.")
    assert health_of(unpaid, "zh").text.endswith("；无法判断而未计入：付款表现。")


def test_who_never_bought_has_the_health_of_interaction_alone() -> None:
    told = health_of({"orders": 0.0, "products": 0.0, "buying_streak_91d": 0.0, "engagement_depth_30d": 10.0})
    assert told.value == 50.0
    assert [part.weight for part in told.parts] == [0, 1, 0, 0]
    assert "loyalty, breadth of products, payment behaviour" in told.text


def test_counts_mean_nothing_where_the_book_cannot_tell_them() -> None:
    columns = {"customer_id": "customer", "time": "time", "amount": "amount"}
    poor = yardstick_of(
        roles={"order": "purchase"},
        sources=[{"name": "orders", "path": "orders.csv", "type": "order", "columns": columns}],
    )
    told = health_of({**BUYER, "products": 0.0, "engagement_depth_30d": 0.0}, yardstick=poor)
    assert [part.value is None for part in told.parts] == [False, True, True, False]


def test_categories_stand_for_products_that_no_source_tells() -> None:
    columns = {"customer_id": "customer", "time": "time", "amount": "amount", "category": "kind"}
    source = {"name": "orders", "path": "orders.csv", "type": "order", "columns": columns}
    coarse = yardstick_of(roles={"order": "purchase"}, sources=[source])
    assert measured_of(coarse, **BUYER, categories=30.0).columns["health_breadth"] == [75.0]


def test_weights_and_scales_are_those_of_the_book() -> None:
    health = {"loyalty": 0, "interaction": 0, "breadth": 3, "payment": 1, "breadth_half": 30.0, "worst_delay": 60.0}
    told = measured_of(yardstick_of(indicators={"health": health}), **BUYER).columns
    assert told["health_breadth"][0] == pytest.approx(25.0)
    assert told["health_payment"][0] == pytest.approx(100 - 10 - 12.5)
    assert told["health"][0] == pytest.approx((3 * 25 + 77.5) / 4)


def test_health_is_null_where_nothing_that_counts_can_be_told() -> None:
    told = health_of({"orders": 0.0})
    assert told.value is None
    assert told.text == "Relationship health cannot be told."
    assert health_of({"orders": 0.0}, "zh").text == "关系健康指数无法计算。"
