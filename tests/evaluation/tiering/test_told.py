import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.reviews.draws import Draws
from evaluation.tiering.told import EVENTS, Told, reliability


def drawn(n: int, seed: int, *, honest: bool = True) -> Told:
    """Customers whose next tier is drawn by the chances that are told; or not by them at all."""
    rng = np.random.default_rng(seed)
    place = rng.integers(0, 4, n)
    chances = rng.dirichlet(np.ones(4) / 2, n)
    by = chances if honest else chances[:, ::-1]
    came = (rng.random(n)[:, None] > by.cumsum(axis=1)).sum(axis=1).clip(0, 3)
    return Told(np.arange(n) % 500, place, chances, came)


def test_perfect_probabilities_are_calibrated_and_better_than_everybody_stays() -> None:
    found = reliability(drawn(20_000, seed=1), Draws(500, seed=1, draws=50), 500)
    assert found is not None
    assert max(found.calibration.values()) < 0.02
    assert found.skill.low > 0.4
    assert found.skill.low < found.skill.value < found.skill.high


def test_chances_that_have_nothing_to_do_with_what_comes_are_found_out() -> None:
    found = reliability(drawn(20_000, seed=1, honest=False), Draws(500, seed=1, draws=50), 500)
    assert found is not None
    assert found.calibration["tiers"] > 0.1


def test_foresight_has_a_skill_of_one_and_saying_that_everybody_stays_one_of_nothing() -> None:
    base = drawn(200, seed=2)
    sure = Told(base.customer, base.place, np.eye(4)[base.came], base.came)
    stays = Told(base.customer, base.place, np.eye(4)[base.place], base.came)
    first, second = (reliability(each, Draws(500, seed=1, draws=20), 500) for each in (sure, stays))
    assert first is not None
    assert second is not None
    assert (first.skill.value, first.calibration["stays"]) == (1.0, 0.0)
    assert second.skill.value == 0.0
    assert first.stayed == second.stayed == float((base.came == base.place).mean())


def test_a_hand_made_case() -> None:
    found = Told(np.array([0, 1]), np.array([1, 1]), np.array([[0.2, 0.7, 0.1, 0.0]] * 2), np.array([0, 1]))
    assert found.chance("rises") == pytest.approx([0.2, 0.2])
    assert found.chance("falls") == pytest.approx([0.1, 0.1])
    assert found.happened("rises").tolist() == [1.0, 0.0]
    assert found.happened("stays").tolist() == [0.0, 1.0]
    measured = reliability(found, Draws(2, seed=1, draws=5), 2)
    assert measured is not None
    brier = (0.8**2 + 0.7**2 + 0.1**2) + (0.2**2 + 0.3**2 + 0.1**2)
    assert measured.skill.value == pytest.approx(1 - brier / 2.0)
    assert measured.calibration["stays"] == pytest.approx(0.2)


def test_where_nobody_was_told_anything_there_is_no_reliability() -> None:
    assert reliability(Told.joined([]), Draws(3, seed=1, draws=5), 3) is None


@given(st.integers(0, 10**6), st.integers(1, 60))
def test_rising_staying_and_falling_are_everything_that_can_happen(seed: int, n: int) -> None:
    found = drawn(n, seed)
    for told in (found.chance, found.happened):
        assert sum(told(event) for event in EVENTS) == pytest.approx(np.ones(n))
