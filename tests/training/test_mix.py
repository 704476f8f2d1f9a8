import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from training.boosting import losses
from training.mix import mix_of

TARGETS = st.sampled_from(["lifetime_value", "churn"])
PRIOR = np.array([0.25, 0.25, 0.5])


def a_case(target: str, seed: int, rows: int = 300) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Forecasts on the link scale (n, 3) that stray more and more, what came, and whose row it is."""
    rng = np.random.default_rng(seed)
    truth = rng.normal(0.0, 1.5, rows)
    links = truth[:, None] + rng.normal(size=(rows, 3)) * [0.3, 1.0, 2.0]
    if target == "churn":
        labels = (rng.random(rows) < 1 / (1 + np.exp(-truth))).astype(float)
    else:
        labels = np.exp(truth) * rng.gamma(1.0, 1.0, rows) * (rng.random(rows) < 0.7)
    return links, labels, rng.integers(0, rows // 3, rows)


@settings(deadline=None, max_examples=40)
@given(target=TARGETS, seed=st.integers(0, 10_000), rows=st.integers(5, 300))
def test_weights_are_shares(target: str, seed: int, rows: int) -> None:
    weights = mix_of(target, *a_case(target, seed, rows), PRIOR)
    assert (weights >= 0).all()
    np.testing.assert_allclose(weights.sum(), 1.0, rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=20)
@given(target=TARGETS, seed=st.integers(0, 10_000))
def test_forecasts_that_say_the_same_keep_the_prior(target: str, seed: int) -> None:
    links, labels, customers = a_case(target, seed)
    alike = np.repeat(links[:, :1], 3, axis=1)
    np.testing.assert_allclose(mix_of(target, alike, labels, customers, PRIOR), PRIOR, rtol=0, atol=1e-9)


@settings(deadline=None, max_examples=10)
@given(target=TARGETS, seed=st.integers(0, 10_000))
def test_a_forecast_that_is_surely_better_gets_the_weight(target: str, seed: int) -> None:
    rng = np.random.default_rng(seed)
    links, labels, customers = a_case(target, seed, 3000)
    links[:, 2] = rng.permutation(links[:, 2]) * 2.0
    weights = mix_of(target, links, labels, customers, np.array([0.1, 0.1, 0.8]))
    assert weights[2] < 0.2
    assert weights[0] > 0.4


@settings(deadline=None, max_examples=20)
@given(target=TARGETS, seed=st.integers(0, 10_000))
def test_the_order_of_rows_does_not_matter(target: str, seed: int) -> None:
    links, labels, customers = a_case(target, seed)
    order = np.random.default_rng(seed).permutation(len(labels))
    shuffled = mix_of(target, links[order], labels[order], customers[order], PRIOR)
    plain = mix_of(target, links, labels, customers, PRIOR)
    mixed = (losses(target, links @ weights, labels).mean() for weights in (shuffled, plain))
    np.testing.assert_allclose(*mixed, rtol=1e-6)
    np.testing.assert_allclose(shuffled, plain, rtol=0, atol=0.02)


def test_few_customers_are_not_believed_against_the_prior() -> None:
    links, labels, _ = a_case("churn", 3, 12)
    weights = mix_of("churn", links, labels, np.arange(12) // 6, PRIOR)
    assert np.abs(weights - PRIOR).max() < 0.5
