"""The optimum against every assignment there is, and the laws it keeps."""

import itertools
import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from serving.capacity.limits import Limits
from serving.capacity.solution import Solution
from serving.capacity.solve import solve

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

EIGHTHS = st.integers(-400, 400).map(lambda eighths: eighths / 8)
FEW = st.integers(-2, 2).map(float)
ANY = st.floats(-1e4, 1e4, allow_subnormal=False)


@st.composite
def worlds(draw: st.DrawFn, most: int = 6, seats: bool = True, hours: bool = True) -> tuple[Floats, Limits, Ints]:
    """Gains of up to `most` customers, in up to three groups, limits, and groups."""
    tiers, groups = draw(st.integers(2, 4)), draw(st.integers(1, 3))
    customers = draw(st.integers(0, min(most, {2: 8, 3: 7, 4: 6}[tiers])))
    kind = draw(st.sampled_from([EIGHTHS, FEW, ANY]))
    rows = draw(st.lists(st.lists(kind, min_size=tiers, max_size=tiers), min_size=customers, max_size=customers))
    gains = np.array(rows, dtype=np.float64).reshape(customers, tiers)
    codes = np.array(draw(st.lists(st.integers(0, groups - 1), min_size=customers, max_size=customers)), dtype=np.int64)
    some = st.none() | st.integers(0, 4) if seats else st.none()
    held = [[*draw(st.tuples(*[some] * (tiers - 1))), None] for _ in range(groups)]
    if not hours:
        return gains, Limits.of_groups(held), codes
    taken = sorted(draw(st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0, 2.0, 3.7, 5.0]), min_size=tiers, max_size=tiers)))
    floor = np.bincount(codes, minlength=groups) * taken[0]
    spare = draw(st.lists(st.sampled_from([0.0, 0.3, 1.0, 2.0, 5.5, 8.0]), min_size=groups, max_size=groups))
    return gains, Limits.of_groups(held, taken[::-1], (floor + spare).tolist()), codes


def holds(places: Sequence[int] | Ints, limits: Limits, codes: Ints) -> bool:
    """Whether an assignment keeps every group's seats and hours."""
    for group in range(limits.groups):
        counts = np.bincount(np.asarray(places, dtype=np.int64)[codes == group], minlength=limits.tiers)
        capacity = limits.capacity_hours[group]
        if np.any(counts > limits.seats[group]) or counts @ limits.hours > capacity + 1e-9:
            return False
    return True


def best(gains: Floats, limits: Limits, codes: Ints) -> float:
    """The greatest profit of all assignments, group by group."""
    total = 0.0
    for group in range(limits.groups):
        own = gains[codes == group]
        alone = Limits(limits.seats[[group]], limits.hours, limits.capacity_hours[[group]])
        zeros = np.zeros(len(own), dtype=np.int64)
        everyone = np.arange(len(own))
        total += max(
            float(own[everyone, list(places)].sum())
            for places in itertools.product(range(limits.tiers), repeat=len(own))
            if holds(places, alone, zeros)
        )
    return total


def dual_bound(gains: Floats, limits: Limits, codes: Ints, solution: Solution) -> float:
    """What no assignment exceeds, by the prices of one seat more."""
    nets = gains - solution.worth.more[codes] - solution.worth.hour[codes, None] * limits.hours
    nets[~(limits.seats[codes] > 0)] = -np.inf
    timed = solution.worth.hour > 0
    seats = np.where(solution.worth.more > 0, solution.worth.more * limits.seats, 0.0)
    hours = float(solution.worth.hour[timed] @ limits.capacity_hours[timed])
    return float(nets.max(axis=1).sum() + np.where(limits.seats > 0, seats, 0.0).sum() + hours)


def near(value: float, gains: Floats) -> object:
    return pytest.approx(value, rel=1e-9, abs=1e-9 * max(1.0, float(np.abs(gains).max(initial=0.0))))


@settings(max_examples=150, deadline=None)
@given(worlds())
def test_no_assignment_brings_more(world: tuple[Floats, Limits, Ints]) -> None:
    solution = solve(*world)
    assert holds(solution.places, world[1], world[2])
    assert solution.profit == near(best(*world), world[0])
    assert solution.bound == near(solution.profit, world[0])
    assert solution.gap <= 1e-9


