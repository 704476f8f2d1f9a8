"""NPS, before and after, flows and chances, by hand."""

from datetime import date

import numpy as np
import pytest

from data.clock import end_of_day
from evaluation.reviews.draws import Draws
from evaluation.tiering.flows import flows
from evaluation.tiering.groups import OUT, Sums
from evaluation.tiering.measure import before_and_after, directions, effects
from evaluation.tiering.outcomes import Outcomes, outcomes

JANUARY_END = end_of_day(date(2024, 1, 31), "UTC")


def seen(**columns: list[float]) -> Outcomes:
    n = len(next(iter(columns.values())))
    zero = {name: np.zeros(n) for name in Outcomes.__dataclass_fields__}
    given = {name: np.array(column, dtype=np.float64) for name, column in columns.items()}
    return Outcomes(**{**zero, "buyers": np.ones(n), **given})


@pytest.fixture
def asking(make_book):
    """The shop, which also asks its customers."""
    return make_book(more="").model_copy(
        update={"roles": {"order": "purchase", "refund": "return", "reply": "response", "asked": "survey"}}
    )


def test_outcomes_are_those_of_the_horizon_after_the_moment(asking, histories, at) -> None:
    found = outcomes(
        asking,
        histories(
            asking,
            {
                "again": [at(3), at(40, amount=25.0)],
                "late": [at(3), at(120)],
                "lead": [at(40, amount=7.0)],
            },
        ),
        JANUARY_END,
    )
    assert found.buyers.tolist() == [1.0, 1.0, 0.0]
    assert found.bought.tolist() == [1.0, 0.0, 1.0]
    assert found.silent.tolist() == [0.0, 1.0, 0.0]
    assert found.money.tolist() == [25.0, 0.0, 7.0]


def test_promoters_and_detractors_are_counted_in_the_horizon_alone(asking, histories, at) -> None:
    told = histories(
        asking,
        {
            "fond": [at(40, "asked", 9.0), at(50, "asked", 10.0), at(20, "asked", 0.0)],
            "cold": [at(40, "asked", 6.0), at(41, "asked", 7.0), at(200, "asked", 10.0)],
            "none": [at(40)],
            "odd": [at(40, "asked", 11.0)],
        },
    )
    survey = told.role == 12
    scores = np.where(survey, told.amount / 100.0, told.quantity)
    object.__setattr__(told, "quantity", scores)
    found = outcomes(asking, told, JANUARY_END)
    assert told.customer_ids == ["cold", "fond", "none", "odd"]
    assert found.answers.tolist() == [2.0, 2.0, 0.0, 0.0]
    assert found.net.tolist() == [-1.0, 2.0, 0.0, 0.0]
    assert found.score.tolist() == [13.0, 19.0, 0.0, 0.0]


def test_the_figures_of_a_tier_are_sums_over_its_customers_at_all_reviews() -> None:
    table = np.array([[0, 0, 3, -1], [0, 3, 3, 3]])
    came = [
        seen(
            bought=[1, 0, 0, 1],
            silent=[0, 1, 1, 0],
            money=[10, 20, 0, 99],
            answers=[2, 0, 1, 5],
            net=[2, 0, -1, 5],
            score=[19, 0, 3, 50],
        ),
        seen(bought=[1, 1, 0, 0], silent=[0, 0, 1, 1], money=[30, 6, 0, 4], buyers=[1, 1, 1, 0]),
    ]
    found = {row.tier: row for row in effects(table, came, Draws(4, seed=1, draws=20))}
    top, low = found["diamond"], found["bronze"]
    assert (top.cases, top.customers, top.answers) == (3, 2, 2)
    assert (low.cases, low.customers, low.answers) == (4, 3, 1)
    assert top.figures["repurchase"].value == pytest.approx(2 / 3)
    assert top.figures["churn"].value == pytest.approx(1 / 3)
    assert low.figures["repurchase"].value == pytest.approx(1 / 3)
    assert top.figures["value"].value == pytest.approx(20.0)
    assert low.figures["value"].value == pytest.approx(2.5)
    assert (top.figures["nps"].value, low.figures["nps"].value) == (1.0, -1.0)
    assert top.figures["csat"].value == pytest.approx(9.5)
    assert top.value_share.value == pytest.approx(60 / 70)
    assert np.isnan(found["gold"].figures["value"].value)
    assert found["gold"].value_share.value == 0.0


def test_before_and_after_compares_the_same_customers() -> None:
    moved = [np.array([0, 1, 2, OUT]), np.array([1, 0, 1, 1])]
    before = [seen(money=[10.0, 5.0, 9.0, 100.0]), seen(money=[12.0, 3.0, 2.0, 8.0])]
    after = [seen(money=[14.0, 5.0, 1.0, 100.0]), seen(money=[12.0, 6.0, 2.0, 6.0])]
    up, stayed, down = before_and_after(moved, before, after, Draws(4, seed=1, draws=50))
    assert (up.direction, up.cases, up.customers) == ("up", 2, 2)
    assert up.before["value"].value == pytest.approx(6.5)
    assert up.after["value"].value == pytest.approx(10.0)
    assert up.difference["value"].value == pytest.approx(3.5)
    assert stayed.difference["value"].value == pytest.approx((5 + 12 + 2 + 6 - 5 - 12 - 2 - 8) / 4)
    assert (down.direction, down.difference["value"].value) == ("down", -8.0)
    assert np.isnan(down.difference["nps"].value)


def test_what_never_changes_has_no_difference_in_any_draw() -> None:
    same = [seen(money=[3.0, 8.0, 5.0], bought=[1.0, 0.0, 1.0])] * 2
    (_, stayed, _) = before_and_after([np.ones(3, np.int64)] * 2, same, same, Draws(3, seed=1, draws=50))
    for name in ("value", "repurchase"):
        found = stayed.difference[name]
        assert (found.value, found.low, found.high) == (0.0, 0.0, 0.0)


def test_a_direction_is_that_between_two_reviews_of_who_was_at_both() -> None:
    before, after = np.array([2, 2, 2, -1, 1]), np.array([1, 2, 3, 0, -1])
    assert directions(before, after).tolist() == [0, 1, 2, OUT, OUT]


def test_flows_count_everybody_at_the_last_review_once() -> None:
    first, last = np.array([0, 0, 3, -1, -1]), np.array([0, 1, 3, 2, -1])
    table = flows(first, last)
    assert table.sum() == 4
    assert (table[0, 0], table[0, 1], table[3, 3], table[4, 2]) == (1, 1, 1, 1)


def test_nobody_counts_twice_at_a_review() -> None:
    sums = Sums(2, 3)
    sums.add(np.array([0, 1, OUT]), seen(money=[1.0, 2.0, 4.0]))
    assert sums.counts() == [(1, 1, 0), (1, 1, 0)]
