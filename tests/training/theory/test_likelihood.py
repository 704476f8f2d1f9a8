import numpy as np
import pytest

from training.theory.likelihood import most_likely


def exponential(waits):
    """The log likelihood of waiting times by their rate, with its derivative."""
    return lambda rate: (
        float(len(waits) * np.log(rate[0]) - rate[0] * waits.sum()),
        len(waits) / rate - waits.sum(),
    )


def test_a_known_maximum_is_found():
    waits = np.random.default_rng(0).exponential(0.25, 5000)
    found = most_likely(exponential(waits), np.array([1.0]), 5000)
    assert found[0] == pytest.approx(1 / waits.mean(), rel=1e-6)


def test_a_handful_of_customers_stays_near_the_centre():
    waits = np.array([1e-6])
    alone = most_likely(exponential(waits), np.array([1.0]), 1)[0]
    many = most_likely(exponential(np.repeat(waits, 1000)), np.array([1.0]), 1000)[0]
    assert 1 < alone < 2
    assert many == pytest.approx(1e4)


def test_a_flat_likelihood_gives_the_centre():
    centre = np.array([0.5, 7.0])
    found = most_likely(lambda parameters: (0.0, np.zeros(2)), centre, 1_000_000)
    np.testing.assert_allclose(found, centre)


def test_no_parameter_exceeds_its_highest_value():
    waits = np.full(2000, 0.25)
    assert most_likely(exponential(waits), np.array([1.0]), 2000, highest=np.array([3.0]))[0] == pytest.approx(3.0)
