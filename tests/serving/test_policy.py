"""Tiers by value percentile: law 7 and the plan they come from."""

import math
from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.book import Tiers
from serving.errors import PlanError
from serving.plan import Plan
from serving.policy import TIERS, assign, fit

RANK = {tier: -place for place, tier in enumerate(TIERS)}
VALUES = st.lists(st.floats(0, 1e7) | st.sampled_from([0.0, 1.0, 5.0]), min_size=1, max_size=120)
VALUE = st.floats(-1e7, 1e7)


@dataclass(frozen=True)
class SomeBundle:
    """What a plan takes over from a bundle."""

    book: str = "shop"
    version: str = "0123456789abcdef"
    currency: str = "EUR"
    horizons = {"lifetime_value": 91}  # noqa: RUF012


def plan_of(values: list[float]) -> Plan:
    return fit(np.array(values), Tiers(), SomeBundle(), 0)  # type: ignore[arg-type]


@given(VALUES, VALUE)
def test_every_value_has_one_tier_and_always_the_same(values: list[float], value: float) -> None:
    plan = plan_of(values)
    assert assign(value, plan).name in TIERS
    assert assign(value, plan) == assign(value, plan)


@given(VALUES, VALUE, VALUE)
def test_a_higher_value_never_has_a_lower_tier(values: list[float], one: float, other: float) -> None:
    plan = plan_of(values)
    low, high = sorted((one, other))
    assert RANK[assign(low, plan).name] <= RANK[assign(high, plan).name]


@given(VALUES)
def test_no_tier_holds_more_customers_than_its_percent(values: list[float]) -> None:
    plan, tiers = plan_of(values), Tiers()
    names = [assign(value, plan_of(values)).name for value in values]
    for tier in TIERS[:-1]:
        higher = sum(RANK[name] >= RANK[tier] for name in names)
        assert higher <= math.ceil(len(values) * getattr(tiers, tier) / 100)
    assert plan.counts == {tier: names.count(tier) for tier in TIERS}


@given(VALUES, VALUE)
def test_a_neighbour_is_where_the_tier_changes(values: list[float], value: float) -> None:
    plan = plan_of(values)
    tier = assign(value, plan)
    if tier.next_up:
        assert tier.next_up.name == assign(tier.next_up.value, plan).name != tier.name
        assert tier.next_up.difference == tier.next_up.value - value > 0
    if tier.next_down:
        assert assign(tier.next_down.value, plan).name == tier.name
        assert assign(math.nextafter(tier.next_down.value, -math.inf), plan).name == tier.next_down.name
        assert tier.next_down.difference == value - tier.next_down.value >= 0


def test_distinct_values_fill_the_tiers_to_their_percent() -> None:
    plan = plan_of([float(value) for value in range(1, 101)])
    assert plan.counts == {"diamond": 5, "gold": 15, "silver": 30, "bronze": 50}
    assert plan.cuts == {"diamond": 96.0, "gold": 81.0, "silver": 51.0}


def test_customers_tied_across_a_cut_all_fall_below_it() -> None:
    plan = plan_of([10.0] * 3 + [5.0] * 40 + [1.0] * 57)
    assert plan.cuts == {"diamond": 10.0, "gold": 10.0, "silver": 5.0}
    assert [assign(value, plan).name for value in (10.0, 5.0, 1.0)] == ["diamond", "silver", "bronze"]
    down = assign(10.0, plan).next_down
    assert down is not None
    assert down.name == "silver", "gold is empty, so it is nobody's neighbour"


def test_a_book_of_equals_is_all_bronze_and_says_so() -> None:
    tier = assign(3.0, plan_of([3.0] * 50))
    assert (tier.name, tier.next_up, tier.next_down) == ("bronze", None, None)
    assert tier.why == "Bronze: EUR 3.00 expected in the next 91 days, no more than everybody else."


def test_why_names_the_cut_in_both_languages() -> None:
    plan = plan_of([float(value) for value in range(1, 101)])
    assert assign(97.0, plan).why == (
        "Diamond: EUR 97.00 expected in the next 91 days; diamond starts at EUR 96.00 (top 5%)."
    )
    assert assign(7.0, plan, "zh").why == "铜牌：未来 91 天预计 EUR 7.00；银牌门槛为 EUR 51.00（前 50%）。"


def test_a_book_without_customers_has_no_plan() -> None:
    with pytest.raises(PlanError, match="nobody has an event"):
        plan_of([])
