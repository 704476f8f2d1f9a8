import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.tiers import tier_views
from serving.tiers.ladder import TIERS

AMOUNTS = st.lists(st.floats(0.01, 1e4), min_size=3, max_size=60)


@settings(max_examples=40, deadline=None)
@given(AMOUNTS, st.randoms())
def test_tiers_partition_the_customers(make_replay, amounts, random) -> None:
    truth = np.array(amounts)
    value = np.array(random.sample(amounts, len(amounts)))
    found = list(tier_views(make_replay(value, truth)))
    assert sum(view.n for view in found) == len(truth)
    assert sum(view.share_predicted for view in found) == pytest.approx(1)
    assert sum(view.share_true for view in found) == pytest.approx(1)
    assert sum(view.n * view.true for view in found) == pytest.approx(truth.sum())
    assert sum(view.n * view.predicted for view in found) == pytest.approx(value.sum())


@settings(max_examples=40, deadline=None)
@given(AMOUNTS)
def test_tiers_descend_in_what_was_predicted(make_replay, amounts) -> None:
    found = list(tier_views(make_replay(np.array(amounts), np.ones(len(amounts)))))
    assert [view.tier for view in found] == [tier for tier in TIERS if tier in {view.tier for view in found}]
    predicted = [view.predicted for view in found]
    assert predicted == sorted(predicted, reverse=True)


def test_churn_is_that_of_the_tiers_own_customers(make_replay) -> None:
    value = np.arange(1.0, 21.0)
    silent = (value < 11) * 1.0
    found = {view.tier: view for view in tier_views(make_replay(value, value, churn=silent * 0.8, silent=silent))}
    assert (found["bronze"].churn_predicted, found["bronze"].churn_true) == (pytest.approx(0.8), 1.0)
    assert (found["diamond"].churn_predicted, found["diamond"].churn_true) == (0.0, 0.0)


def test_without_money_there_are_no_shares(make_replay) -> None:
    assert all(np.isnan(view.share_true) for view in tier_views(make_replay(np.arange(1.0, 9.0), np.zeros(8))))


def test_every_customer_has_the_tier_that_the_plan_gives(make_replay) -> None:
    tiers = make_replay(np.arange(1.0, 101.0), np.ones(100)).tiers
    assert [tiers[f"c{place:03}"] for place in (99, 89, 59, 0)] == list(TIERS)
