import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import gammaln, hyp2f1

from training.theory.pareto_nbd import BLOCK, ParetoNBD, _value_and_gradient

ROUNDING = 1e-11
"""Two horizons that are hardly apart may differ by the rounding of a chance next to 1: 1.0e-12 has been seen."""

CDNOW = ParetoNBD(0.553, 10.58, 0.606, 11.67)
HOMOGENEOUS = ParetoNBD(0.742, 10.56, 1352.0, 519374.0)
GROCER = ParetoNBD(1.4, 1.4, 0.3, 900.0)

models = st.builds(ParetoNBD, st.floats(1e-3, 1e3), st.floats(1e-3, 1e5), st.floats(1e-3, 1e3), st.floats(1e-3, 1e5))
times = st.floats(0, 5000)
histories = st.tuples(st.integers(0, 5000), times, times).map(
    lambda h: (float(h[0]), min(h[1:]) if h[0] else 0.0, max(h[1:]))
)
books = st.lists(histories, min_size=1, max_size=30).map(lambda rows: [np.array(c) for c in zip(*rows, strict=True)])


def simulate(model, customers, seed, age, horizon):
    """(frequency, recency, age, purchases in the horizon, alive at age), from the story itself."""
    rng = np.random.default_rng(seed)
    rate = rng.gamma(model.r, 1 / model.alpha, customers)
    life = rng.exponential(1 / rng.gamma(model.s, 1 / model.beta, customers))
    active = np.minimum(life, age)
    frequency = rng.poisson(rate * active).astype(float)
    latest = rng.random(customers) ** (1 / np.maximum(frequency, 1))
    recency = np.where(frequency > 0, active * latest, 0.0)
    future = rng.poisson(rate * np.clip(np.minimum(life, age + horizon) - age, 0, None))
    return frequency, recency, np.full(customers, float(age)), future, life > age


@pytest.fixture(scope="module")
def world():
    return simulate(CDNOW, 120_000, seed=7, age=35, horizon=39)


def groups(frequency, recency, age):
    """Customers alike enough to compare a mean with, zero repeats among them."""
    for low, high in ((0, 0), (1, 1), (2, 3), (4, 99)):
        bought = (frequency >= low) & (frequency <= high)
        for recent in (recency < age / 2, recency >= age / 2):
            if (bought & recent).any():
                yield bought & recent


def test_the_published_cdnow_parameters_are_reproduced(cdnow_sample):
    data = (cdnow_sample.frequency, cdnow_sample.recency, cdnow_sample.age)
    model = ParetoNBD.fit(*data)
    assert len(data[0]) == 2357
    assert (round(model.r, 3), round(model.alpha, 2), round(model.s, 3), round(model.beta, 2)) == (
        0.553,
        10.58,
        0.606,
        11.67,
    )
    assert model.log_likelihood(*data).sum() == pytest.approx(-9595.0, abs=0.05)


def test_all_of_cdnow_is_fitted_where_the_likelihood_is_flat(cdnow_master):
    data = (cdnow_master.frequency, cdnow_master.recency, cdnow_master.age)
    model = ParetoNBD.fit(*data)
    gradient = _value_and_gradient(model, *data)[:, 1:].sum(axis=0)
    assert len(data[0]) == 23570
    np.testing.assert_allclose(gradient * list(model.to_dict().values()) / len(data[0]), 0.0, atol=1e-7)


@pytest.mark.parametrize("model", [CDNOW, ParetoNBD(0.6, 4.0, 0.5, 9.0), ParetoNBD(3.0, 5.0, 2.0, 5.0)])
def test_the_likelihood_is_the_published_one(model):
    r, alpha, s, beta = model.r, model.alpha, model.s, model.beta
    x, t_x, T = np.array([0, 1, 2, 9.0]), np.array([0, 3, 30.43, 20]), np.array([38.9, 30, 38.86, 21])
    most, second = max(alpha, beta), (s + 1 if alpha >= beta else r + x)

    def part(moment):
        z = abs(alpha - beta) / (most + moment)
        return hyp2f1(r + s + x, second, r + s + x + 1, z) / (most + moment) ** (r + s + x)

    bracket = (alpha + T) ** -(r + x) * (beta + T) ** -s + s / (r + s + x) * (part(t_x) - part(T))
    expected = gammaln(r + x) - gammaln(r) + r * np.log(alpha) + s * np.log(beta) + np.log(bracket)
    np.testing.assert_allclose(model.log_likelihood(x, t_x, T), expected, rtol=1e-9)


