"""Predictions are LightGBM's to the last bit, contributions to 1e-9, whatever its trees look like."""

import itertools
import math
from functools import cache

import lightgbm as lgb
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.errors import BundleError
from training.trees import groups
from training.trees.forest import MANY_ROWS, Forest
from training.trees.text import CATEGORICAL, DEFAULT_LEFT, MISSING_NONE, Tree, trees_of

ROWS, COLUMNS, CATEGORIES = 600, 5, 40
KINDS = ("small", "deep", "zero_is_missing", "nothing_is_missing", "repeats")
SETTINGS: dict[str, dict[str, object]] = {
    "small": {"num_leaves": 6},
    "deep": {"num_leaves": 40, "max_depth": 9, "min_data_in_leaf": 2},
    "zero_is_missing": {"num_leaves": 12, "zero_as_missing": True},
    "nothing_is_missing": {"num_leaves": 12, "use_missing": False},
    "repeats": {"num_leaves": 31, "min_data_in_leaf": 2, "feature_fraction_bynode": 0.3},
}


def a_table(seed: int, rows: int = ROWS) -> np.ndarray:
    """Numbers with holes, zeros and ties, and a category of many levels in the last column."""
    rng = np.random.default_rng(seed)
    table = np.round(rng.normal(size=(rows, COLUMNS)), 1)
    table[rng.random(table.shape) < 0.15] = 0.0
    table[rng.random(table.shape) < 0.15] = np.nan
    table[:, -1] = rng.integers(0, CATEGORIES, rows)
    return table


@cache
def a_booster(kind: str) -> lgb.Booster:
    rng = np.random.default_rng(len(kind))
    table = a_table(1)
    signal = np.nan_to_num(table[:, 0] * table[:, 1]) + np.sin(table[:, -1]) - np.isnan(table[:, 2]) + table[:, 3] ** 2
    chosen = {
        "verbosity": -1,
        "seed": 3,
        "num_threads": 1,
        "min_data_per_group": 3,
        "cat_smooth": 1.0,
        **SETTINGS[kind],
    }
    labels = np.nan_to_num(signal) + rng.normal(size=ROWS)
    return lgb.train(chosen, lgb.Dataset(table, labels, categorical_feature=[COLUMNS - 1]), num_boost_round=12)


@cache
def a_forest(kind: str) -> Forest:
    return Forest(a_booster(kind).model_to_string())