def test_no_assignment_brings_more_in_any_case_of_a_sweep() -> None:
    """Ties, zeros, negative gains, closed tiers and tight hours, side by side."""
    generator = np.random.default_rng(5)
    for tiers, kind, hours, draw in itertools.product((2, 3, 4), range(5), (False, True), range(4)):
        customers = int(generator.integers(1, 8 if tiers < 4 else 7))
        shape = (customers, tiers)
        gains = (
            np.zeros(shape),
            generator.integers(0, 3, shape).astype(float),
            -generator.uniform(0, 5, shape),
            np.tile(generator.integers(-3, 4, (1, tiers)).astype(float), (customers, 1)),
            generator.normal(0, 100, shape),
        )[kind]
        seats = [*([None, 0, 1, 2][int(pick)] for pick in generator.integers(0, 4, tiers - 1)), None]
        taken, spare = (5.0, 3.0, 1.0, 0.5)[4 - tiers :], (0.0, 1.0, 4.5, 9.0)[draw]
        limits = Limits.of_everyone(seats, *((taken, 0.5 * customers + spare) if hours else ()))
        zeros = np.zeros(customers, dtype=np.int64)
        solution = solve(gains, limits)
        assert holds(solution.places, limits, zeros)
        assert holds(solution.priced_places, limits, zeros)
        assert solution.profit == near(best(gains, limits, zeros), gains), (gains, limits)


@settings(max_examples=100, deadline=None)
@given(worlds(most=40, hours=False))
def test_seats_are_proved_optimal_by_their_prices(world: tuple[Floats, Limits, Ints]) -> None:
    solution = solve(*world)
    assert dual_bound(*world, solution) == near(solution.profit, world[0])
    assert np.all(solution.worth.more >= 0)
    assert np.all(solution.worth.less >= solution.worth.more)


@settings(max_examples=100, deadline=None)
@given(worlds())
def test_no_price_bounds_the_profit_below_the_optimum(world: tuple[Floats, Limits, Ints]) -> None:
    solution = solve(*world)
    assert dual_bound(*world, solution) >= solution.profit - 1e-9 * max(1.0, float(np.abs(world[0]).max(initial=0.0)))


@settings(max_examples=100, deadline=None)
@given(worlds(hours=False))
def test_one_seat_more_or_less_is_worth_its_price(world: tuple[Floats, Limits, Ints]) -> None:
    gains, limits, codes = world
    solution = solve(gains, limits, codes)
    for group, tier in itertools.product(range(limits.groups), range(limits.tiers - 1)):
        seats = int(limits.seats[group, tier])
        if seats < 100:
            more, less = limits.seats.copy(), limits.seats.copy()
            more[group, tier] += 1
            gained = solve(gains, Limits(more, limits.hours, limits.capacity_hours), codes).profit - solution.profit
            assert solution.worth.more[group, tier] == near(gained, gains)
            if seats:
                less[group, tier] -= 1
                lost = solution.profit - solve(gains, Limits(less, limits.hours, limits.capacity_hours), codes).profit
                assert solution.worth.less[group, tier] == near(lost, gains)


@settings(max_examples=100, deadline=None)
@given(worlds(most=40))
def test_seats_left_over_are_worth_nothing(world: tuple[Floats, Limits, Ints]) -> None:
    gains, limits, codes = world
    solution = solve(gains, limits, codes)
    for group in range(limits.groups):
        counts = np.bincount(solution.places[codes == group], minlength=limits.tiers)
        spare = (counts < limits.seats[group]) & (solution.worth.hour[group] == 0)
        assert not solution.worth.more[group][spare].any()
        assert not solution.worth.less[group][spare].any()


@settings(max_examples=80, deadline=None)
@given(worlds(), st.data())
def test_more_capacity_never_brings_less(world: tuple[Floats, Limits, Ints], data: st.DataObject) -> None:
    gains, limits, codes = world
    more = Limits(
        np.where(limits.seats < 100, limits.seats + data.draw(st.integers(0, 2)), limits.seats),
        limits.hours,
        limits.capacity_hours + data.draw(st.sampled_from([0.0, 0.5, 2.0])),
    )
    least = solve(gains, limits, codes).profit
    assert solve(gains, more, codes).profit >= least - 1e-9 * max(1.0, float(np.abs(gains).max(initial=0.0)))


@settings(max_examples=80, deadline=None)
@given(worlds(most=40), st.randoms(use_true_random=False))
def test_the_order_of_customers_does_not_matter(world: tuple[Floats, Limits, Ints], random: object) -> None:
    gains, limits, codes = world
    order = np.array(sorted(range(len(gains)), key=lambda _: random.random()), dtype=np.int64)  # type: ignore[attr-defined]
    one, other = solve(gains, limits, codes), solve(gains[order], limits, codes[order])
    assert (one.profit, one.bound) == (other.profit, other.bound)
    assert np.array_equal(one.prices.seats, other.prices.seats)
    assert np.array_equal(one.prices.hour, other.prices.hour)
    assert np.array_equal(one.priced_places[order], other.priced_places)

    def rows(solution: Solution, given: Floats, groups: Ints) -> list[list[float]]:
        return sorted(np.column_stack([given, groups, solution.places]).tolist())

    assert rows(one, gains, codes) == rows(other, gains[order], codes[order])


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("whole", [False, True])
def test_a_few_hundred_customers_come_out_as_from_a_general_solver(seed: int, whole: bool) -> None:
    generator = np.random.default_rng(seed)
    customers, hours = 150, np.array([12.0, 6.0, 2.0, 0.5])
    gains = generator.lognormal(3, 1, (customers, 1)) * np.sort(generator.uniform(0, 1, (customers, 4)))[:, ::-1]
    gains = np.rint(gains) if whole else gains
    seats = [[None] * 4, [5, 11, 30, None]][seed % 2]
    solution = solve(gains, Limits.of_everyone(seats, hours.tolist(), 260.3))
    assert solution.profit == pytest.approx(_general(gains, seats, hours, 260.3), rel=1e-7)
    assert solution.gap <= 1e-4


