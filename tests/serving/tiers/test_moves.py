"""The chances of the next review: what became of customers who stood alike."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.plan import Plan
from serving.tiers.ladder import TIERS
from serving.tiers.moves import LENT, PARTS, Moves

Columns = dict[str, np.ndarray]


def test_a_book_where_nobody_moves_says_so(planned: Callable[..., Plan]) -> None:
    columns = {"lifetime_value": np.arange(1.0, 401.0)}
    moves = planned("value_percentile", columns, then=columns).chances
    assert moves is not None
    for cell in range(len(TIERS) * PARTS):
        assert moves.chances(cell) == {TIERS[cell // PARTS]: pytest.approx(1.0)}


def test_who_stood_low_in_a_tier_and_fell_speaks_for_who_stands_there_now(planned: Callable[..., Plan]) -> None:
    now = np.arange(1.0, 1001.0)
    then = now.copy()
    then[480:500] = np.linspace(501.0, 519.0, 20)  # silver a review ago, bronze today
    plan = planned("value_percentile", {"lifetime_value": now}, then={"lifetime_value": then})
    assert plan.chances is not None
    low, high = ({"lifetime_value": np.array([value])} for value in (505.0, 790.0))
    cells = [int(plan.chances.cells(plan.rule, row, plan.rule.places(row))[0]) for row in (low, high)]
    told = [plan.chances.chances(cell) for cell in cells]
    assert told[0]["bronze"] > 0.3
    assert told[1]["bronze"] < 0.05
    assert told[1]["silver"] > 0.9


def test_a_small_cell_leans_on_its_whole_tier(planned: Callable[..., Plan]) -> None:
    plan = planned("value_percentile", {"lifetime_value": np.arange(1.0, 9.0)}, then={"lifetime_value": np.ones(8)})
    assert plan.chances is not None
    assert LENT > 0
    assert sum(plan.chances.chances(3 * PARTS).values()) == pytest.approx(1.0)


def test_a_book_that_nobody_knew_a_review_ago_has_no_chances(planned: Callable[..., Plan]) -> None:
    plan = planned("value_percentile", {"lifetime_value": np.arange(1.0, 9.0)})
    assert (plan.moves, plan.chances) == ({}, None)


@settings(deadline=None)
@given(st.integers(0, 10_000), st.sampled_from(["value_percentile", "rfm7", "expected_profit", "lifecycle"]))
def test_chances_add_up_to_one_for_everybody(
    planned: Callable[..., Plan], columns_of_many: Columns, seed: int, policy: str
) -> None:
    rng = np.random.default_rng(seed)
    then = {name: column * rng.uniform(0.5, 1.5, len(column)) for name, column in columns_of_many.items()}
    plan = planned(policy, columns_of_many, then=then)
    moves = plan.chances
    assert isinstance(moves, Moves)
    for cell in set(moves.cells(plan.rule, columns_of_many, plan.rule.places(columns_of_many)).tolist()):
        assert sum(moves.chances(cell).values()) == pytest.approx(1.0)