# by adaptive quadrature in 40 digits: log likelihood, P(alive), expected purchases, P(no purchase)
IN_40_DIGITS = [
    (CDNOW, (0, 0, 38.857, 39), -0.520996560571119, 0.295328513490513, 0.107098198759633, 0.930704409751667),
    (CDNOW, (2, 30.43, 38.86, 39), -9.5542465534094, 0.86917148212026, 1.45507519926584, 0.408067685389896),
    (
        HOMOGENEOUS,
        (172, 70.5, 79, 26),
        -49.0500330556012,
        2.63346717013786e-5,
        0.00127694916605673,
        0.999973701022936,
    ),
    (
        GROCER,
        (4000, 103, 104, 13),
        10573.9535009597,
        3.47714225905813e-12,
        1.71276411375619e-9,
        0.999999999996523,
    ),
    (CDNOW, (4000, 20, 104, 13), 15485.6752624815, 0.0, 0.0, 1.0),
    (
        ParetoNBD(0.05, 0.2, 3.0, 0.01),
        (0, 0, 52, 520),
        -0.00119749849515585,
        5.38799867557715e-12,
        1.33100120898281e-13,
        0.999999999999912,
    ),
    (
        ParetoNBD(2.0, 50.0, 1.0, 0.5),
        (7, 3, 60, 10),
        -19.9128876177574,
        0.000157107966166912,
        0.000118961878090251,
        0.999920176260672,
    ),
]


@pytest.mark.parametrize(("model", "history", "log_likelihood", "alive", "purchases", "silent"), IN_40_DIGITS)
def test_every_quantity_is_right_to_eleven_digits(model, history, log_likelihood, alive, purchases, silent):
    *past, horizon = history
    assert model.log_likelihood(*past)[0] == pytest.approx(log_likelihood, rel=1e-11)
    assert model.probability_alive(*past)[0] == pytest.approx(alive, rel=1e-11)
    assert model.expected_purchases(*past, horizon)[0] == pytest.approx(purchases, rel=1e-11)
    assert model.probability_no_purchase(*past, horizon)[0] == pytest.approx(silent, rel=1e-11)


@pytest.mark.parametrize("model", [CDNOW, HOMOGENEOUS, GROCER, ParetoNBD(0.6, 4.0, 0.5, 9.0)])
def test_the_gradient_is_the_slope_of_the_likelihood(model):
    x, t_x, T = (
        np.array([0, 1, 2, 9, 400.0]),
        np.array([0, 3, 30.0, 20, 50]),
        np.array([38.9, 30, 38.9, 20, 52]),
    )
    gradient = _value_and_gradient(model, x, t_x, T)[:, 1:]
    for column, (name, value) in enumerate(model.to_dict().items()):
        step = value * 1e-5
        up, down = (
            ParetoNBD.from_dict({**model.to_dict(), name: value + way * step}).log_likelihood(x, t_x, T)
            for way in (1, -1)
        )
        np.testing.assert_allclose(gradient[:, column] * value, (up - down) / 2e-5, rtol=1e-5, atol=1e-5)


def test_expected_purchases_agree_with_simulated_customers(world):
    *past, future, _ = world
    expected = CDNOW.expected_purchases(*past, 39.0)
    for rows in groups(*past):
        error = (future[rows] - expected[rows]).std() / np.sqrt(rows.sum())
        assert abs(future[rows].mean() - expected[rows].mean()) < 4 * error