NUMBERS = st.one_of(
    st.floats(-4, 4),
    st.sampled_from([1.00000001e-35, 0.0, -0.0, np.nan, np.inf, -np.inf, 1e-36, -1e-36, 0.1, 5.0, 39.0, 40.0, -1.0]),
)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None, max_examples=60)
@given(rows=st.lists(st.lists(NUMBERS, min_size=COLUMNS, max_size=COLUMNS), min_size=1, max_size=12))
def test_any_row_is_predicted_and_explained_as_by_lightgbm(kind: str, rows: list[list[float]]) -> None:
    table = np.array(rows)
    raw = np.asarray(a_booster(kind).predict(table, raw_score=True))
    wanted = np.asarray(a_booster(kind).predict(table, pred_contrib=True))
    base, shares = a_forest(kind).explain(table)
    assert a_forest(kind).predict(table).tobytes() == raw.tobytes()
    np.testing.assert_allclose(shares, wanted[:, :-1], rtol=0, atol=1e-9)
    np.testing.assert_allclose(base, wanted[:, -1], rtol=1e-12)
    np.testing.assert_allclose(base + shares.sum(axis=1), raw, rtol=0, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_the_trees_have_what_they_are_to_be_read_with(kind: str) -> None:
    """Categories everywhere, and where the kind says so, missing zeros, repeated features, depth."""
    trees = list(trees_of(a_forest(kind).text))
    decisions = np.concatenate([tree.decision for tree in trees])
    assert (decisions & 1).any()
    assert ((decisions >> 2 == 1).any()) == (kind == "zero_is_missing")
    if kind == "deep":
        assert max(len(list(groups.groups_of(tree))) for tree in trees) > 4


@settings(deadline=None, max_examples=20)
@given(seed=st.integers(0, 99), rows=st.integers(1, 40), kind=st.sampled_from(KINDS))
def test_a_row_alone_has_the_same_bytes_as_among_others(seed: int, rows: int, kind: str) -> None:
    table = a_table(seed, rows)
    _, together = a_forest(kind).explain(table)
    for row in range(rows):
        assert a_forest(kind).explain(table[[row]])[1][0].tobytes() == together[row].tobytes()


def test_many_rows_are_shared_out_and_have_the_same_bytes() -> None:
    table = a_table(5, MANY_ROWS + 7)
    _, together = a_forest("repeats").explain(table)
    halves = [a_forest("repeats").explain(part)[1] for part in np.array_split(table, 5)]
    assert np.concatenate(halves).tobytes() == together.tobytes()
    assert a_forest("repeats").predict(table)[::500].tobytes() == a_forest("repeats").predict(table[::500]).tobytes()


def test_columns_that_do_not_lie_side_by_side_are_read_all_the_same() -> None:
    wide = np.repeat(a_table(2, 9), 2, axis=1)
    _, shares = a_forest("small").explain(wide[:, ::2])
    assert shares.tobytes() == a_forest("small").explain(a_table(2, 9))[1].tobytes()


@pytest.mark.parametrize("bits", [1, 3, 12])
def test_how_a_tree_is_cut_into_groups_changes_nothing(bits: int, monkeypatch: pytest.MonkeyPatch) -> None:
    table = a_table(8, 30)
    _, wanted = a_forest("deep").explain(table)
    monkeypatch.setattr(groups, "MOST_BITS", bits)
    _, shares = Forest(a_forest("deep").text).explain(table)
    np.testing.assert_allclose(shares, wanted, rtol=0, atol=1e-12)


def worth(tree: Tree, row: np.ndarray, coalition: tuple[int, ...], node: int = 0) -> float:
    """The tree's mean over its training rows, where the coalition's features alone decide which way to go."""
    if node < 0:
        return float(tree.value[-1 - node])
    ways = {True: int(tree.left[node]), False: int(tree.right[node])}
    if tree.feature[node] in coalition:
        return worth(tree, row, coalition, ways[_goes_left(tree, row, node)])
    shares = {left: groups.share_of(tree, node, left) for left in ways}
    return sum(share * worth(tree, row, coalition, ways[left]) for left, share in shares.items())


def _goes_left(tree: Tree, row: np.ndarray, node: int) -> bool:
    value = row[tree.feature[node]]
    if tree.decision[node] & CATEGORICAL:
        return int(value) in tree.categories[node]
    if np.isnan(value) and tree.decision[node] >> 2 != MISSING_NONE:
        return bool(tree.decision[node] & DEFAULT_LEFT)
    return bool(np.nan_to_num(value) <= tree.threshold[node])


@pytest.mark.parametrize("seed", range(4))
def test_contributions_are_shapley_values_by_their_definition(seed: int) -> None:
    forest, row = a_forest("small"), a_table(seed, 1)
    everybody, wanted = range(COLUMNS), np.zeros(COLUMNS)
    trees = list(trees_of(forest.text))
    assert sum(worth(tree, row[0], tuple(everybody)) for tree in trees) == pytest.approx(forest.predict(row)[0])
    for player, size in itertools.product(everybody, everybody):
        weight = math.factorial(size) * math.factorial(COLUMNS - size - 1) / math.factorial(COLUMNS)
        for others in itertools.combinations([other for other in everybody if other != player], size):
            for tree in trees:
                gained = worth(tree, row[0], (*others, player)) - worth(tree, row[0], others)
                wanted[player] += weight * gained
    np.testing.assert_allclose(forest.explain(row)[1][0], wanted, rtol=0, atol=1e-9)


def test_what_is_no_model_is_refused() -> None:
    with pytest.raises(BundleError, match="not LightGBM's text"):
        Forest("tree\nversion=v4\n").predict(a_table(1))


def test_linear_leaves_are_refused() -> None:
    text = a_forest("small").text.replace("is_linear=0", "is_linear=1")
    with pytest.raises(BundleError, match="linear leaves"):
        Forest(text).predict(a_table(1))


@pytest.mark.parametrize(
    ("line", "message"), [("left_child=", "a node that it does not have"), ("split_feature=", "a feature that it does")]
)
@pytest.mark.parametrize("number", ["0", "99", "-99"])
def test_a_tree_that_would_lead_the_walk_astray_is_refused(line: str, message: str, number: str) -> None:
    text = a_forest("small").text
    start = text.index(line) + len(line)
    end = text.index(" ", start)
    damaged = Forest(text[:start] + number + text[end:])
    if line == "split_feature=" and number == "0":
        damaged.predict(a_table(1))
        return
    with pytest.raises(BundleError, match=message):
        damaged.predict(a_table(1))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("leaf_value=", "leaf_value=nan "),
        ("num_leaves=", "num_leaves=9"),
        ("feature_names=", "names="),
        ("threshold=", "threshold=x "),
        ("\nTree=3\n", "\nTee=3\n"),
        ("internal_count=", "internal_count=0 "),
        ("num_tree_per_iteration=1", "num_tree_per_iteration=3"),
    ],
)
def test_a_damaged_text_is_refused_with_what_is_wrong(old: str, new: str) -> None:
    text = a_forest("small").text
    assert old in text
    with pytest.raises(BundleError, match=r"tree|model"):
        Forest(text.replace(old, new, 1)).predict(a_table(1))


def test_another_number_of_features_is_refused() -> None:
    with pytest.raises(BundleError, match="read 5 features, got 4"):
        a_forest("small").explain(a_table(1)[:, :4])


def test_a_tree_too_deep_for_a_table_is_refused_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(groups, "DEEPEST", 2)
    with pytest.raises(BundleError, match="max_depth"):
        Forest(a_forest("deep").text).explain(a_table(1))
