"""Tiers that do not flap, and hands that set them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.ledger.previous import Previous
from serving.plan import Plan
from serving.tiers.ladder import TIERS
from serving.tiers.policies import POLICIES
from serving.tiers.stability import DAY, NOBODY, Past, Stability

STEADY = Stability(margin=0.1, return_margin=0.5, return_days=62, stay_days=0)
NAMES = [policy.name for policy in POLICIES]
Columns = dict[str, np.ndarray]
ROWS = np.arange(0, 400, 9)


def past(tier: str, days: int = 100, moved_from: str | None = None) -> Past:
    return Past.of(("c",), {"c": Previous(tier, -days * DAY, moved_from)})


@pytest.fixture
def percentile(planned: Callable[..., Plan]) -> Plan:
    """Diamond from 96, gold from 81, silver from 51."""
    return planned("value_percentile", {"lifetime_value": np.arange(1.0, 101.0)})


def settled(plan: Plan, value: float, before: Past, stability: Stability = STEADY) -> str:
    return TIERS[int(stability.settled(plan.rule, {"lifetime_value": np.array([value])}, before, 0)[0])]


def test_a_tier_is_left_only_where_the_value_is_sure_enough(percentile: Plan) -> None:
    assert settled(percentile, 80.0, past("gold")) == "gold"
    assert settled(percentile, 73.0, past("gold")) == "silver", "a tenth more is 80.3, short of gold"
    assert settled(percentile, 82.0, past("silver")) == "silver"
    assert settled(percentile, 91.0, past("silver")) == "gold"


def test_the_way_back_takes_more_for_a_while(percentile: Plan) -> None:
    assert settled(percentile, 91.0, past("silver", days=30, moved_from="gold")) == "silver"
    assert settled(percentile, 91.0, past("silver", days=62, moved_from="gold")) == "gold"
    assert settled(percentile, 91.0, past("silver", days=30, moved_from="bronze")) == "gold", "onwards is no way back"
    assert settled(percentile, 10.0, past("gold", days=30, moved_from="silver")) == "bronze", "far is sure enough"


def test_a_tier_may_be_pinned_for_a_month(percentile: Plan) -> None:
    pinned = Stability(margin=0.0, return_margin=0.0, return_days=0, stay_days=31)
    assert settled(percentile, 1.0, past("diamond", days=30), pinned) == "diamond"
    assert settled(percentile, 1.0, past("diamond", days=31), pinned) == "bronze"


def test_who_had_no_tier_gets_the_policys(percentile: Plan) -> None:
    assert settled(percentile, 80.0, Past.of(("c",), {})) == "silver"


@pytest.fixture(scope="module", params=NAMES)
def plan(request: pytest.FixtureRequest, planned: Callable[..., Plan], columns_of_many: Columns) -> Plan:
    return planned(request.param, columns_of_many)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_better_inputs_never_lead_lower_whatever_was_before(
    plan: Plan, columns_of_many: Columns, data: st.DataObject
) -> None:
    """Law 7, with a memory."""
    number = data.draw(st.sampled_from(ROWS.tolist()))
    before = past(*(data.draw(given_) for given_ in (st.sampled_from(TIERS), st.sampled_from([0, 30, 61, 62, 400]))))
    if data.draw(st.booleans()):
        moved_from = np.array([data.draw(st.integers(0, 3))])
        before = Past(before.place, before.since, moved_from)
    row = {name: column[number : number + 1].copy() for name, column in columns_of_many.items()}
    each = data.draw(st.sampled_from([each for each in plan.rule.inputs if each.unit != "category"]))
    change = data.draw(st.floats(0, 1e5))
    better = {**row, each.name: row[each.name] + (change if each.rises else -change)}
    assert STEADY.settled(plan.rule, better, before, 0)[0] <= STEADY.settled(plan.rule, row, before, 0)[0]


def test_nobody_moves_beyond_what_the_policy_says(plan: Plan, columns_of_many: Columns) -> None:
    places = plan.rule.places(columns_of_many)
    for tier in range(4):
        before = Past(np.full(400, tier), np.full(400, -100 * DAY), np.full(400, -1))
        kept = STEADY.settled(plan.rule, columns_of_many, before, 0)
        assert ((np.minimum(places, tier) <= kept) & (kept <= np.maximum(places, tier))).all()


def test_a_first_order_makes_a_prospect_a_new_customer_at_once(planned: Callable[..., Plan]) -> None:
    first = {
        "orders": np.array([1.0]),
        "first_order_age_days": np.array([10.0]),
        "last_order_age_days": np.array([10.0]),
        "orders_rise_91d": np.array([0.6]),
    }
    rule = planned("lifecycle", first).rule
    was_bronze = Past(np.array([3]), np.array([-400 * DAY]), np.array([NOBODY]))
    assert Stability(0.1, 0.5, 62, 0).settled(rule, first, was_bronze, 0).tolist() == [TIERS.index("silver")]