def test_the_probability_of_no_purchase_agrees_with_simulated_customers(world):
    *past, future, _ = world
    silent = CDNOW.probability_no_purchase(*past, 39.0)
    for rows in groups(*past):
        error = np.sqrt((silent[rows] * (1 - silent[rows])).mean() / rows.sum())
        assert abs((future[rows] == 0).mean() - silent[rows].mean()) < 4 * error


def test_the_probability_alive_agrees_with_simulated_customers(world):
    *past, _, alive = world
    expected = CDNOW.probability_alive(*past)
    for rows in groups(*past):
        error = np.sqrt((expected[rows] * (1 - expected[rows])).mean() / rows.sum())
        assert abs(alive[rows].mean() - expected[rows].mean()) < 4 * error


def test_a_fit_finds_the_law_that_made_the_customers():
    *past, _, _ = simulate(ParetoNBD(1.2, 6.0, 0.8, 15.0), 10_000, seed=3, age=80, horizon=1)
    model = ParetoNBD.fit(*past)
    assert model.r == pytest.approx(1.2, rel=0.05)
    assert model.r / model.alpha == pytest.approx(0.2, rel=0.03)
    assert model.s == pytest.approx(0.8, rel=0.1)
    assert model.beta == pytest.approx(15.0, rel=0.15)


@given(models, books, st.floats(0, 5000))
def test_one_customer_alone_gets_the_bytes_of_the_batch(model, book, horizon):
    for question in (model.expected_purchases, model.probability_no_purchase):
        batch = question(*book, horizon)
        alone = [question(*row, horizon) for row in zip(*book, strict=True)]
        assert batch.tobytes() == b"".join(answer.tobytes() for answer in alone)
    for question in (model.log_likelihood, model.probability_alive):
        batch = question(*book)
        assert batch.tobytes() == b"".join(question(*row).tobytes() for row in zip(*book, strict=True))


def test_the_bytes_do_not_depend_on_where_a_long_batch_is_cut():
    *past, _, _ = simulate(CDNOW, 2 * BLOCK + 3, seed=1, age=35, horizon=1)
    long = CDNOW.probability_no_purchase(*past, 39.0)
    short = CDNOW.probability_no_purchase(*(column[BLOCK - 2 : BLOCK + 2] for column in past), 39.0)
    assert long[BLOCK - 2 : BLOCK + 2].tobytes() == short.tobytes()


@given(models, histories, st.floats(0, 5000))
def test_every_answer_is_finite_and_in_its_range(model, history, horizon):
    assert np.isfinite(model.log_likelihood(*history)[0])
    assert 0 <= model.probability_alive(*history)[0] <= 1
    assert 0 <= model.probability_no_purchase(*history, horizon)[0] <= 1
    purchases = model.expected_purchases(*history, horizon)[0]
    assert np.isfinite(purchases)
    assert purchases >= 0


@given(models, histories, st.floats(0, 5000))
def test_more_purchases_are_expected_than_purchasers(model, history, horizon):
    purchasers = 1 - model.probability_no_purchase(*history, horizon)[0]
    assert model.expected_purchases(*history, horizon)[0] >= purchasers - 1e-9


@given(models, histories, times, times)
def test_a_longer_horizon_holds_more_purchases_and_less_silence(model, history, one, other):
    short, long = sorted((one, other))
    past = [np.repeat(value, 2) for value in history]
    fewer, more = model.expected_purchases(*past, [short, long])
    quieter, louder = model.probability_no_purchase(*past, [short, long])
    assert more >= fewer * (1 - ROUNDING)
    assert louder <= quieter * (1 + ROUNDING)


@given(models, histories)
def test_nothing_happens_in_no_time(model, history):
    assert model.expected_purchases(*history, 0.0)[0] == 0
    assert model.probability_no_purchase(*history, 0.0)[0] == 1


@given(models, st.integers(0, 5000), times)
def test_a_customer_seen_now_is_alive(model, frequency, age):
    assert model.probability_alive(frequency, age, age)[0] == 1


