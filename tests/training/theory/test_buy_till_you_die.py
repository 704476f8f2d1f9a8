import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from training.theory.buy_till_you_die import BuyTillYouDie, Offset
from training.theory.gamma_gamma import GammaGamma
from training.theory.pareto_nbd import ParetoNBD

THEORY = BuyTillYouDie(
    ParetoNBD(0.55, 10.6, 0.61, 11.7), GammaGamma(6.25, 3.74, 15.44), (3.0, 40.0, 200.0, 30.0), 0.2, 0.9
)
ages = st.floats(0, 600)
customer = st.tuples(st.integers(1, 80).map(float), ages, ages, st.floats(0, 5000) | st.just(np.nan))
never_bought = st.just((0.0, np.nan, np.nan, np.nan))


@settings(deadline=None)
@given(
    rows=st.lists(customer | never_bought, min_size=1, max_size=6),
    target=st.sampled_from(["lifetime_value", "churn", "conversion"]),
    weight=st.sampled_from([1.0, 0.5]),
    trained=st.sampled_from([30, 91]),
)
def test_base_and_shares_add_up_to_the_offset(
    rows: list[tuple[float, ...]], target: str, weight: float, trained: int
) -> None:
    inputs = np.array(rows)
    offset = Offset(THEORY, target, weight, trained)
    base, shares = offset.explain(inputs, slope=0.9)
    np.testing.assert_allclose(base + shares.sum(axis=1), 0.9 * offset.trained(inputs), rtol=1e-9, atol=1e-9)
    base, shares = offset.explain_stretch(inputs, 40, 91)
    added = offset.stretch(inputs, 91) - offset.stretch(inputs, 40)
    np.testing.assert_allclose(base + shares.sum(axis=1), added, rtol=1e-9, atol=1e-9)


def test_the_reference_customer_has_no_shares() -> None:
    _, shares = Offset(THEORY, "lifetime_value", 1.0, 91).explain(np.array([THEORY.reference]))
    np.testing.assert_array_equal(shares, np.zeros((1, 4)))


def test_a_prospect_gets_the_prospects_answer() -> None:
    nobody = np.array([[0.0, np.nan, np.nan, np.nan]])
    assert np.exp(THEORY.log_value(nobody, 70)) == pytest.approx(2.0)
    assert 1 / (1 + np.exp(-THEORY.logit_churn(nobody, 70))) == pytest.approx(0.9)


def test_the_stretch_is_all_that_theory_adds_for_the_longer_horizon() -> None:
    inputs = np.array([[5.0, 10.0, 100.0, 40.0]])
    offset = Offset(THEORY, "lifetime_value", 0.5, 30)
    added = THEORY.log_value(inputs, 90) - THEORY.log_value(inputs, 30)
    np.testing.assert_allclose(offset.stretch(inputs, 90), added)


def test_conversion_is_the_opposite_of_churn() -> None:
    inputs = np.array([[5.0, 10.0, 100.0, 40.0]])
    churn, conversion = (Offset(THEORY, target, 1.0, 30).trained(inputs) for target in ("churn", "conversion"))
    np.testing.assert_array_equal(churn, -conversion)


def test_plain_data_and_back_is_the_same() -> None:
    assert BuyTillYouDie.from_dict(THEORY.to_dict()) == THEORY
