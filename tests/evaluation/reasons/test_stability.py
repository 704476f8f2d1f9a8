from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evaluation.explained import Explained, explained, populations
from evaluation.reasons.pairs import pairs
from evaluation.reasons.stability import Stability, stabilities, stability
from features.build import build_features
from features.catalog import CATALOG, NAMES
from features.groups import GROUPS, group_of
from tests.training.world import CUTOFF, a_book, bundle, histories
from training.explanation import Explanation

SPEC = SimpleNamespace(names=NAMES, feature=lambda name: CATALOG[NAMES.index(name)])
AGREEING = ("same_group", "same_sign", "same_feature", "same_three", "group_cosine", "feature_cosine")


def of(contributions: np.ndarray, target: str = "lifetime_value") -> Explained:
    base = np.full(len(contributions), 3.0)
    told = Explanation(base, contributions, base + contributions.sum(axis=1))
    return Explained(target, SPEC, np.zeros_like(contributions), told)


def drawn(seed: int, customers: int = 40) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(customers, len(NAMES))) * rng.gamma(0.3, size=len(NAMES))


@pytest.fixture(scope="module")
def of_a_bundle() -> list[Explained]:
    return list(explained(bundle(), build_features(histories(), [CUTOFF], bundle().spec)[0], populations(a_book())))


def test_a_bundle_beside_itself_is_perfectly_stable(of_a_bundle: list[Explained]) -> None:
    found = list(stabilities(of_a_bundle, of_a_bundle, seed=0, draws=20))
    assert [seen.target for seen in found] == ["lifetime_value", "conversion", "churn"]
    for seen in found:
        for name in (*AGREEING, "group_order", "feature_order"):
            assert seen.estimates()[name].value == pytest.approx(1.0), name
            assert seen.estimates()[name].low == pytest.approx(1.0), name
        for name in ("moved", "median_move", "mean_move", "firmer", "closer"):
            assert seen.estimates()[name].value == pytest.approx(0.0, abs=1e-12), name


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.integers(0, 1000))
def test_shares_are_shares_and_lie_in_their_intervals(one: int, other: int) -> None:
    seen = stability(of(drawn(one)), of(drawn(other)), seed=1, draws=30)
    for name in ("same_group", "same_sign", "same_feature", "same_three", "moved"):
        estimate = seen.estimates()[name]
        assert 0.0 <= estimate.low <= estimate.value <= estimate.high <= 1.0, name
    assert seen.firmer.value == pytest.approx(seen.same_group.value - seen.same_feature.value)
    assert seen.closer.value == pytest.approx(seen.group_cosine.value - seen.feature_cosine.value)


@given(st.integers(0, 1000), st.floats(0.01, 100.0))
@settings(max_examples=10, deadline=None)
def test_the_same_reasons_on_another_scale_are_the_same_reasons(seed: int, factor: float) -> None:
    contributions = drawn(seed)
    seen = stability(of(contributions), of(contributions * factor), seed=1, draws=5)
    for name in (*AGREEING, "group_order", "feature_order"):
        assert seen.estimates()[name].value == pytest.approx(1.0), name


def test_reasons_that_are_turned_round_keep_their_places_but_not_their_signs() -> None:
    contributions = drawn(3)
    seen = stability(of(contributions), of(-contributions), seed=1, draws=5)
    assert seen.same_group.value == seen.same_feature.value == 1.0
    assert seen.same_sign.value == 0.0
    assert seen.group_cosine.value == pytest.approx(-1.0)
    assert seen.group_order.value == pytest.approx(1.0)


def test_weight_that_wanders_inside_a_group_leaves_the_groups_as_they_were() -> None:
    columns = [place for place, feature in enumerate(CATALOG) if group_of(feature) is GROUPS[0]]
    one, other = np.zeros((2, 30, len(NAMES)))
    one[:, columns[0]], other[:, columns[1]] = 5.0, 5.0
    seen = stability(of(one), of(other), seed=0, draws=5)
    assert (seen.same_group.value, seen.same_sign.value, seen.group_cosine.value) == (1.0, 1.0, 1.0)
    assert (seen.same_feature.value, seen.feature_cosine.value) == (0.0, 0.0)
    assert seen.closer.low > 0
    assert seen.moved.value == 0.0


def test_the_same_seed_draws_the_same_intervals() -> None:
    def told(seed: int) -> Stability:
        return stability(of(drawn(1)), of(drawn(2)), seed, draws=25)

    assert told(4) == told(4)
    assert told(4) != told(5)


def test_scores_that_move_by_more_than_a_tenth_are_counted() -> None:
    one, other = np.zeros((2, 4, len(NAMES)))
    other[:2, 0] = 0.6
    other[2, 0] = 0.2
    seen = stability(of(one), of(other), seed=0, draws=5)
    assert seen.moved.value == 0.5
    assert seen.mean_move.value == pytest.approx((0.6 + 0.6 + 0.2) / 4)


def test_a_target_that_one_model_lacks_is_left_out(of_a_bundle: list[Explained]) -> None:
    found = list(stabilities(of_a_bundle, of_a_bundle[:1], seed=0, draws=2))
    assert [seen.target for seen in found] == ["lifetime_value"]


def test_pairs_hold_everything_that_moves_either_model() -> None:
    one, other = np.zeros((2, 3, len(NAMES)))
    one[:, 0], other[:, 1] = 1.0, -2.0
    told = {(pair.name, pair.is_group): (pair.first, pair.second) for pair in pairs([of(one)], [of(other)])}
    assert told[NAMES[0], False] == (1.0, 0.0)
    assert told[NAMES[1], False] == (0.0, 2.0)
    assert sum(not is_group for _, is_group in told) == 2