def _general(gains: Floats, seats: Sequence[int | None], hours: Floats, capacity: float) -> float:
    pairs = np.arange(gains.size)
    tiers = gains.shape[1]
    once = csr_array((np.ones(gains.size), (pairs // tiers, pairs)))
    held = csr_array((np.ones(gains.size), (pairs % tiers, pairs)))
    most = [len(gains) if seat is None else seat for seat in seats]
    rules = [
        LinearConstraint(once, 1, 1),
        LinearConstraint(held, 0, most),
        LinearConstraint(np.tile(hours, len(gains)), 0, capacity),
    ]
    solved = milp(-gains.ravel(), integrality=1, bounds=Bounds(0, 1), constraints=rules, options={"mip_rel_gap": 1e-9})
    return -float(solved.fun)


@pytest.mark.parametrize("tiers", [2, 4, 8])
@pytest.mark.parametrize("whole", [False, True])
def test_thousands_of_customers_are_proved_optimal(tiers: int, whole: bool) -> None:
    generator = np.random.default_rng(tiers)
    customers = 6_000
    gains = generator.lognormal(4, 1.5, (customers, 1)) * np.cumsum(generator.uniform(0, 1, (customers, tiers)), axis=1)
    gains = np.rint(gains[:, ::-1]) if whole else gains[:, ::-1]
    limits = Limits.of_everyone([*(100 * (tier + 1) for tier in range(tiers - 1)), None])
    solution = solve(gains, limits)
    zeros = np.zeros(customers, dtype=np.int64)
    assert holds(solution.places, limits, zeros)
    assert holds(solution.priced_places, limits, zeros)
    assert dual_bound(gains, limits, zeros, solution) == pytest.approx(solution.profit, rel=1e-12)
    if not whole:
        assert np.array_equal(solution.priced_places, solution.places)


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("seats", [[None] * 4, [60, 120, 700, None]])
def test_thousands_of_customers_fill_the_hours_to_a_proved_gap(whole: bool, seats: Sequence[int | None]) -> None:
    generator = np.random.default_rng(3)
    gains = generator.lognormal(4, 1.5, (4_000, 1)) * np.cumsum(generator.uniform(0, 1, (4_000, 4)), axis=1)[:, ::-1]
    gains, hours = (np.rint(gains) if whole else gains), (12.0, 6.0, 2.0, 0.5)
    limits, zeros = Limits.of_everyone(seats, hours, 5_000.7), np.zeros(4_000, dtype=np.int64)
    solution = solve(gains, limits)
    assert holds(solution.places, limits, zeros)
    assert holds(solution.priced_places, limits, zeros)
    assert 0 <= solution.gap <= 1e-6
    assert solution.bound <= dual_bound(gains, limits, zeros, solution) * (1 + 1e-12)
    assert solution.priced_gap <= 1e-2


def test_customers_of_equal_gains_fill_the_hours_none_the_less() -> None:
    solution = solve(np.tile([3.0, 2.0, 0.0], (5_000, 1)), Limits.of_everyone([None] * 3, (3.0, 1.0, 0.0), 4_000.0))
    assert solution.profit == 8_000
    assert solution.gap <= 1e-9
    assert solution.priced_profit == 0


def test_groups_are_solved_each_on_its_own() -> None:
    generator = np.random.default_rng(9)
    gains, codes = generator.normal(0, 10, (60, 3)), generator.integers(0, 3, 60)
    seats: list[list[int | None]] = [[2, 5, None], [0, 3, None], [None, 1, None]]
    hours, capacities = (4.0, 2.0, 1.0), [40.0, None, 30.0]
    together = solve(gains, Limits.of_groups(seats, hours, capacities), codes)
    for group in range(3):
        own = codes == group
        alone = solve(gains[own], Limits.of_everyone(seats[group], hours, capacities[group] or 1e6))
        assert np.array_equal(alone.places, together.places[own])
        assert np.array_equal(alone.prices.seats[0], together.prices.seats[group])
    assert together.profit == pytest.approx(math.fsum(gains[np.arange(60), together.places].tolist()))


def test_nobody_is_assigned_nothing() -> None:
    solution = solve(np.empty((0, 3)), Limits.of_everyone([1, 0, None]))
    assert (len(solution.places), solution.profit, solution.bound, solution.gap) == (0, 0, 0, 0)
