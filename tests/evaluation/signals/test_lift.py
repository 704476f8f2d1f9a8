import numpy as np
import pytest

from evaluation.signals.lift import Compared, Shown, comparable_lift, compared, lift
from evaluation.signals.sample import Sample, samples


def whole(cases) -> Sample:
    return next(samples(cases, seed=0, draws=0))


def test_the_mantel_haenszel_ratio_is_the_ratio_of_the_only_stratum() -> None:
    asked, converted = np.array([10.0]), np.array([4.0])
    shown = Shown(np.arange(4), np.zeros(4, np.int64), np.array([True, True, True, False]))
    sample = Sample(np.ones(10), asked, converted)
    assert comparable_lift(sample, shown) == pytest.approx((3 / 4) / (1 / 6))
    assert lift(sample, shown) == pytest.approx((3 / 4) / (4 / 10))


def test_a_stratum_without_peers_does_not_count() -> None:
    asked, converted = np.array([10.0, 2.0]), np.array([4.0, 2.0])
    shown = Shown(np.arange(6), np.array([0, 0, 0, 0, 1, 1]), np.array([True, True, True, False, True, True]))
    sample = Sample(np.ones(12), asked, converted)
    assert comparable_lift(sample, shown) == pytest.approx((3 / 4) / (1 / 6))
    assert compared(sample, shown) == Compared(with_it=4, without_it=6, without_it_converted=1)


def test_a_ratio_to_nothing_is_undefined() -> None:
    nobody = Shown(np.arange(0), np.zeros(0, np.int64), np.zeros(0, np.bool_))
    sample = Sample(np.ones(10), np.array([10.0]), np.array([4.0]))
    assert np.isnan(lift(sample, nobody))
    assert np.isnan(comparable_lift(sample, nobody))


def test_a_customer_who_is_drawn_brings_all_cutoffs_along(make_cases) -> None:
    cases = make_cases(customers=50)
    for sample in samples(cases, seed=3, draws=5):
        by_cutoff = sample.weights.reshape(3, 50)
        assert (by_cutoff == by_cutoff[0]).all()
        assert by_cutoff[0].sum() == 50
        assert sample.asked.sum() == 150


def test_the_true_sample_weighs_everybody_once(make_cases) -> None:
    cases = make_cases(customers=50)
    assert (whole(cases).weights == 1).all()
    assert whole(cases).converted.sum() == cases.converted.sum()
