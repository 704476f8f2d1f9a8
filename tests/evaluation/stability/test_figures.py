import numpy as np
import pytest

from data.settings.tiers.profit import ExpectedProfit
from evaluation.reviews.draws import Draws
from evaluation.stability.figures import captured, captured_share, changed, follow_up
from evaluation.stability.motion import Changes
from evaluation.stability.room import beyond

MONEY = np.array([[100.0, 50.0, 10.0, np.nan], [80.0, 60.0, 20.0, 40.0], [np.nan] * 4])


def test_captured_is_what_diamond_and_gold_brought_where_it_is_known() -> None:
    ours = np.array([[0, 2, 3, -1], [0, 1, 2, 3], [3, 3, 0, 0]])
    memoryless = np.array([[0, 1, 3, -1], [0, 1, 2, 3], [0, 0, 3, 3]])
    found = captured(ours, memoryless, MONEY, Draws(4, seed=1, draws=50))
    assert found.reviews == 2
    assert found.ours.value == pytest.approx((100 + 80 + 60) / 360)
    assert found.memoryless.value == pytest.approx((100 + 50 + 80 + 60) / 360)
    assert found.lost.value == pytest.approx(1 - 240 / 290)
    assert captured_share(ours[0], MONEY[0]) == pytest.approx(100 / 160)
    assert np.isnan(captured_share(ours[2], MONEY[2]))


def test_the_same_tiers_lose_nothing_in_any_draw() -> None:
    table = np.array([[0, 2, 3, 1], [0, 1, 2, 3]])
    found = captured(table, table, np.array([[9.0, 5.0, 1.0, 3.0]] * 2), Draws(4, seed=1, draws=50))
    assert (found.lost.value, found.lost.low, found.lost.high) == (0.0, 0.0, 0.0)


def test_the_true_value_changes_by_a_factor_either_way() -> None:
    value = np.array([[10.0, np.nan, 8.0], [30.0, 8.0, 8.0], [60.0, 2.0, 0.0], [60.0, 2.0, 0.0]])
    changes = Changes(np.array([0, 1, 2]), np.array([2, 2, 2]), np.array([3, 1, 1]), np.array([1, 2, 3]))
    assert changed(value, changes)[:2].tolist() == [3.0, 4.0]
    assert changed(value, changes)[2] > 1e6


def test_changes_are_told_of_all_and_by_how_far_the_value_changed() -> None:
    oracle = np.array([[3, 3, 2], [1, 1, 2], [1, 1, 2], [1, 1, 2]])
    value = np.array([[10.0, 10.0, 10.0], [15.0, 90.0, 10.0], [15.0, 90.0, 10.0], [15.0, 90.0, 10.0]])
    still = np.full((4, 3), 3)
    rows = list(follow_up(oracle, value, {"ours": oracle, "memoryless": still}, seed=1))
    told = {(row.who, row.change): (row.n, row.share.value) for row in rows}
    assert told[("ours", "all")] == (2, 1.0)
    assert told[("memoryless", "all")] == (2, 0.0)
    assert [told[("ours", name)][0] for name in ("< 2×", "2–4×", "≥ 4×")] == [1, 0, 1]
    assert np.isnan(told[("ours", "2–4×")][1])


def test_customers_beyond_the_seats_of_their_tier_are_counted() -> None:
    everybody, nobody = np.zeros(40, np.int64), np.full(40, 3)
    groups = np.zeros(40, np.int64)
    assert beyond(ExpectedProfit(), 1, groups, everybody) == 38
    assert beyond(ExpectedProfit(), 1, groups, nobody) == 0
