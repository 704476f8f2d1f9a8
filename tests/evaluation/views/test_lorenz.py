import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.views.lorenz import lorenz, top_share

MONEY = st.lists(st.floats(0, 1e6), min_size=1, max_size=60).filter(lambda money: sum(money) > 1e-3)


@given(MONEY)
def test_the_curve_runs_from_nobody_to_everybody(money) -> None:
    people, held = lorenz(np.array(money))
    assert (people[0], held[0]) == (0.0, 0.0)
    assert (people[-1], held[-1]) == (1.0, pytest.approx(1.0))


@given(MONEY)
def test_the_curve_is_convex_and_below_equality(money) -> None:
    people, held = lorenz(np.array(money))
    assert (np.diff(held, 2) >= -1e-9).all()
    assert (held <= people + 1e-9).all()


@given(MONEY, st.floats(0.01, 1e3), st.randoms())
def test_neither_order_nor_currency_matter(money, rate, random) -> None:
    shuffled = list(money)
    random.shuffle(shuffled)
    assert lorenz(np.array(shuffled) * rate)[1] == pytest.approx(lorenz(np.array(money))[1], abs=1e-9)


def test_returns_bend_it_below_zero_first() -> None:
    _, held = lorenz(np.array([-10.0, 20.0, 40.0]))
    assert held == pytest.approx([0.0, -0.2, 0.2, 1.0])


def test_without_money_there_is_no_curve() -> None:
    assert np.isnan(lorenz(np.zeros(3))[1]).all()


@pytest.mark.parametrize(("money", "share"), [([1.0] * 10, 0.2), ([0.0] * 8 + [50.0] * 2, 1.0)])
def test_the_top_fifth_holds_what_it_holds(money, share) -> None:
    assert top_share(np.array(money), 0.2) == pytest.approx(share)
