"""What becomes of ranges and horizons on their way from the scores to the answer."""

import json
from dataclasses import replace

import numpy as np
import pytest

from data.histories.histories import Histories
from data.histories.inline import encode_customers
from serving.outlook import average_outlook, outlook
from serving.recommend import recommend
from serving.recommendation import Ahead, Recommendation, to_json
from training.bundle import Bundle, Scores

BEYOND = np.nan

SCORES = Scores(
    lifetime_value=np.array([120.0, 8.0]),
    conversion=np.array([0.6, 0.1]),
    churn=np.array([0.2, np.nan]),
    ranges={
        90: (np.array([-30.0, 0.0]), np.array([400.0, 50.0])),
        80: (np.array([10.0, 0.0]), np.array([300.0, 30.0])),
    },
    by_horizon={
        "lifetime_value": {60: np.array([120.0, 8.0]), 30: np.array([70.0, 3.0])},
        "conversion": {30: np.array([0.4, 0.05])},
        "churn": {30: np.array([0.4, np.nan]), 60: np.array([0.2, np.nan])},
    },
    days_to_conversion=np.array([41.5, BEYOND]),
)


class Foreseeing(Bundle):
    """A bundle that also gives ranges and horizons, of one customer each."""

    def predict(self, features: np.ndarray) -> Scores:
        seen = super().predict(features)
        value = seen.lifetime_value
        return replace(
            seen,
            ranges={90: (value / 4 - 1, value * 4), 80: (value / 2, value * 2)},
            by_horizon={"lifetime_value": {14: value / 2, 28: value}, "churn": {14: seen.churn, 28: seen.churn}},
            days_to_conversion=np.full(len(features), 12.0),
        )


@pytest.fixture(scope="module")
def foreseen(histories: Histories, cutoff: int, bundle: Bundle) -> list[Recommendation]:
    foreseeing = Foreseeing(**{name: getattr(bundle, name) for name in bundle.__dataclass_fields__})
    return recommend(histories, cutoff, foreseeing, plan=None)


def test_both_intervals_are_told_and_may_begin_below_zero(bundle: Bundle) -> None:
    money = outlook(SCORES, 0, bundle, ()).lifetime_value
    assert (money.low, money.low_80, money.value, money.high_80, money.high) == (-30.0, 10.0, 120.0, 300.0, 400.0)


def test_horizons_are_told_ascending(bundle: Bundle) -> None:
    seen = outlook(SCORES, 0, bundle, ())
    assert seen.lifetime_value.by_horizon == (Ahead(30, 70.0), Ahead(60, 120.0))
    assert [ahead.value for ahead in seen.churn.by_horizon] == [0.4, 0.2]
    assert seen.conversion.expected_days == 41.5


def test_what_makes_no_sense_for_a_prospect_is_null(bundle: Bundle) -> None:
    seen = outlook(SCORES, 1, bundle, ())
    assert seen.churn.value is None
    assert seen.churn.by_horizon == (Ahead(30, None), Ahead(60, None))
    assert seen.conversion.expected_days is None


def test_scores_without_ranges_give_none(bundle: Bundle) -> None:
    bare = Scores(SCORES.lifetime_value, SCORES.conversion, SCORES.churn)
    seen = outlook(bare, 0, bundle, ("order",))
    money = seen.lifetime_value
    assert (money.low, money.high, money.low_80, money.high_80) == (None, None, None, None)
    assert money.by_horizon == seen.conversion.by_horizon == seen.churn.by_horizon == ()
    assert seen.conversion.expected_days is None


def test_somebody_unknown_has_averages_without_ranges(bundle: Bundle) -> None:
    average = average_outlook(bundle, ("order",))
    assert average.lifetime_value.value == bundle.cold_start["lifetime_value"]
    assert average.lifetime_value.low is average.lifetime_value.high_80 is average.churn.value is None
    assert average.lifetime_value.by_horizon == ()


def test_answers_carry_them_as_plain_json(foreseen: list[Recommendation]) -> None:
    for answer in foreseen:
        plain = json.loads(to_json(answer.to_dict()))
        money = plain["lifetime_value"]
        assert money["low"] < money["low_80"] < money["value"] < money["high_80"] < money["high"]
        assert [ahead["horizon_days"] for ahead in money["by_horizon"]] == [14, 28]
        assert [ahead["value"] for ahead in plain["churn"]["by_horizon"]] == [plain["churn"]["value"]] * 2
        assert plain["conversion"]["expected_days"] == 12.0


def test_a_range_is_of_one_customer_in_a_block_too(
    histories: Histories, cutoff: int, bundle: Bundle, foreseen: list[Recommendation]
) -> None:
    foreseeing = Foreseeing(**{name: getattr(bundle, name) for name in bundle.__dataclass_fields__})
    (alone,) = recommend(histories.one(5), cutoff, foreseeing, plan=None)
    assert alone.to_dict() == foreseen[5].to_dict()


def test_a_stranger_has_no_range_beside_customers_who_have_one(book, cutoff: int, bundle: Bundle) -> None:
    foreseeing = Foreseeing(**{name: getattr(bundle, name) for name in bundle.__dataclass_fields__})
    (stranger,) = recommend(encode_customers([("stranger", [], {})], book), cutoff, foreseeing, plan=None)
    assert stranger.lifetime_value.low is stranger.lifetime_value.high is stranger.conversion.expected_days is None
