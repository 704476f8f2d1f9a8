import math
from dataclasses import replace

import numpy as np
import pytest

from data.settings.signals import Signal
from evaluation.signals.cases import Cases
from evaluation.signals.figures import SignalWorth
from evaluation.signals.worth import worths

DRAWS = 100


def worth_of(signal: Signal, cases: Cases, seed: int = 11) -> SignalWorth:
    (worth,) = worths((signal,), cases, seed, DRAWS)
    return worth


def test_a_planted_lift_is_found_beyond_activity(month, make_cases) -> None:
    worth = worth_of(month, make_cases(ratio=1.6))
    assert worth.comparable_lift.low < 1.6 < worth.comparable_lift.high
    assert worth.lift.low > worth.comparable_lift.value
    assert worth.verdict == "works"


def test_what_lowers_is_told_from_what_works(month, make_cases) -> None:
    worth = worth_of(month, make_cases(ratio=0.5))
    assert worth.comparable_lift.low < 0.5 < worth.comparable_lift.high
    assert worth.verdict == "lowers"


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_activity_alone_is_no_lift(month, make_cases, seed: int) -> None:
    worth = worth_of(month, make_cases(seed=seed))
    assert worth.lift.low > 1.0
    assert worth.comparable_lift.low < 1.0 < worth.comparable_lift.high
    assert worth.verdict == "no_separable_lift"
    assert "nothing that could fade" in worth.half_life.reason


def test_a_separable_but_tiny_ratio_is_no_reason_to_act(month, make_cases) -> None:
    worth = worth_of(month, make_cases(customers=30_000, ratio=1.06))
    assert worth.comparable_lift.low > 1.0
    assert worth.verdict == "no_separable_lift"


@pytest.mark.parametrize("half_life", [12.0, 40.0])
def test_a_planted_half_life_is_found(month, make_cases, half_life: float) -> None:
    found = worth_of(month, make_cases(half_life=half_life)).half_life
    assert found.reason is None
    assert found.days.low < half_life < found.days.high
    assert found.days.high < 3 * half_life
    assert found.excess.low < 0.4 < found.excess.high
    assert [point.n for point in found.points] == pytest.approx([found.points[0].n] * 8, rel=0.1)


def test_a_lift_that_does_not_fade_has_no_half_life(month, make_cases) -> None:
    found = worth_of(month, make_cases(half_life=1e6)).half_life
    assert found.reason == "no end of the fading in sight within 180 days"
    assert math.isnan(found.days.value)
    assert len(found.points) == 8


def test_what_never_fired_says_so(month, make_cases) -> None:
    cases = make_cases()
    never = replace(cases, now=np.zeros_like(cases.now), age=np.full_like(cases.age, np.nan))
    worth = worth_of(month, never)
    assert (worth.verdict, worth.reason) == ("too_rare", "nobody showed it at a measured cutoff")
    assert math.isnan(worth.lift.value)
    assert worth.half_life.points == ()


def test_few_customers_give_no_interval_however_often_they_are_asked(month, make_cases) -> None:
    cases = make_cases(ratio=3.0)
    few = replace(cases, now=(cases.customer < 20)[None])
    worth = worth_of(month, few)
    assert worth.converts.shown > worth.converts.shown_customers
    assert f"{worth.converts.shown_customers} different customers showed it" in worth.reason
    assert worth.lift.value > 0
    assert math.isnan(worth.lift.low)
    assert math.isnan(worth.comparable_lift.value)


def test_whom_nobody_can_be_compared_with_is_not_judged(month, make_cases) -> None:
    cases = make_cases()
    worth = worth_of(month, replace(cases, now=(cases.stratum % 4 == 3)[None]))
    assert worth.converts.compared.with_it == 0
    assert worth.verdict == "too_rare"
    assert "were equally active; at least 30 of each are needed" in worth.reason


def test_what_nearly_everybody_shows_is_not_judged(month, make_cases) -> None:
    cases = make_cases()
    most = cases.customer >= 15
    worth = worth_of(month, replace(cases, now=most[None], converted=cases.converted & most))
    assert worth.converts.compared.without_it == 45
    assert "0 equally active cases without it converted" in worth.reason


def test_a_seed_gives_the_same_figures_and_another_seed_the_same_value(month, make_cases) -> None:
    cases = make_cases(ratio=1.6)
    first, again, other = (worth_of(month, cases, seed).comparable_lift for seed in (1, 1, 2))
    assert first == again
    assert first.value == other.value
    assert first.low != other.low
