from types import SimpleNamespace

import numpy as np
import pytest

from evaluation import drivers as measured
from evaluation.drivers import MOST_SHOWN, Driver, drivers
from features.catalog import CATALOG, NAMES
from training.explanation import Explanation

COUNT = MOST_SHOWN + 4
FEATURES = CATALOG[:COUNT]


class Explained:
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


@pytest.fixture
def found(monkeypatch, make_book, histories, at) -> list[Driver]:
    weights = np.linspace(1, -1, COUNT)
    values = np.random.default_rng(0).normal(size=(50, COUNT))
    values[::3, 1] = np.nan
    monkeypatch.setattr(measured, "build_features", lambda *_: [values])
    known = histories(make_book(), {f"c{i}": [at(1)] for i in range(50)})
    return list(drivers(known, int(known.time.max()) + 1, Explained(weights)))


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


def test_a_feature_that_moves_nothing_is_no_driver(monkeypatch, make_book, histories, at) -> None:
    monkeypatch.setattr(measured, "build_features", lambda *_: [np.ones((1, COUNT))])
    known = histories(make_book(), {"ann": [at(1)]})
    weights = np.zeros(COUNT)
    weights[2] = 1.0
    found = list(drivers(known, int(known.time.max()) + 1, Explained(weights)))
    assert {driver.feature for driver in found} == {NAMES[2]}
    assert {driver.direction for driver in found} == {"varies"}
