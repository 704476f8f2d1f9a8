import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from training.theory.gamma_gamma import GammaGamma

CDNOW = GammaGamma(6.25, 3.74, 15.44)

models = st.builds(GammaGamma, st.floats(1e-2, 1e4), st.floats(1e-2, 1e4), st.floats(0, 1e9))
counts = st.integers(0, 5000)
money = st.floats(0, 1e9)


def simulate(model, customers, seed):
    """(count, mean of that many purchases, the customer's true mean)."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.q, 1 / model.gamma, customers)
    count = rng.integers(1, 8, customers)
    return count, rng.gamma(model.p * count, 1 / rate) / count, model.p / rate


def test_the_published_cdnow_parameters_are_reproduced(cdnow_sample):
    model = GammaGamma.fit(cdnow_sample.frequency, cdnow_sample.spend)
    assert [round(value, 2) for value in model.to_dict().values()] == [6.25, 3.74, 15.44]
    repeated = cdnow_sample.frequency > 0
    likelihood = model.log_likelihood(cdnow_sample.frequency[repeated], cdnow_sample.spend[repeated])
    assert repeated.sum() == 946
    assert round(likelihood.sum(), 2) == -4055.92


def test_the_likelihood_is_a_density():
    total = quad(lambda z: np.exp(CDNOW.log_likelihood(3, z)), 0, 5000, points=[10, 30, 100, 500], limit=200)[0]
    assert total == pytest.approx(1, abs=1e-6)


def test_expected_spend_agrees_with_simulated_customers():
    count, mean, true = simulate(GammaGamma(6.0, 5.0, 15.0), 200_000, seed=4)
    expected = GammaGamma(6.0, 5.0, 15.0).expected_spend(count, mean)
    for n in range(1, 8):
        rows = count == n
        error = (true[rows] - expected[rows]).std() / np.sqrt(rows.sum())
        assert abs(true[rows].mean() - expected[rows].mean()) < 4 * error


def test_a_fit_finds_the_law_that_made_the_customers():
    count, mean, _ = simulate(GammaGamma(3.0, 4.0, 60.0), 20_000, seed=9)
    assert list(GammaGamma.fit(count, mean).to_dict().values()) == pytest.approx([3.0, 4.0, 60.0], rel=0.06)


def test_an_unknown_customer_gets_the_population_mean():
    assert CDNOW.expected_spend(0, 0) == pytest.approx(6.25 * 15.44 / 2.74)
    assert CDNOW.expected_spend(0, np.nan) == CDNOW.expected_spend(0, 1e6) == CDNOW.expected_spend(0, 0)


def test_a_much_observed_customer_gets_their_own_mean():
    assert CDNOW.expected_spend(100_000, 77.0) == pytest.approx(77.0, rel=1e-3)


@given(models, counts, money)
def test_expected_spend_is_finite_and_not_negative(model, count, mean):
    assert 0 <= model.expected_spend(count, mean) < np.inf


@given(models, counts, money, money)
def test_who_spent_more_is_expected_to_spend_more(model, count, one, other):
    low, high = sorted((one, other))
    assert model.expected_spend(count, low) <= model.expected_spend(count, high) * (1 + 1e-12)


@given(models, st.lists(st.tuples(counts, money), min_size=1, max_size=30))
def test_one_customer_alone_gets_the_bytes_of_the_batch(model, rows):
    count, mean = np.array(rows).T
    alone = [model.expected_spend([n], [z]) for n, z in rows]
    assert model.expected_spend(count, mean).tobytes() == b"".join(answer.tobytes() for answer in alone)


@pytest.mark.parametrize("q", [0.1, 0.9, 1.0, 1.05])
def test_a_tail_without_a_mean_gives_at_most_ten_harmonic_means(q):
    assert GammaGamma(2.0, q, 10.0).expected_spend(0, 0) == pytest.approx(10 * 2.0 * 10.0 / q)


def test_only_customers_with_a_purchase_of_positive_mean_are_fitted():
    count, mean, _ = simulate(CDNOW, 500, seed=1)
    padded = GammaGamma.fit(np.append(count, [0, 0, 3]), np.append(mean, [0.0, np.nan, 0.0]))
    assert padded == GammaGamma.fit(count, mean)


def test_a_fit_is_blind_to_the_order_of_customers():
    count, mean, _ = simulate(CDNOW, 500, seed=2)
    assert GammaGamma.fit(count[::-1], mean[::-1]) == GammaGamma.fit(count, mean)


def test_the_currency_does_not_matter():
    count, mean, _ = simulate(CDNOW, 2000, seed=3)
    euro, cent = GammaGamma.fit(count, mean), GammaGamma.fit(count, mean * 100)
    np.testing.assert_allclose(cent.expected_spend(count, mean * 100), euro.expected_spend(count, mean) * 100)


def test_where_nobody_spends_nothing_is_expected():
    for count, mean in (([], []), ([0, 0], [np.nan, 0]), ([1, 2], [0, 0])):
        assert GammaGamma.fit(count, mean).expected_spend(0, 0) == 0


DEGENERATE = {
    "all alike": ([3] * 50, [20.0] * 50),
    "one customer": ([1], [5.0]),
    "tiny money": ([4000, 1, 300], [1e-6, 2e-6, 1e-6]),
    "great money": ([2, 3], [1e12, 1e12 + 1]),
    "very unequal": ([5, 6, 1, 2], [1.0, 1e6, 3.0, 1e3]),
    "heavy tail": (range(1, 300), [1e-3 * 1.1**n for n in range(1, 300)]),
}


@pytest.mark.parametrize("book", DEGENERATE.values(), ids=DEGENERATE)
def test_a_book_that_teaches_little_still_gives_finite_spends(book):
    count, mean = (np.array(list(column), dtype=float) for column in book)
    model = GammaGamma.fit(count, mean)
    spends = model.expected_spend(np.append(count, 0), np.append(mean, 0))
    assert np.isfinite(spends).all()
    assert (spends > 0).all()
    assert spends[:-1].mean() == pytest.approx(mean.mean(), rel=1)


@pytest.mark.parametrize(
    ("count", "mean", "text"),
    [([1, 2], [3.0], "equal lengths"), ([1], [np.nan], "finite"), ([np.inf], [1], "finite")],
)
def test_impossible_spends_are_refused_in_words(count, mean, text):
    with pytest.raises(ValueError, match=text):
        GammaGamma.fit(count, mean)


def test_saved_is_loaded():
    model = GammaGamma(0.1 + 0.2, 3.744225489268243, 1e-300)
    assert GammaGamma.from_dict(json.loads(json.dumps(model.to_dict()))) == model
