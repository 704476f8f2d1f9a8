import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.signals.fading import fade, half_lives, reach_of


@given(st.floats(2, 80), st.sampled_from([-0.3, 0.05, 0.8]))
def test_a_pure_fade_is_recovered(half_life: float, start: float) -> None:
    count = np.full((1, 91), 40.0)
    excess = count * start * 2 ** (-(np.arange(91) + 0.5) / half_life)
    a, h = fade(excess, count)
    assert h[0] == pytest.approx(half_life, rel=0.02)
    assert a[0] == pytest.approx(start, rel=0.02)


def test_days_weigh_as_many_customers_as_they_have() -> None:
    count = np.full((1, 91), 40.0)
    excess = count * 0.4 * 2 ** (-(np.arange(91) + 0.5) / 10)
    count[0, 50], excess[0, 50] = 0.001, 1.0
    assert fade(excess, count)[1][0] == pytest.approx(10, rel=0.05)


def test_nobody_has_no_half_life() -> None:
    a, h = fade(np.zeros((2, 91)), np.zeros((2, 91)))
    assert np.isnan(a).all()
    assert np.isnan(h).all()


def test_half_lives_reach_from_a_day_to_the_reach() -> None:
    tried = half_lives(180)
    assert (tried[0], tried[-1]) == pytest.approx((1, 180))
    assert (tried[1:] / tried[:-1] <= 1.02).all()


@pytest.mark.parametrize(("days", "reach"), [(7, 91), (30, 180), (300, 365)])
def test_longer_windows_are_followed_longer(days: int, reach: int) -> None:
    assert reach_of(days) == reach