@given(models, histories, st.floats(0.1, 100))
def test_the_unit_of_time_does_not_matter(model, history, weeks):
    frequency, recency, age = history
    other = ParetoNBD(model.r, model.alpha * weeks, model.s, model.beta * weeks)
    ours = model.expected_purchases(frequency, recency, age, 39.0)
    theirs = other.expected_purchases(frequency, recency * weeks, age * weeks, 39.0 * weeks)
    np.testing.assert_allclose(theirs, ours, rtol=1e-6, atol=1e-200)


def test_a_shape_of_one_is_no_exception():
    nearby = [ParetoNBD(0.5, 10.0, s, 12.0).expected_purchases(3, 20, 30, 39)[0] for s in (1 - 1e-9, 1.0, 1 + 1e-9)]
    assert nearby == pytest.approx([nearby[1]] * 3, rel=1e-7)


def test_a_fit_is_deterministic_and_blind_to_the_order_of_customers(cdnow_sample):
    data = np.stack([cdnow_sample.frequency, cdnow_sample.recency, cdnow_sample.age])
    shuffled = np.random.default_rng(0).permutation(data.T).T
    assert ParetoNBD.fit(*data) == ParetoNBD.fit(*data) == ParetoNBD.fit(*shuffled)


DEGENERATE = {
    "nobody returned": ([0] * 300, [0] * 300, range(1, 301)),
    "five new customers": ([0] * 5, [0] * 5, [3, 5, 8, 9, 10]),
    "five customers": ([0, 2, 5, 1, 0], [0, 3, 9, 1, 0], [10, 10, 12, 9, 8]),
    "one customer": ([3], [5], [9]),
    "everybody just bought": ([3, 1, 8, 900], [5, 9, 1, 300], [5, 9, 1, 300]),
    "everybody left": ([5] * 100, [2] * 100, [100] * 100),
    "no time passed": ([0, 0, 0], [0, 0, 0], [0, 0, 0]),
    "purchases in no time": ([1, 4], [0, 0], [0, 0]),
    "heavy buyers": ([3000, 3100, 2900, 4000], [51.9, 52, 51.8, 52], [52, 52, 52, 52]),
    "all alike": ([2] * 50, [20] * 50, [30] * 50),
}


@pytest.mark.parametrize("book", DEGENERATE.values(), ids=DEGENERATE)
def test_a_book_that_teaches_little_still_gives_a_finite_model(book):
    x, t_x, T = (np.array(list(column), dtype=float) for column in book)
    model = ParetoNBD.fit(x, t_x, T)
    assert all(0 < value < np.inf for value in model.to_dict().values())
    assert np.isfinite(model.log_likelihood(x, t_x, T)).all()
    assert np.isfinite(model.expected_purchases(x, t_x, T, 39.0)).all()
    assert np.isfinite(model.probability_no_purchase(x, t_x, T, 39.0)).all()


def test_customers_who_never_lapse_are_all_alive():
    rng = np.random.default_rng(5)
    frequency = rng.poisson(rng.gamma(4.0, 0.25, 1000) * 52).astype(float)
    recency = 52 * rng.random(1000) ** (1 / np.maximum(frequency, 1)) * (frequency > 0)
    age = np.full(1000, 52.0)
    model = ParetoNBD.fit(frequency, recency, age)
    assert model.probability_alive(frequency, recency, age).mean() > 0.99
    assert model.expected_purchases(frequency, recency, age, 52.0).sum() == pytest.approx(frequency.sum(), rel=0.02)


def test_a_fit_refuses_impossible_histories():
    with pytest.raises(ValueError, match="recency <= age"):
        ParetoNBD.fit([1], [9], [5])


def test_saved_is_loaded():
    model = ParetoNBD(0.1 + 0.2, 10.577683412357525, 1e-300, 1e300)
    assert ParetoNBD.from_dict(json.loads(json.dumps(model.to_dict()))) == model
