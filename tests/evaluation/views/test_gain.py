import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.views.gain import gain

GRID = np.linspace(0, 1, 11)


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
