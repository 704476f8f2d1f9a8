import math

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy.stats import spearmanr
from sklearn.metrics import brier_score_loss, mean_absolute_error, mean_squared_error, roc_auc_score

from training.metrics import (
    METRICS,
    auc,
    bias,
    bootstrap_interval,
    brier,
    decile_mape,
    expected_calibration_error,
    mae,
    normalized_gini,
    paired_bootstrap_interval,
    rmse,
    spearman,
)

RANKS = (normalized_gini, spearman, auc)
FUNCTIONS = [metric.function for metric in METRICS]

money = st.integers(0, 10_000).map(lambda cents: cents / 100)
labels = st.integers(0, 1).map(float)
scores = st.integers(0, 20).map(lambda score: score / 20)


def columns(*parts, min_size=2, max_size=60):
    rows = st.lists(st.tuples(*parts), min_size=min_size, max_size=max_size)
    return rows.map(lambda rows: [np.array(column) for column in zip(*rows, strict=True)])


def cumulative_gini(truth, order_by):
    """The definition: area between the curve of cumulative gains, tied truths averaged, and the diagonal."""
    order = np.argsort(-order_by, kind="stable")
    shared = np.array([truth[order_by == value].mean() for value in order_by[order]])
    gains = np.concatenate(([0.0], np.cumsum(shared))) / truth.sum()
    return ((gains[1:] + gains[:-1]) / 2).mean() - 0.5


def test_errors_by_hand():
    truth, prediction = [0, 10, 20], [3, 10, 16]
    assert mae(truth, prediction) == pytest.approx(7 / 3)
    assert rmse(truth, prediction) == pytest.approx(math.sqrt(25 / 3))
    assert bias(truth, prediction) == pytest.approx(29 / 30)


def test_normalized_gini_by_hand():
    assert normalized_gini([0, 0, 6], [1, 2, 3]) == pytest.approx(1)
    assert normalized_gini([0, 0, 6], [3, 2, 1]) == pytest.approx(-1)
    assert normalized_gini([0, 0, 6], [1, 3, 2]) == pytest.approx(0)
    assert normalized_gini([0, 0, 6], [1, 2, 2]) == pytest.approx(1 / 2)
    assert normalized_gini([0, 0, 6], [7, 7, 7]) == 0


def test_deciles_by_hand():
    prediction = np.repeat(np.arange(1.0, 11.0), 2)
    truth = prediction.copy()
    truth[:2] = 0.0
    truth[-2:] = [6.0, 10.0]
    value, left_out = decile_mape(truth, prediction)
    assert left_out == 1
    assert value == pytest.approx((10 - 8) / 8 / 9)


def test_tied_predictions_share_their_truth_across_the_edge_of_a_decile():
    prediction = np.repeat([1.0, 2.0], 10)
    truth = np.concatenate((np.arange(10.0), np.full(10, 2.0)))
    assert decile_mape(truth, prediction) == (pytest.approx(0.5 * 3.5 / 4.5), 0)


def test_a_negative_decile_counts_by_its_size():
    assert decile_mape(np.full(10, -2.0), np.full(10, 1.0)) == (pytest.approx(1.5), 0)


def test_calibration_by_hand():
    prediction = np.repeat(np.arange(0.05, 1.0, 0.1), 4)
    truth = np.tile([0.0, 0.0, 1.0, 1.0], 10)
    assert expected_calibration_error(truth, prediction) == pytest.approx(0.25)
    assert expected_calibration_error([1, 0, 0, 0], np.full(4, 0.25)) == pytest.approx(0)


def test_bins_of_unequal_count_weigh_what_they_hold():
    prediction = np.arange(11.0) / 11
    truth = prediction.copy()
    truth[-1] = prediction[-1] + 0.22
    assert expected_calibration_error(truth, prediction) == pytest.approx(0.22 / 11)


def test_probabilities_by_hand():
    assert auc([0, 0, 1, 1], [0.1, 0.4, 0.4, 0.9]) == pytest.approx(3.5 / 4)
    assert brier([0, 1], [0.2, 0.6]) == pytest.approx((0.04 + 0.16) / 2)


@given(columns(labels, scores))
def test_probability_metrics_agree_with_scikit_learn(rows):
    truth, prediction = rows
    assume(0 < truth.sum() < len(truth))
    assert auc(truth, prediction) == pytest.approx(roc_auc_score(truth, prediction))
    assert brier(truth, prediction) == pytest.approx(brier_score_loss(truth, prediction))


@given(columns(money, money))
def test_money_metrics_agree_with_scikit_learn_and_scipy(rows):
    truth, prediction = rows
    assert mae(truth, prediction) == pytest.approx(mean_absolute_error(truth, prediction))
    assert rmse(truth, prediction) == pytest.approx(math.sqrt(mean_squared_error(truth, prediction)))
    assume(np.ptp(truth) > 0 and np.ptp(prediction) > 0)
    assert spearman(truth, prediction) == pytest.approx(spearmanr(truth, prediction)[0], abs=1e-12)


@given(columns(money, st.integers(0, 8).map(float)))
def test_normalized_gini_is_the_area_it_says(rows):
    truth, prediction = rows
    assume(np.ptp(truth) > 0)
    expected = cumulative_gini(truth, prediction) / cumulative_gini(truth, truth)
    assert normalized_gini(truth, prediction) == pytest.approx(expected, abs=1e-9)


@given(columns(money))
def test_the_truth_predicts_itself_perfectly(rows):
    (truth,) = rows
    assume(np.ptp(truth) > 0)
    assert normalized_gini(truth, truth) == pytest.approx(1)
    assert spearman(truth, truth) == pytest.approx(1)
    assert mae(truth, truth) == rmse(truth, truth) == 0
    assert bias(truth, truth) == pytest.approx(1)
    assert decile_mape(truth, truth)[0] == pytest.approx(0)


