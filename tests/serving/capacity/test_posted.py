"""Prices assign, each customer alone, and what they assign keeps the limits."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from serving.capacity.errors import CapacityError
from serving.capacity.limits import Limits
from serving.capacity.prices import Prices, regret
from serving.capacity.solve import solve

Floats = NDArray[np.float64]

WHOLE = st.integers(-6, 6).map(float)
ANY = st.floats(-1e4, 1e4, allow_subnormal=False)


@st.composite
def problems(draw: st.DrawFn) -> tuple[Floats, Limits]:
    """Up to thirty customers, tied or not, with seats and hours or either."""
    tiers, customers = draw(st.integers(2, 5)), draw(st.integers(1, 30))
    row = st.lists(draw(st.sampled_from([WHOLE, ANY])), min_size=tiers, max_size=tiers)
    gains = np.array(draw(st.lists(row, min_size=customers, max_size=customers)))
    seats = [*draw(st.tuples(*[st.none() | st.integers(0, 8)] * (tiers - 1))), None]
    if draw(st.booleans()):
        return gains, Limits.of_everyone(seats)
    hours = sorted(draw(st.lists(st.integers(0, 12).map(lambda each: each / 10), min_size=tiers, max_size=tiers)))
    capacity = customers * hours[0] + draw(st.sampled_from([0.0, 0.7, 2.0, 6.1]))
    return gains, Limits.of_everyone(seats, hours[::-1], capacity)


@settings(max_examples=300, deadline=None)
@given(problems())
def test_places_by_prices_keep_every_limit(problem: tuple[Floats, Limits]) -> None:
    gains, limits = problem
    solution = solve(gains, limits)
    counts = np.bincount(solution.priced_places, minlength=limits.tiers)
    assert np.all(counts <= limits.seats[0])
    assert counts @ limits.hours <= limits.capacity_hours[0] + 1e-9
    assert np.array_equal(solution.prices.places(gains), solution.priced_places)
    assert solution.priced_profit <= solution.bound + 1e-9 * max(1.0, float(np.abs(gains).max()))
    assert np.all(solution.prices.seats >= 0)
    assert np.all(solution.prices.hour >= 0)


@pytest.mark.parametrize("tiers", [2, 3, 4, 5, 8])
@pytest.mark.parametrize("seed", range(12))
def test_without_ties_places_by_prices_are_the_optimum(tiers: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    gains = generator.normal(0, 50, (60, tiers))
    solution = solve(gains, Limits.of_everyone([*generator.integers(0, 9, tiers - 1).tolist(), None]))
    assert np.array_equal(solution.prices.places(gains), solution.places)
    assert solution.priced_gap == solution.gap


def test_two_customers_alike_do_not_share_one_seat() -> None:
    solution = solve(np.array([[10.0, 9.0, 0.0], [10.0, 9.0, 0.0]]), Limits.of_everyone([1, 1, None]))
    assert sorted(solution.places) == [0, 1]
    assert solution.profit == 19
    assert solution.priced_places.tolist() == [2, 2]


def test_gains_all_but_tied_are_placed_in_the_end() -> None:
    gains = np.array([[3e-9, 1e-9, -8e-9], [3e-9, 1e-9, -8e-9], [1e4, 0.0, 0.0]])
    solution = solve(gains, Limits.of_everyone([None, 1, None]))
    assert np.bincount(solution.priced_places, minlength=3)[1] <= 1


@settings(max_examples=200, deadline=None)
@given(problems(), st.data())
def test_raising_a_gain_over_the_next_lower_tier_never_lowers_the_place(
    problem: tuple[Floats, Limits], data: st.DataObject
) -> None:
    """Whole numbers of 2^-10, so that sums are exact."""
    gains, limits = np.rint(problem[0] * 1024) / 1024, problem[1]
    solved = solve(gains, limits).prices
    prices = Prices(np.rint(solved.seats * 1024) / 1024, np.rint(solved.hour), limits.hours, solved.open, solved.tie)
    tier = data.draw(st.integers(0, limits.tiers - 1))
    raised = gains.copy()
    raised[:, : tier + 1] += data.draw(st.integers(0, 4096)) / 1024
    assert np.all(prices.places(raised) <= prices.places(gains))


def test_a_closed_tier_is_open_to_nobody_however_much_they_gain() -> None:
    prices = solve(np.array([[5.0, 1.0], [3.0, 2.0]]), Limits.of_everyone([0, None])).prices
    assert prices.places(np.array([[1e9, 0.0]])).tolist() == [1]


def test_the_regret_is_what_the_neighbouring_tiers_lose_net_of_prices() -> None:
    gains = np.array([[9.0, 5.0, 0.0], [6.0, 4.0, 0.0], [1.0, 0.5, 0.0]])
    prices = solve(gains, Limits.of_everyone([1, 1, None])).prices
    nets = gains - prices.seats[0]
    lost = regret(gains, prices)
    assert np.isnan(lost.up[0])
    assert np.isnan(lost.down[2])
    assert lost.down[0] == nets[0, 0] - nets[0, 1]
    assert lost.up[1] == nets[1, 1] - nets[1, 0]
    assert np.all(lost.down[:2] > 0)
    assert np.all(lost.up[1:] > 0)


def test_the_regret_of_a_place_held_against_the_prices_is_negative() -> None:
    gains = np.array([[9.0, 0.0], [1.0, 0.0]])
    prices = solve(gains, Limits.of_everyone([1, None])).prices
    assert regret(gains, prices, places=np.array([1, 1])).up[0] < 0


def test_the_price_of_an_hour_is_the_smallest_that_fits() -> None:
    gains = np.array([[12.0, 0.0], [9.0, 0.0], [4.0, 0.0], [2.0, 0.0]])
    prices = solve(gains, Limits.of_everyone([None, None], (3.0, 1.0), 8.0)).prices
    assert prices.hour.tolist() == [2.0]
    assert prices.places(gains).tolist() == [0, 0, 1, 1]


def test_prices_ask_for_gains_of_their_own_tiers() -> None:
    prices = solve(np.array([[5.0, 1.0]]), Limits.of_everyone([1, None])).prices
    with pytest.raises(CapacityError, match=r"shape \(1, 3\).*each of the 2 tiers"):
        prices.places(np.zeros((1, 3)))
    with pytest.raises(CapacityError, match="cannot be priced"):
        prices.places(np.array([[np.nan, 1.0]]))
