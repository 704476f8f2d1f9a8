from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from training.ladder import Ladder, Rung, median_days, steps_between
from training.model import TargetModel

ROWS = 7
SHARES = st.floats(-40.0, 40.0)
RAW = st.floats(-12.0, 12.0)
HORIZONS = st.lists(st.integers(1, 730), min_size=1, max_size=6, unique=True)


@dataclass(frozen=True)
class Plain:
    """A model of given raw scores, stretched by a theory of its own."""

    target: str
    odds: np.ndarray
    trained_days: int
    pace: float = 0.5

    def raw(self, features: np.ndarray) -> np.ndarray:
        return self.odds[: len(features)]

    def stretch(self, features: np.ndarray, days: int) -> np.ndarray:
        sign = -1.0 if self.target == "churn" else 1.0
        return np.full(len(features), sign * self.pace * np.log(days / self.trained_days))


@st.composite
def ladders(draw: st.DrawFn, target: str) -> tuple[Ladder, Plain, list[int]]:
    """A ladder of any shares, its model, and the horizons asked, some of them without a rung."""
    trained, learnt, longest = draw(st.integers(1, 365)), draw(HORIZONS), draw(st.integers(1, 730))
    model = Plain(target, np.array(draw(st.lists(RAW, min_size=ROWS, max_size=ROWS))), trained, draw(st.floats(0, 3)))
    rungs = tuple(
        Rung(days, neighbour, None, draw(SHARES)) for days, neighbour in steps_between(trained, learnt, longest)
    )
    return Ladder(rungs), model, sorted({trained, *learnt, *draw(HORIZONS)})


def asked(ladder: Ladder, model: Plain | TargetModel, horizons: list[int]) -> np.ndarray:
    """What is said by horizon, shape (horizons, n)."""
    read = ladder.chances if model.target in {"churn", "conversion"} else ladder.money
    found = read(model, np.zeros((ROWS, 1)), horizons)
    assert list(found) == horizons
    return np.array(list(found.values()))


@given(case=ladders("lifetime_value"))
def test_money_never_falls_with_the_horizon(case: tuple[Ladder, Plain, list[int]]) -> None:
    money = asked(*case)
    assert (money >= 0).all()
    assert (np.diff(money, axis=0) >= -1e-9 * money[1:]).all()


@given(case=st.one_of(ladders("churn"), ladders("conversion")))
def test_chances_never_fall_with_the_horizon_and_are_chances(case: tuple[Ladder, Plain, list[int]]) -> None:
    chances = asked(*case)
    assert ((chances >= 0) & (chances <= 1)).all()
    assert (np.diff(chances, axis=0) >= -1e-12).all()


@given(case=ladders("conversion"))
def test_the_trained_horizon_is_the_models_own(case: tuple[Ladder, Plain, list[int]]) -> None:
    ladder, model, horizons = case
    chances = asked(ladder, model, horizons)
    assert (chances[horizons.index(model.trained_days)] == expit(model.odds)).all()


@given(case=ladders("churn"), more=HORIZONS)
def test_what_is_said_of_a_learnt_horizon_does_not_depend_on_what_else_is_asked(
    case: tuple[Ladder, Plain, list[int]], more: list[int]
) -> None:
    ladder, model, _ = case
    learnt = sorted({model.trained_days, *(rung.days for rung in ladder.rungs)})
    wider = sorted({*learnt, *more})
    kept = [wider.index(days) for days in learnt]
    assert (asked(ladder, model, wider)[kept] == asked(ladder, model, learnt)).all()


@given(trained=st.integers(1, 365), horizons=HORIZONS, longest=st.integers(1, 730))
def test_every_rung_starts_where_an_earlier_one_ended(trained: int, horizons: list[int], longest: int) -> None:
    known = {trained}
    for days, neighbour in steps_between(trained, horizons, longest):
        assert neighbour in known
        known.add(days)
    assert known - {trained} == {days for days in horizons if days < trained or trained < days <= longest}


@given(
    hazard=st.floats(1e-4, 0.5),
    horizons=st.lists(st.integers(1, 365), min_size=1, max_size=6, unique=True).map(sorted),
)
def test_the_median_of_a_constant_hazard_is_ln_2_over_it(hazard: float, horizons: list[int]) -> None:
    chances = {days: np.array([-np.expm1(-hazard * days)]) for days in horizons}
    if chances[horizons[-1]][0] > 1 - 1e-9:
        return
    wanted, (found,) = np.log(2) / hazard, median_days(chances, 730)
    assert np.isnan(found) if wanted > 730.001 else found == pytest.approx(wanted, rel=1e-6, nan_ok=wanted > 729.999)


@given(chances=st.lists(st.floats(0.0, 1.0), min_size=1, max_size=5).map(sorted))
def test_the_median_lies_before_the_first_horizon_that_is_likelier_than_not(chances: list[float]) -> None:
    days = [30 * (place + 1) for place in range(len(chances))]
    (found,) = median_days({day: np.array([chance]) for day, chance in zip(days, chances, strict=True)}, 730)
    for day, chance in zip(days, chances, strict=True):
        if chance > 0.5 + 1e-9:
            assert found <= day * (1 + 1e-9)
        elif chance < 0.5 - 1e-9:
            assert not found < day * (1 - 1e-9)


def test_nobody_who_never_will_is_given_a_day() -> None:
    none, nothing = np.zeros(2), np.full(2, np.nan)
    assert np.isnan(median_days({30: none, 60: none}, 730)).all()
    assert np.isnan(median_days({30: nothing, 60: nothing}, 730)).all()
