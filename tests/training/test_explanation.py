import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from training.explanation import Explanation, constant

SHARES = st.lists(st.floats(-8.0, 8.0) | st.sampled_from([0.0, 1e-13, -1e-9, 25.0]), min_size=3, max_size=3)
LEVELS = st.floats(-14.0, 8.0)


def explained(base: float, shares: list[float]) -> Explanation:
    contributions = np.array([shares])
    start = np.array([base])
    return Explanation(start, contributions, start + contributions.sum(axis=1))


def adds_up(found: Explanation, score: float) -> None:
    np.testing.assert_allclose(found.score, [score], rtol=1e-12)
    assert found.residual()[0] < 1e-9


@given(LEVELS, SHARES)
def test_money_and_chances_are_their_base_and_contributions(base: float, shares: list[float]) -> None:
    link = explained(base, shares)
    raw = float(link.score[0])
    adds_up(link.exp(), np.exp(raw))
    adds_up(link.expit(), 1 / (1 + np.exp(-raw)))
    adds_up(link.times(-1.0).log_expit().log_complement().exp(), 1 / (1 + np.exp(-raw)))


@given(LEVELS, SHARES, LEVELS, SHARES)
def test_products_and_differences_are_explained_whole(
    base: float, shares: list[float], other: float, its: list[float]
) -> None:
    one, two = explained(base, shares), explained(other, its)
    product = one.exp().log().plus(two.expit().log()).exp()
    adds_up(product, float(one.exp().score[0] * two.expit().score[0]))
    difference = one.exp().less(two.exp())
    apart = difference.base_value + difference.contributions.sum(axis=1) - difference.score
    gross = max(np.abs(part).max() for part in (one.exp().contributions, one.exp().score, two.exp().contributions))
    assert abs(apart[0]) <= 1e-12 * max(gross, float(two.exp().score[0]), 1.0)
    assert difference.score[0] == one.exp().score[0] - two.exp().score[0]


@given(LEVELS, SHARES)
def test_signs_and_order_are_those_of_the_link(base: float, shares: list[float]) -> None:
    link = explained(base, shares)
    for found in (link.exp(), link.expit()):
        assert (found.contributions * link.contributions >= 0).all()
        assert (np.diff(found.contributions[0][np.argsort(shares)]) >= 0).all()


def test_a_score_at_its_base_is_told_by_the_slope() -> None:
    """The contributions cancel: their secant is the curve's derivative, 2 at log 2."""
    found = explained(np.log(2.0), [3.0, -3.0, 0.0]).exp()
    np.testing.assert_allclose(found.contributions, [[6.0, -6.0, 0.0]], rtol=1e-12)
    assert found.residual()[0] < 1e-15


@given(st.floats(-2e-4, 2e-4))
def test_near_the_base_secant_and_slope_agree(step: float) -> None:
    found = explained(0.3, [5.0, -5.0 + step, 0.0])
    for curved in (found.exp(), found.expit(), found.expit().log()):
        assert curved.residual()[0] < 1e-12


def test_what_is_cut_off_at_the_ends_of_a_scale_still_adds_up() -> None:
    found = explained(0.2, [0.5, 0.9, 0.0]).clipped(0.0, 1.0)
    adds_up(found, 1.0)
    assert constant(np.array([0.4]), np.zeros((1, 3))).clipped(0.0, 1.0).score == [0.4]


def test_the_residual_is_measured_in_the_largest_number_involved() -> None:
    off = Explanation(np.array([1.0]), np.array([[100.0, -100.0]]), np.array([2.0]))
    np.testing.assert_allclose(off.residual(), [0.01])


@given(st.floats(-600.0, -1e-12), st.floats(-600.0, -1e-12))
def test_a_chance_is_its_own_opposites_opposite_however_small(base: float, score: float) -> None:
    log_chance = Explanation(np.array([base]), np.array([[score - base]]), np.array([score]))
    back = log_chance.log_complement().log_complement()
    np.testing.assert_allclose(back.score, [score], rtol=1e-12)
    np.testing.assert_allclose(back.base_value, [base], rtol=1e-12)
    adds_up(back.exp(), np.exp(score))