@given(columns(money, money))
def test_no_order_beats_the_truths_own(rows):
    truth, prediction = rows
    assume(np.ptp(truth) > 0)
    assert -1 - 1e-12 <= normalized_gini(truth, prediction) <= 1 + 1e-12


@pytest.mark.parametrize("metric", RANKS)
@given(columns(labels, st.integers(-30, 30).map(float)))
def test_rank_metrics_see_only_the_order(metric, rows):
    truth, prediction = rows
    assume(0 < truth.sum() < len(truth))
    assume(np.ptp(prediction) > 0)
    assert metric(truth, np.exp(prediction / 3)) == metric(truth, prediction) == metric(truth, prediction**3)
    assert metric(truth, -prediction) == pytest.approx(
        1 - metric(truth, prediction) if metric is auc else -metric(truth, prediction)
    )


@pytest.mark.parametrize("metric", FUNCTIONS)
@given(columns(labels, scores, max_size=40), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(metric, rows, random):
    truth, prediction = rows
    shuffled = random.sample(range(len(truth)), len(truth))
    assert metric(truth[shuffled], prediction[shuffled]) == pytest.approx(metric(truth, prediction), nan_ok=True)


@pytest.mark.parametrize("metric", FUNCTIONS)
def test_what_is_not_defined_is_nan_without_a_warning(metric):
    assert math.isnan(metric([], []))
    assert math.isnan(metric([1, 0], [np.nan, 1]))
    assert math.isnan(metric([np.inf, 0], [0, 1]))


def test_one_class_no_money_and_no_variation_are_nan():
    ones, zeros, rising = np.ones(20), np.zeros(20), np.arange(20.0)
    assert math.isnan(auc(ones, rising))
    assert math.isnan(auc(zeros, rising))
    assert math.isnan(bias(zeros, rising))
    assert math.isnan(normalized_gini(zeros, rising))
    assert math.isnan(normalized_gini(ones, rising))
    assert math.isnan(spearman(rising, ones))
    assert math.isnan(spearman(zeros, rising))
    value, left_out = decile_mape(zeros, rising)
    assert math.isnan(value)
    assert left_out == 10
    assert expected_calibration_error(ones, ones) == 0


def test_one_customer_crashes_nothing():
    assert [metric([1.0], [0.5]) for metric in (mae, rmse, bias, brier)] == [0.5, 0.5, 0.5, 0.25]
    assert decile_mape([1.0], [0.5]) == (0.5, 0)
    assert expected_calibration_error([1.0], [0.5]) == 0.5
    assert all(math.isnan(metric([1.0], [0.5])) for metric in RANKS)


@pytest.mark.parametrize("metric", [*FUNCTIONS, decile_mape])
def test_unequal_lengths_are_refused(metric):
    with pytest.raises(ValueError, match="equally long"):
        metric([1, 2], [1])


def test_the_registry_names_every_metric_once_for_the_targets_it_judges():
    assert len({metric.name for metric in METRICS}) == len(METRICS)
    judged = {target: [m.name for m in METRICS if target in m.targets] for target in ("lifetime_value", "churn")}
    assert judged["lifetime_value"] == ["mae", "rmse", "bias", "spearman", "normalized_gini", "decile_mape"]
    assert judged["churn"] == ["auc", "brier", "expected_calibration_error"]
    assert {metric.better for metric in METRICS} == {"higher", "lower", "one"}


def a_book(customers, seed):
    rng = np.random.default_rng(seed)
    truth = rng.gamma(0.5, 20, customers)
    return truth, truth * rng.lognormal(0, 1, customers), truth * rng.lognormal(0, 2, customers)


def test_an_interval_is_seeded_and_holds_the_value():
    truth, prediction, _ = a_book(300, seed=0)
    interval = bootstrap_interval(normalized_gini, truth, prediction, seed=1)
    assert interval.low < interval.value < interval.high
    assert interval.value == normalized_gini(truth, prediction)
    assert interval == bootstrap_interval(normalized_gini, truth, prediction, seed=1)
    assert interval != bootstrap_interval(normalized_gini, truth, prediction, seed=2)


def test_an_interval_of_a_mean_has_the_textbook_width():
    truth = np.random.default_rng(3).normal(0, 1, 2000)
    value, low, high = bootstrap_interval(mae, np.zeros(2000), truth, seed=0, draws=6000)
    half = 1.96 * np.abs(truth).std() / math.sqrt(2000)
    assert (value - low, high - value) == pytest.approx((half, half), rel=0.06)


def test_a_paired_interval_is_narrower_than_two_apart():
    truth, better, worse = a_book(400, seed=1)
    paired = paired_bootstrap_interval(normalized_gini, truth, better, worse, seed=1)
    apart = [bootstrap_interval(normalized_gini, truth, p, seed=1) for p in (better, worse)]
    assert 0 < paired.low < paired.value < paired.high
    assert paired.high - paired.low < sum(one.high - one.low for one in apart)


def test_a_model_against_itself_differs_by_nothing():
    truth, prediction, _ = a_book(50, seed=2)
    assert paired_bootstrap_interval(rmse, truth, prediction, prediction, seed=0) == (0, 0, 0)


def test_draws_without_a_value_are_left_out_and_no_value_at_all_is_nan():
    rare = bootstrap_interval(auc, [1, 0, 0, 0], [0.9, 0.1, 0.2, 0.3], seed=0)
    assert (rare.low, rare.high) == (1, 1)
    for interval in (
        bootstrap_interval(auc, [], [], seed=0),
        bootstrap_interval(auc, [1, 1], [0, 1], seed=0),
    ):
        assert all(math.isnan(value) for value in interval)
