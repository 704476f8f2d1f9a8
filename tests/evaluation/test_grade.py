import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.grade import grade, high_value_found
from evaluation.predictions import SCHEMA

TRUTH = np.arange(1.0, 101.0)


def graded(ours: np.ndarray, rule: np.ndarray, target: str = "lifetime_value"):
    rows = [
        {
            "book": "shop",
            "customer_id": f"c{i}",
            "cutoff": "2024-07-19",
            "horizon_days": 60,
            "target": target,
            "model": model,
            "prediction": prediction,
            "low": None,
            "high": None,
            "label": truth,
        }
        for model, predictions in (("tierwise", ours), ("monthly_average", rule))
        for i, (prediction, truth) in enumerate(zip(predictions, TRUTH, strict=True))
    ]
    return grade(pl.DataFrame(rows, schema=SCHEMA), seed=0, draws=200)


def shuffled(customers: slice) -> np.ndarray:
    """The truth, but with some customers' predictions turned round."""
    prediction = TRUTH.copy()
    prediction[customers] = prediction[customers][::-1]
    return prediction


def test_a_perfect_order_finds_every_high_value_customer() -> None:
    assert high_value_found(TRUTH, TRUTH) == 1
    assert high_value_found(TRUTH, -TRUTH) == 0


def test_customers_tied_at_the_edge_count_by_their_chance() -> None:
    assert high_value_found(TRUTH, np.zeros(100)) == pytest.approx(0.2)
    half = np.where(TRUTH > 90, 2.0, np.where(TRUTH > 70, 1.0, 0.0))  # ten surely, ten of the next twenty
    assert high_value_found(TRUTH, half) == pytest.approx((10 + 10 * 0.5) / 20)


def test_who_brought_nothing_is_not_of_high_value() -> None:
    truth = np.array([0.0] * 95 + [5.0] * 5)
    assert high_value_found(truth, truth) == 1
    assert np.isnan(high_value_found(np.zeros(10), np.arange(10.0)))


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=60), st.randoms())
def test_the_share_found_is_a_share_and_blind_to_the_order_of_rows(values, random) -> None:
    truth, prediction = np.array(values), np.array([random.random() for _ in values])
    found = high_value_found(truth, prediction)
    assert np.isnan(found) or 0 <= found <= 1
    rows = np.random.default_rng(0).permutation(len(truth))
    assert high_value_found(truth[rows], prediction[rows]) == pytest.approx(found, nan_ok=True)


def test_a_is_clearly_more_than_the_rule_of_thumb() -> None:
    """A rule that knows nothing finds four of the twenty best."""
    result = graded(TRUTH, np.zeros(100))
    assert result is not None
    assert (result.grade, result.found) == ("A", 1)
    assert result.found_by_baseline == pytest.approx(0.2)
    assert result.more == pytest.approx(4)
    assert 0 < result.low < result.high


def test_b_is_no_fewer_and_c_is_fewer() -> None:
    same, worse = graded(TRUTH, TRUTH), graded(shuffled(slice(70, 100)), TRUTH)
    assert same is not None
    assert worse is not None
    assert (same.grade, same.more) == ("B", 0)
    assert (worse.grade, worse.more) == ("C", pytest.approx(-0.5))


def test_more_without_certainty_is_only_b() -> None:
    """One customer of twenty more: 5.3 %, but the interval reaches below 0."""
    result = graded(TRUTH, np.where(TRUTH == 81, 80.5, np.where(TRUTH == 80, 81.5, TRUTH)))
    assert result is not None
    assert result.more == pytest.approx(1 / 19)
    assert result.low <= 0
    assert result.grade == "B"


def test_there_is_no_grade_without_lifetime_value() -> None:
    assert graded(TRUTH, TRUTH, target="churn") is None
