import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.coverage import coverage
from serving.tiers.ladder import TIERS

AMOUNTS = st.lists(st.floats(0, 1e4), min_size=4, max_size=40)


def measured(replayed, draws: int = 40) -> dict:
    return {row.metric: row for row in coverage(replayed, seed=0, draws=draws)}


@settings(max_examples=25, deadline=None)
@given(AMOUNTS)
def test_an_interval_that_holds_everything_covers_all(make_replay, amounts) -> None:
    truth = np.array(amounts)
    nothing_missed = (np.full(len(truth), -1.0), np.full(len(truth), 1e5))
    found = measured(make_replay(truth[::-1], truth, ends={90: nothing_missed, 80: nothing_missed}))
    told = [row for name, row in found.items() if name.startswith("coverage")]
    assert told
    assert all((row.value, row.low, row.high) == (1.0, 1.0, 1.0) for row in told)


def test_an_interval_beside_what_came_covers_nobody(make_replay) -> None:
    truth = np.arange(1.0, 21.0)
    found = measured(make_replay(truth, truth, ends={90: (truth + 1, truth + 2)}))
    assert found["coverage_90"].value == 0.0
    assert found["width_90"].value == 1.0


def test_both_ends_belong_to_the_interval(make_replay) -> None:
    truth = np.arange(1.0, 21.0)
    assert measured(make_replay(truth, truth, ends={80: (truth, truth)}))["coverage_80"].value == 1.0


@settings(max_examples=25, deadline=None)
@given(AMOUNTS, st.integers(0, 9))
def test_tiers_and_thirds_hold_every_customer_once(make_replay, amounts, seed) -> None:
    truth = np.array(amounts)
    churn = np.random.default_rng(seed).uniform(size=len(truth))
    found = measured(make_replay(truth[::-1], truth, churn=churn, ends={90: (truth - 1, truth + 1)}))
    for groups in ([f"tier_{tier}" for tier in TIERS], ["buying_low", "buying_middle", "buying_high"]):
        counts = [found[name].n for group in groups if (name := f"coverage_90_{group}") in found]
        assert sum(counts) == found["coverage_90"].n == len(truth)
    thirds = [found[f"coverage_90_buying_{third}"].n for third in ("low", "middle", "high")]
    assert max(thirds) - min(thirds) <= 1


def test_groups_are_those_they_are_called(make_replay) -> None:
    """Intervals hold what came for the likely buyers and the best customers alone."""
    value, truth = np.arange(1.0, 31.0), np.repeat([0.0, 5.0], 15)
    high = np.where(value > 20, 10.0, -1.0)
    found = measured(make_replay(value, truth, churn=1 - value / 31, ends={90: (np.full(30, -2.0), high)}))
    assert found["coverage_90_buying_high"].value == 1.0
    assert found["coverage_90_buying_low"].value == 0.0
    assert found["coverage_90_tier_diamond"].value == 1.0
    assert found["coverage_90_tier_bronze"].value == 0.0
    assert (found["coverage_90_buyers"].n, found["coverage_90_buyers"].value) == (15, pytest.approx(10 / 15))


def test_an_interval_around_a_coverage_narrows_with_the_customers(make_replay) -> None:
    widths = []
    for n in (20, 2000):
        truth = np.arange(1.0, n + 1)
        high = np.where(np.arange(n) % 2, truth, truth - 1)
        row = measured(make_replay(truth, truth, ends={90: (truth - 2, high)}), draws=500)["coverage_90"]
        assert row.low <= row.value == 0.5 <= row.high
        widths.append(row.high - row.low)
    assert widths[1] < widths[0] / 5


def test_without_intervals_nothing_is_measured(make_replay) -> None:
    assert measured(make_replay(np.ones(5), np.ones(5))) == {}


def test_the_same_seed_gives_the_same_rows(make_replay) -> None:
    truth = np.arange(1.0, 21.0)
    replayed = make_replay(truth, truth, ends={90: (truth - 1, truth * 0.9 + 1)})
    assert list(coverage(replayed, 3)) == list(coverage(replayed, 3))
