from types import SimpleNamespace

import numpy as np
import pytest

from evaluation.drivers import MOST_SHOWN, Driver, drivers, group_drivers
from evaluation.explained import Explained, explained
from features.catalog import CATALOG, NAMES
from features.groups import group_of
from training.explanation import Explanation

COUNT = MOST_SHOWN + 4
WHOM = {"lifetime_value": "everyone", "conversion": "prospects", "churn": "buyers"}


class Weighing:
    """A bundle whose contributions are the features themselves, times a weight each."""

    spec = SimpleNamespace(names=NAMES[:COUNT], feature=lambda name: CATALOG[NAMES.index(name)])

    def __init__(self, weights: np.ndarray) -> None:
        self.weights = weights

    def explain(self, features: np.ndarray) -> dict[str, Explanation]:
        shares = np.nan_to_num(features) * self.weights
        zero = np.zeros(len(features))
        told = Explanation(zero, shares, shares.sum(axis=1))
        return {"lifetime_value": told, "conversion": told, "churn": told.times(-1.0)}

    def buyers(self, features: np.ndarray) -> np.ndarray:
        return features[:, 0] > 0


@pytest.fixture(scope="module")
def seen() -> list[Explained]:
    values = np.random.default_rng(0).normal(size=(50, COUNT))
    values[::3, 1] = np.nan
    return list(explained(Weighing(np.linspace(1, -1, COUNT)), values, WHOM))


@pytest.fixture(scope="module")
def found(seen: list[Explained]) -> list[Driver]:
    return list(drivers(seen))


def test_drivers_are_ordered_by_size_target_by_target(found: list[Driver]) -> None:
    assert list(dict.fromkeys(driver.target for driver in found)) == ["lifetime_value", "conversion", "churn"]
    for target in ("lifetime_value", "conversion", "churn"):
        sizes = [driver.size for driver in found if driver.target == target]
        assert len(sizes) == MOST_SHOWN
        assert sizes == sorted(sizes, reverse=True)


def test_shares_are_of_all_features_together(found: list[Driver]) -> None:
    for driver in found:
        whole = sum(other.share for other in found if other.target == driver.target)
        assert 0 < driver.share < whole < 1


def test_a_high_value_raises_where_the_weight_is_positive(found: list[Driver]) -> None:
    weights = dict(zip(NAMES[:COUNT], np.linspace(1, -1, COUNT), strict=True))
    for driver in found:
        sign = -1 if driver.target == "churn" else 1
        assert driver.correlation == pytest.approx(sign * np.sign(weights[driver.feature]))
        assert driver.direction == ("raises" if driver.correlation > 0 else "lowers")


def test_a_feature_that_moves_nothing_is_no_driver() -> None:
    weights = np.zeros(COUNT)
    weights[2] = 1.0
    found = list(drivers(explained(Weighing(weights), np.ones((1, COUNT)), WHOM)))
    assert {driver.feature for driver in found} == {NAMES[2]}
    assert {driver.direction for driver in found} == {"varies"}


def test_the_groups_of_a_customer_add_up_to_all_contributions(seen: list[Explained]) -> None:
    for part in seen:
        moved = part.explanation.score - part.explanation.base_value
        assert part.by_group.sum(axis=1) == pytest.approx(moved)


def test_groups_are_ordered_by_size_and_their_shares_are_the_whole(seen: list[Explained]) -> None:
    found = list(group_drivers(seen))
    for target in ("lifetime_value", "conversion", "churn"):
        told = [group for group in found if group.target == target]
        assert [group.size for group in told] == sorted((group.size for group in told), reverse=True)
        assert sum(group.share for group in told) == pytest.approx(1.0)
        assert all(group.size > 0 for group in told)


def test_what_cancels_out_inside_a_group_does_not_count() -> None:
    names = [name for name in NAMES[:COUNT] if group_of(CATALOG[NAMES.index(name)]).name == "what_they_buy"]
    first, second = (NAMES.index(name) for name in names[:2])
    weights = np.zeros(COUNT)
    weights[first], weights[second] = 5.0, -5.0
    seen = list(explained(Weighing(weights), np.ones((3, COUNT)), WHOM))
    assert len({driver.feature for driver in drivers(seen)}) == 2
    assert list(group_drivers(seen)) == []


def test_each_target_is_explained_for_those_whom_it_is_asked_of(seen: list[Explained]) -> None:
    asked = {part.target: len(part.features) for part in seen}
    assert asked["lifetime_value"] == asked["conversion"] + asked["churn"] == 50
    bought = {part.target: (part.features[:, 0] > 0) for part in seen}
    assert bought["churn"].all()
    assert not bought["conversion"].any()


def test_a_target_that_nobody_is_asked_of_is_left_out() -> None:
    nobody_bought = explained(Weighing(np.ones(COUNT)), np.zeros((2, COUNT)), WHOM)
    assert [part.target for part in nobody_bought] == ["lifetime_value", "conversion"]
