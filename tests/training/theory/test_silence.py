import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from training.theory.formulas import outcomes, silence

scale = st.floats(1e-3, 1e5)
shape = st.floats(1e-3, 1e3)
laws = st.tuples(shape, scale, shape, scale)
purchases = st.integers(0, 5000).map(float)
moments = st.tuples(st.floats(0, 1000), st.floats(0, 1000)).map(sorted)


def ends(law, frequency, start, end):
    survived, left = outcomes(law, *(np.array([value]) for value in (frequency, start, end)))
    return float(survived[0]), float(left[0])


@given(laws, purchases, moments)
def test_both_ends_of_a_silence_are_probabilities(law, frequency, moments):
    survived, left = ends(law, frequency, *moments)
    assert 0 <= survived <= 1
    assert 0 <= left <= 1
    assert 0 < survived + left <= 1 + 1e-12


@pytest.mark.parametrize("law", [(0.5, 10.0, 0.6, 12.0), (0.5, 12.0, 0.6, 10.0), (3.0, 7.0, 2.0, 7.0)])
@pytest.mark.parametrize("frequency", [0.0, 1.0, 8.0])
def test_leaving_is_the_integral_it_says(law, frequency):
    r, alpha, s, beta = law
    u, v = 4.0, 30.0

    def density(y):
        stayed_silent = ((alpha + u) / (alpha + y)) ** (r + frequency)
        return stayed_silent * ((beta + u) / (beta + y)) ** s * s / (beta + y)

    assert ends(law, frequency, u, v)[1] == pytest.approx(quad(density, u, v, epsabs=0, epsrel=1e-11)[0], rel=1e-10)


@given(laws, purchases, moments, st.floats(0, 1))
def test_a_silence_in_two_parts_is_the_whole_silence(law, frequency, moments, cut):
    start, end = moments
    middle = start + cut * (end - start)
    survived, left = ends(law, frequency, start, end)
    r, alpha, s, beta = law
    survived_first, left_first = ends(law, frequency, start, middle)
    survived_rest, left_rest = ends((r, alpha, s, beta), frequency, middle, end)
    assert survived == pytest.approx(survived_first * survived_rest, rel=1e-9, abs=1e-280)
    assert left == pytest.approx(left_first + survived_first * left_rest, rel=1e-9, abs=1e-12)


def test_no_time_is_no_silence():
    assert ends((0.5, 10.0, 0.6, 12.0), 3.0, 8.0, 8.0) == (1.0, 0.0)


@given(laws, purchases, moments)
def test_the_parts_of_a_silence_add_up_to_it(law, frequency, moments):
    parts = silence(law, *(np.array([value]) for value in (frequency, *moments)))
    survived, left = ends(law, frequency, *moments)
    assert parts.survived[0] == survived
    assert parts.left.sum() == pytest.approx(left, rel=1e-12)
    assert ((parts.ends >= moments[0]) & (parts.ends <= moments[1] * (1 + 1e-9) + 1e-9)).all()
