from functools import cache

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from training.trees.blend import blended
from training.trees.forest import Forest

ROWS, COLUMNS = 400, 4
OBJECTIVES = ("tweedie", "binary", "tweedie")
WEIGHTS = st.lists(st.floats(0.0, 3.0), min_size=len(OBJECTIVES), max_size=len(OBJECTIVES))


@cache
def features(seed: int = 1) -> np.ndarray:
    """Three numbers with holes and a category in the last column."""
    rng = np.random.default_rng(seed)
    table = rng.normal(size=(ROWS, COLUMNS))
    table[rng.random(table.shape) < 0.2] = np.nan
    table[:, 3] = rng.integers(0, 9, ROWS)
    return table


@cache
def a_booster(number: int, rounds: int = 12) -> lgb.Booster:
    rng = np.random.default_rng(number)
    table = features()
    signal = np.nan_to_num(table[:, 0]) + (table[:, 3] % (2 + number)) - np.isnan(table[:, 1])
    labels = (signal + rng.normal(size=ROWS) > 0).astype(float)
    chosen = {
        "objective": OBJECTIVES[number],
        "num_leaves": 7 + number,
        "verbosity": -1,
        "seed": number,
        "num_threads": 1,
        "min_data_per_group": 5,
        "boost_from_average": False,
    }
    data = lgb.Dataset(table, labels, categorical_feature=[3], free_raw_data=False)
    return lgb.train(chosen, data, num_boost_round=rounds)


def boosters() -> list[lgb.Booster]:
    return [a_booster(number) for number in range(len(OBJECTIVES))]


def test_the_forests_split_on_a_category_and_on_missing_values() -> None:
    text = a_booster(0).model_to_string()
    assert "num_cat=1" in text or "num_cat=2" in text
    assert "cat_threshold" in text


@settings(deadline=None, max_examples=30)
@given(weights=WEIGHTS, seed=st.integers(1, 20))
@example(weights=[0.0, 0.0, 0.0], seed=1)
@example(weights=[0.0, 1.0, 0.0], seed=1)
def test_a_blend_predicts_and_explains_as_the_weighted_sum(weights: list[float], seed: int) -> None:
    table = features(seed)
    forest = blended(boosters(), weights)
    one = lgb.Booster(model_str=forest.text)
    np.testing.assert_allclose(forest.predict(table), np.asarray(one.predict(table, raw_score=True)), rtol=0, atol=0)
    for options in ({"raw_score": True}, {"pred_contrib": True}):
        parts = [
            weight * np.asarray(part.predict(table, **options))
            for weight, part in zip(weights, boosters(), strict=True)
        ]
        np.testing.assert_allclose(np.asarray(one.predict(table, **options)), sum(parts), rtol=1e-9, atol=1e-12)


@settings(deadline=None, max_examples=20)
@given(weights=WEIGHTS)
@example(weights=[0.0, 0.0, 0.0])
@example(weights=[1 / 3, 1e-12, 0.1])
def test_a_blend_is_saved_and_loaded_to_the_last_letter(weights: list[float]) -> None:
    text = blended(boosters(), weights).text
    again = lgb.Booster(model_str=text)
    assert Forest(again.model_to_string()).text == again.model_to_string()
    assert np.array_equal(again.predict(features(), raw_score=True), Forest(text).predict(features()))


def test_weights_of_nothing_leave_no_tree() -> None:
    barren = blended(boosters(), [0.0] * len(OBJECTIVES))
    base, shares = barren.explain(features())
    assert "Tree=0" not in barren.text
    assert base == 0.0
    assert np.array_equal(barren.predict(features()), np.zeros(ROWS))
    assert np.array_equal(shares, np.zeros((ROWS, COLUMNS)))


def test_a_forest_of_stumps_that_found_no_split_is_blended_too() -> None:
    flat = lgb.train(
        {"objective": "binary", "verbosity": -1, "boost_from_average": False, "min_data_in_leaf": 300},
        lgb.Dataset(features(), np.tile([0.0, 1.0], ROWS // 2), free_raw_data=False),
        num_boost_round=2,
    )
    one = blended([flat, a_booster(0)], [0.5, 0.5])
    wanted = 0.5 * np.asarray(flat.predict(features(), raw_score=True)) + 0.5 * np.asarray(
        a_booster(0).predict(features(), raw_score=True)
    )
    np.testing.assert_allclose(one.predict(features()), wanted, rtol=1e-9, atol=1e-12)


def test_each_forest_needs_its_weight() -> None:
    with pytest.raises(ValueError, match="argument"):
        blended(boosters(), [1.0])
