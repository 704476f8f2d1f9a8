import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.canvas import VARIABLES
from evaluation.plots import gain, gain_plot, money_plot, reliability_plot

GRID = np.linspace(0, 1, 11)
NAMES = {"tierwise": "Tierwise", "pareto_nbd": "Pareto/NBD", "persistence": "Persistence"}


def drawings() -> list[str]:
    rng = np.random.default_rng(0)
    chance = rng.uniform(size=200)
    money = rng.gamma(0.4, 50, 200) * (chance > 0.5)
    forecasts = {"tierwise": chance, "pareto_nbd": chance**2, "persistence": np.zeros(200)}
    happened = (rng.uniform(size=200) < chance).astype(float)
    return [
        gain_plot(money, forecasts, NAMES, "share of the money"),
        money_plot(money, chance * 50, "EUR"),
        reliability_plot(happened, forecasts, NAMES, "leaves"),
    ]


def test_the_gain_of_a_perfect_order_meets_the_largest_first() -> None:
    truth = np.array([1.0, 6.0, 3.0, 0.0, 0.0])
    assert gain(truth, truth, np.array([0, 0.2, 0.4, 0.6, 1])) == pytest.approx([0, 0.6, 0.9, 1, 1])


def test_customers_with_one_prediction_share_what_they_hold() -> None:
    assert gain(np.array([5.0, 0.0, 0.0, 5.0]), np.ones(4), GRID) == pytest.approx(GRID)


@given(st.lists(st.integers(0, 20), min_size=1, max_size=40), st.randoms())
def test_no_order_gains_more_than_the_true_one(amounts, random) -> None:
    truth = np.array(amounts, dtype=float)
    ours = gain(truth, np.array([random.random() for _ in amounts]), GRID)
    best = gain(truth, truth, GRID)
    assert np.isnan(best).all() if not truth.sum() else (ours <= best + 1e-12).all()


def test_plots_take_their_colours_from_the_page() -> None:
    for drawing in drawings():
        assert not re.findall("|".join(VARIABLES), drawing)
        assert set(re.findall(r"#[0-9a-f]{6}\b", drawing)) == set()
        assert "var(--mark)" in drawing


def test_plots_need_nothing_from_elsewhere() -> None:
    for drawing in drawings():
        assert drawing.startswith("<svg")
        assert "<style" not in drawing
        addresses = set(re.findall(r'https?://[^"]+', drawing))
        assert addresses <= {"http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"}


def test_plots_on_one_page_share_no_id() -> None:
    ids = [name for drawing in drawings() for name in re.findall(r' id="([^"]+)"', drawing)]
    assert len(ids) == len(set(ids))


def test_the_same_numbers_give_the_same_drawing() -> None:
    assert drawings() == drawings()


@pytest.mark.parametrize("money", [[0.0] * 5, [3.0], [-2.0, 5.0, 0.0]])
def test_sparse_and_negative_money_can_be_drawn(money: list[float]) -> None:
    assert money_plot(np.array(money), np.zeros(len(money)), "EUR").startswith("<svg")
