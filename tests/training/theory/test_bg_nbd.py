import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import beta as beta_function
from scipy.special import gammaln, hyp2f1

from training.theory.bg_nbd import BGNBD

CDNOW = BGNBD(0.243, 4.414, 0.793, 2.426)

models = st.builds(BGNBD, st.floats(0.01, 100), st.floats(0.01, 1e4), st.floats(0.01, 20), st.floats(0.01, 100))
times = st.floats(0, 1000)
histories = st.tuples(st.integers(0, 5000), times, times).map(
    lambda h: (float(h[0]), min(h[1:]) if h[0] else 0.0, max(h[1:]))
)
books = st.lists(histories, min_size=1, max_size=20).map(lambda rows: [np.array(c) for c in zip(*rows, strict=True)])


def simulate(model, customers, seed, age, horizon):
    """(frequency, recency, age, purchases in the horizon, alive at age), from the story itself."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.r, 1 / model.alpha, customers)
    leaving = rng.beta(model.a, model.b, customers)
    now, alive, alive_at_age = np.zeros(customers), np.full(customers, True), np.full(customers, True)
    frequency, recency, future = np.zeros(customers), np.zeros(customers), np.zeros(customers)
    while alive.any():
        now = now + rng.exponential(1 / rate)
        past, later = alive & (now <= age), alive & (now > age) & (now <= age + horizon)
        frequency, recency, future = frequency + past, np.where(past, now, recency), future + later
        leaves = rng.random(customers) < leaving
        alive_at_age &= ~(past & leaves)
        alive = (past | later) & ~leaves
    return frequency, recency, np.full(customers, float(age)), future, alive_at_age


@pytest.fixture(scope="module")
def world():
    return simulate(CDNOW, 80_000, seed=11, age=35, horizon=39)


def groups(frequency):
    return [(frequency >= low) & (frequency <= high) for low, high in ((0, 0), (1, 1), (2, 3), (4, 99))]


def test_the_published_cdnow_parameters_are_reproduced(cdnow_sample):
    data = (cdnow_sample.frequency, cdnow_sample.recency, cdnow_sample.age)
    model = BGNBD.fit(*data)
    assert [round(value, 3) for value in model.to_dict().values()] == [0.243, 4.414, 0.793, 2.426]
    assert round(model.log_likelihood(*data).sum(), 1) == -9582.4


def test_the_likelihood_is_the_published_one():
    r, alpha, a, b = CDNOW.to_dict().values()
    x, t_x, T = np.array([0, 1, 2, 9.0]), np.array([0, 3, 30.43, 20]), np.array([38.9, 30, 38.86, 21])
    stayed = beta_function(a, b + x) / beta_function(a, b) * (alpha + T) ** -(r + x)
    left = np.where(x > 0, beta_function(a + 1, b + x - 1) / beta_function(a, b) * (alpha + t_x) ** -(r + x), 0)
    expected = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + np.log(stayed + left)
    np.testing.assert_allclose(CDNOW.log_likelihood(x, t_x, T), expected, rtol=1e-12)


def test_expected_purchases_are_the_published_closed_form():
    r, alpha, a, b = CDNOW.to_dict().values()
    x, t_x, T, t = 2.0, 30.43, 38.86, 39.0
    series = hyp2f1(r + x, b + x, a + b + x - 1, t / (alpha + T + t))
    alive = 1 / (1 + a / (b + x - 1) * ((alpha + T) / (alpha + t_x)) ** (r + x))
    expected = (a + b + x - 1) / (a - 1) * (1 - ((alpha + T) / (alpha + T + t)) ** (r + x) * series) * alive
    assert expected == pytest.approx(1.226, abs=5e-4)
    assert CDNOW.expected_purchases(x, t_x, T, t)[0] == pytest.approx(expected, rel=1e-10)


def test_expected_purchases_agree_with_simulated_customers(world):
    *past, future, _ = world
    expected = CDNOW.expected_purchases(*past, 39.0)
    for rows in groups(past[0]):
        error = (future[rows] - expected[rows]).std() / np.sqrt(rows.sum())
        assert abs(future[rows].mean() - expected[rows].mean()) < 4 * error


def test_the_probability_alive_agrees_with_simulated_customers(world):
    *past, _, alive = world
    expected = CDNOW.probability_alive(*past)
    for rows in groups(past[0]):
        error = np.sqrt((expected[rows] * (1 - expected[rows])).mean() / rows.sum())
        assert abs(alive[rows].mean() - expected[rows].mean()) <= 4 * error


def test_a_fit_finds_the_law_that_made_the_customers():
    *past, _, _ = simulate(BGNBD(0.8, 5.0, 0.9, 3.0), 20_000, seed=2, age=60, horizon=1)
    model = BGNBD.fit(*past)
    assert list(model.to_dict().values()) == pytest.approx([0.8, 5.0, 0.9, 3.0], rel=0.12)


@given(models, books, st.floats(0, 1000))
def test_one_customer_alone_gets_the_bytes_of_the_batch(model, book, horizon):
    batch = model.expected_purchases(*book, horizon)
    assert batch.tobytes() == b"".join(
        model.expected_purchases(*row, horizon).tobytes() for row in zip(*book, strict=True)
    )
    batch = model.log_likelihood(*book)
    assert batch.tobytes() == b"".join(model.log_likelihood(*row).tobytes() for row in zip(*book, strict=True))


@given(histories, st.floats(0, 1000))
def test_every_answer_is_finite_and_in_its_range(history, horizon):
    assert np.isfinite(CDNOW.log_likelihood(*history)[0])
    assert 0 <= CDNOW.probability_alive(*history)[0] <= 1
    assert 0 <= CDNOW.expected_purchases(*history, horizon)[0] < np.inf


def test_a_customer_without_repeats_is_alive():
    assert CDNOW.probability_alive(0, 0, 500)[0] == 1


def test_a_of_one_is_no_exception():
    nearby = [BGNBD(0.5, 10.0, a, 2.0).expected_purchases(3, 20, 30, 39)[0] for a in (1 - 1e-9, 1.0, 1 + 1e-9)]
    assert nearby == pytest.approx([nearby[1]] * 3, rel=1e-7)


def test_a_fit_is_deterministic_and_blind_to_the_order_of_customers(cdnow_sample):
    data = np.stack([cdnow_sample.frequency, cdnow_sample.recency, cdnow_sample.age])
    shuffled = np.random.default_rng(0).permutation(data.T).T
    assert BGNBD.fit(*data) == BGNBD.fit(*data) == BGNBD.fit(*shuffled)


DEGENERATE = {
    "nobody returned": ([0] * 300, [0] * 300, range(1, 301)),
    "five customers": ([0, 2, 5, 1, 0], [0, 3, 9, 1, 0], [10, 10, 12, 9, 8]),
    "one customer": ([3], [5], [9]),
    "everybody left after one": ([1, 0] * 100, [2, 0] * 100, [100] * 200),
    "everybody just bought": ([3, 1, 8, 900], [5, 9, 1, 300], [5, 9, 1, 300]),
    "no time passed": ([0, 0, 0], [0, 0, 0], [0, 0, 0]),
    "heavy buyers": ([3000, 3100, 2900, 4000], [51.9, 52, 51.8, 52], [52, 52, 52, 52]),
}


@pytest.mark.parametrize("book", DEGENERATE.values(), ids=DEGENERATE)
def test_a_book_that_teaches_little_still_gives_a_finite_model(book):
    x, t_x, T = (np.array(list(column), dtype=float) for column in book)
    model = BGNBD.fit(x, t_x, T)
    assert all(0 < value < np.inf for value in model.to_dict().values())
    expected = model.expected_purchases(x, t_x, T, 39.0)
    assert np.isfinite(expected).all()
    assert (expected >= 0).all()


def test_saved_is_loaded():
    model = BGNBD(0.1 + 0.2, 4.413602155715187, 1e-300, 1e300)
    assert BGNBD.from_dict(json.loads(json.dumps(model.to_dict()))) == model
