import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from training.calibration import start_of


@given(seed=st.integers(0, 100), shift=st.floats(-3, 3))
def test_the_start_gives_the_labels_mean(seed: int, shift: float) -> None:
    rng = np.random.default_rng(seed)
    offset = rng.normal(size=400) + shift
    money = rng.gamma(1.0, 50.0, size=400)
    assert np.exp(start_of(money, offset, "log") + offset).mean() == pytest.approx(money.mean())
    came = (rng.random(400) < 0.3).astype(float)
    start = start_of(came, offset, "logit")
    assert expit(start + offset).mean() == pytest.approx((came.sum() + 0.5) / 401, rel=1e-6)


def test_one_class_alone_still_gives_a_finite_start() -> None:
    assert np.isfinite(start_of(np.zeros(50), np.zeros(50), "logit"))
    assert np.isfinite(start_of(np.ones(50), np.zeros(50), "logit"))
    assert np.isfinite(start_of(np.zeros(50), np.zeros(50), "log"))
