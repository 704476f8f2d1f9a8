from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.special import expit

from training.explanation import Explanation
from training.ladder import Ladder, Rung, steps_between
from training.road import ChanceRoad, MoneyRoad, Road

HORIZONS = st.lists(st.integers(1, 730), min_size=1, max_size=4, unique=True)


@dataclass(frozen=True)
class Linear:
    """A model whose raw score is the sum of its features, stretched alike for everybody."""

    target: str
    trained_days: int

    def raw(self, features: np.ndarray) -> np.ndarray:
        return np.asarray(features.sum(axis=1))

    def stretch(self, features: np.ndarray, days: int) -> np.ndarray:
        sign = -1.0 if self.target == "churn" else 1.0
        return np.full(len(features), sign * 0.7 * np.log(days / self.trained_days))

    def explain(self, features: np.ndarray) -> Explanation:
        return Explanation(np.zeros(len(features)), features.copy(), self.raw(features))

    def explain_longer(self, found: Explanation, features: np.ndarray, shorter: int, longer: int) -> Explanation:
        added = self.stretch(features, longer) - self.stretch(features, shorter)
        return Explanation(found.base_value + added, found.contributions, found.score + added)


@dataclass(frozen=True)
class Slanted(Rung):
    """A rung whose share leans on the first feature."""

    def share(self, features: np.ndarray) -> np.ndarray:
        return np.asarray(expit(self.start + features[:, 0]))

    def explain(self, features: np.ndarray) -> Explanation:
        leaning = features * np.array([1.0, 0.0])
        return Explanation(np.full(len(features), self.start), leaning, self.start + features[:, 0]).expit()


@st.composite
def roads(draw: st.DrawFn, target: str) -> Road:
    trained, learnt, longest = draw(st.integers(1, 365)), draw(HORIZONS), draw(st.integers(1, 730))
    rungs = tuple(
        Slanted(days, neighbour, None, draw(st.floats(-4, 4)))
        for days, neighbour in steps_between(trained, learnt, longest)
    )
    features = np.array(draw(st.lists(st.tuples(st.floats(-9, 9), st.floats(-3, 3)), min_size=1, max_size=4)))
    road = MoneyRoad if target == "lifetime_value" else ChanceRoad
    return road(Linear(target, trained), Ladder(rungs), features)  # type: ignore[arg-type]


@pytest.mark.parametrize("target", ["lifetime_value", "churn", "conversion"])
@settings(max_examples=300)
@given(data=st.data(), days=st.integers(1, 900))
def test_every_horizon_is_explained_to_the_score_that_the_ladder_tells(
    data: st.DataObject, target: str, days: int
) -> None:
    road = data.draw(roads(target))
    asked = road.ladder.money if target == "lifetime_value" else road.ladder.chances
    score = asked(road.model, road.features, [days])[days]
    if isinstance(road, ChanceRoad):
        np.testing.assert_allclose(road.without(days).score, 1.0 - score, rtol=1e-9, atol=1e-11)
        assert road.without(days).residual().max() < 1e-9
    found = road.chance(days) if isinstance(road, ChanceRoad) else road.at(days)
    np.testing.assert_allclose(found.score, score, rtol=1e-9, atol=1e-11)
    assert found.residual().max() < 1e-9
