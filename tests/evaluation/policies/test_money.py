"""What policies capture and gain, on customers few enough to count by hand."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.settings.tiers.profit import ExpectedProfit, Service
from evaluation.policies.draws import differences_of, draws_of, totals
from evaluation.policies.money import captured, measured, profit, profits
from evaluation.policies.quarter import Quarter
from evaluation.policies.ranking import OPTIMUM, OTHERS, OURS, RANKINGS, chosen, ordered, seated, seats_for
from evaluation.policies.result import Difference
from serving.tiers.services import Services

NAMES = ("a", "b", "c", "d", "e")
SERVICES = (
    Service(name="diamond", hours=4, cost=2, seats=1, growth=(0.2, 0.4), retention=(0.5, 0.5)),
    Service(name="gold", hours=3, cost=1, seats=1, growth=(0.1, 0.3)),
    Service(name="silver", hours=2, seats=1, growth=(0.1, 0.1)),
    Service(name="bronze", hours=1),
)
SETTINGS = ExpectedProfit(margin=0.5, services=SERVICES)


def quarter(value: list[float], orders: dict[str, list[int]], **more: Any) -> Quarter:
    """Customers who brought so much, and the orders in which they would be chosen."""
    places = {"expected_profit": np.array(more.get("places", [3] * len(value)))}
    columns = {"lifetime_value": np.full(len(value), np.nan), "churn": np.array(more.get("churn", [0.0] * len(value)))}
    ranked: Any = SimpleNamespace(
        day=more.get("day", "2024-06-30"),
        customers=tuple(more.get("customers", NAMES[: len(value)])),
        columns=columns,
        orders={name: np.array(order) for name, order in orders.items()},
        places=places,
    )
    return Quarter(ranked, np.array(value))


def once(*quarters: Quarter) -> tuple[np.ndarray, ...]:
    return draws_of([each.ranked.customers for each in quarters], seed=0, draws=0)


def test_the_top_is_rounded_up_and_holds_its_share_of_all_money() -> None:
    seen = quarter([10.0, 40.0, 0.0, 30.0, 20.0], {"rfm7": [3, 0, 1, 2, 4], "past_spend": [1, 3, 4, 0, 2]})
    for top, ours, theirs in ((20, 0.3, 0.4), (21, 0.4, 0.7), (5, 0.3, 0.4), (60, 0.8, 0.9)):
        found = captured([seen], once(seen), top)
        assert found["rfm7"].tolist() == pytest.approx([ours])
        assert found["past_spend"].tolist() == pytest.approx([theirs])


def test_quarters_are_pooled_by_their_money() -> None:
    first = quarter([10.0, 30.0], {"rfm7": [0, 1]})
    second = quarter([100.0, 60.0], {"rfm7": [0, 1]})
    found = captured([first, second], once(first, second), 50)
    assert found["rfm7"].tolist() == pytest.approx([110.0 / 200.0])


def test_where_nobody_brought_anything_nothing_is_captured() -> None:
    seen = quarter([0.0, 0.0], {"rfm7": [0, 1]})
    assert np.isnan(captured([seen], once(seen), 50)["rfm7"]).all()


def test_a_tier_goes_before_spend_and_spend_before_the_id() -> None:
    places, spend = np.array([1, 0, 1, 1, 3]), np.array([5.0, 1.0, 9.0, 5.0, 99.0])
    assert ordered(places, spend, ("d", "c", "b", "a", "e")).tolist() == [1, 2, 3, 0, 4]


@given(st.permutations(range(5)))
def test_the_order_in_which_customers_are_given_does_not_matter(turn: list[int]) -> None:
    places, spend = np.array([1, 0, 1, 1, 1]), np.array([5.0, 1.0, 9.0, 5.0, 5.0])
    order = ordered(places[turn], spend[turn], [NAMES[i] for i in turn])
    assert [NAMES[turn[i]] for i in order] == ["b", "c", "a", "d", "e"]


def test_seats_are_taken_in_order_and_the_rest_stays_on_the_floor() -> None:
    assert seated(np.array([4, 2, 0, 1, 3]), (1, 2, 1)).tolist() == [1, 2, 1, 3, 0]
    assert chosen(np.array([4, 2, 0, 1, 3]), 21).tolist() == [False, False, True, False, True]


def test_seats_are_those_of_the_book_or_of_the_defaults_and_never_more_than_customers() -> None:
    assert seats_for(ExpectedProfit(), 219) == (10, 32, 65)
    assert seats_for(SETTINGS, 5) == (1, 1, 1)
    assert seats_for(SETTINGS, 2) == (1, 1, 0)
    per_owner = tuple(each.model_copy(update={"seats": None, "seats_per_owner": 9}) for each in SERVICES[:3])
    owned = ExpectedProfit(services=(*per_owner, SERVICES[3]), owner="manager")
    assert seats_for(owned, 200) == (10, 30, 60)


def test_profit_is_that_of_the_formula() -> None:
    seen = quarter(
        [100.0, 60.0, 40.0, 20.0, -50.0],
        {"rfm7": [1, 0, 2, 3, 4]},
        churn=[0.4, 0.5, np.nan, 0.1, 0.2],
        places=[0, 3, 3, 1, 0],
    )
    services = Services.of(SETTINGS, "gross")
    low = profits([seen], once(seen), SETTINGS, services, "low")
    averted = 0.5 * 0.5
    by_hand = (0.5 * 60 * (0.2 + averted) - 2) + (0.5 * 100 * 0.1 - 1) + 0.5 * 40 * 0.1
    assert low["rfm7"].tolist() == pytest.approx([by_hand])
    own = (0.5 * 100 * (0.2 + 0.4 * 0.5) - 2) + (0.5 * 20 * 0.1 - 1) - 2
    assert low[OPTIMUM].tolist() == pytest.approx([own])
    high = profits([seen], once(seen), SETTINGS, services, "high")
    assert high["rfm7"][0] - low["rfm7"][0] == pytest.approx(0.5 * (60 * 0.2 + 100 * 0.2))


def test_who_is_drawn_twice_counts_twice_wherever_they_sit() -> None:
    places, gains = np.array([0, 1, 1]), np.array([[5.0, 1.0], [6.0, 2.0], [7.0, 3.0]])
    times = np.array([[1.0, 1.0, 1.0], [2.0, 0.0, 1.0]])
    assert totals([profit(places, gains)], (times,)).tolist() == [10.0, 13.0]


def test_who_is_drawn_brings_all_their_quarters_along() -> None:
    first, second = draws_of([("a", "b", "c"), ("c", "b", "d")], seed=4, draws=40)
    assert (first[0], second[0]) == (pytest.approx([1, 1, 1]), pytest.approx([1, 1, 1]))
    assert (first[:, 2] == second[:, 0]).all()
    assert (first[:, 1] == second[:, 1]).all()
    assert len(np.unique(first[:, 0])) > 1


def invented(count: int, seed: int) -> Quarter:
    """Customers whose money is known to the one half of the rankings, and noise to the other."""
    rng = np.random.default_rng(seed)
    value = rng.gamma(0.7, 100.0, count)
    known = dict.fromkeys(("expected_profit", "rfm7", "past_spend"), np.argsort(-value).tolist())
    orders = {name: known.get(name, rng.permutation(count).tolist()) for name in RANKINGS}
    customers = [f"c{i:03}" for i in range(count)]
    return quarter(value.tolist(), orders, churn=rng.random(count).tolist(), customers=customers)


def test_a_policy_that_chooses_the_same_differs_by_nothing_and_a_blind_one_is_worse() -> None:
    seen = invented(200, 3)
    figures, differences = measured("judged", [seen], ExpectedProfit(), Services.of(ExpectedProfit(), "net"), 5, 100)
    by_key = {(row.measure, row.ours, row.other): row for row in differences}
    for measure in ("captured_5", "captured_20", "profit_low", "profit_mid", "profit_high"):
        same = by_key[measure, "expected_profit", "past_spend"]
        assert (same.value, same.low, same.high) == (0.0, 0.0, 0.0)
        assert same.verdict == "no separable difference"
        assert by_key[measure, "expected_profit", "scorecard"].verdict == "better"
        assert by_key[measure, "value_percentile", "rfm7"].verdict == "worse"
        assert {row.policy for row in figures if row.measure == measure} >= set(RANKINGS)
    assert {(row.ours, row.other) for row in differences if row.measure == "captured_5"} == {
        (mine, other) for mine in OURS for other in OTHERS
    }


def test_the_interval_of_a_figure_holds_it_and_the_same_seed_gives_the_same() -> None:
    seen, services = invented(300, 8), Services.of(ExpectedProfit(), "gross")
    figures, _ = measured("judged", [seen], ExpectedProfit(), services, 5, 200)
    assert all(row.low <= row.value <= row.high for row in figures)
    assert measured("judged", [seen], ExpectedProfit(), services, 5, 200)[0] == figures


def test_a_difference_without_an_interval_has_no_verdict() -> None:
    column = {"a": np.array([1.0]), "b": np.array([0.5])}
    (row,) = differences_of("judged", "captured_5", column, ("a",), ("b",))
    assert isinstance(row, Difference)
    assert (row.value, row.verdict) == (0.5, None)
