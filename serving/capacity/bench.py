"""How long the optimum takes, beside a general solver on the same problem."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table
from scipy.optimize import linprog
from scipy.sparse import csr_array

from features.bench.report import table_of
from serving.bench.race import timed
from serving.capacity.limits import Limits
from serving.capacity.solution import Solution
from serving.capacity.solve import solve

Floats = NDArray[np.float64]

TIERS = 4
HOURS = (12.0, 6.0, 2.0, 0.5)  # of a customer of each tier
COSTS = (900.0, 400.0, 120.0, 20.0)
SHARES = (0.02, 0.04, 0.06)  # of customers with a seat, highest tier first
HOURS_EACH = 0.75  # per customer, all of them together
ANCHORED = 20_000  # customers that the general solver is asked about
GROUPS = 200


@dataclass(frozen=True)
class Lap:
    """One problem solved: by whom, in how many seconds, to which profit (of the general solver its bound) and gap."""

    problem: str
    solver: str
    customers: int
    groups: int
    seconds: float
    profit: float
    gap: float


def raced(customers: int, seed: int) -> list[Lap]:
    """Seats of fewer customers by HiGHS' interior point and by ours; then ours alone for all `customers`."""
    few = min(customers, ANCHORED)
    gains, groups = world(few, seed), 1
    solve(world(100, seed), Limits.of_everyone(_seats(100), HOURS, 100 * HOURS_EACH))
    laps = [_anchor(gains), _lap("seats", gains, 1, timed_hours=False)]
    gains, groups = world(customers, seed), min(GROUPS, customers)
    kinds = (("seats", False), ("seats and hours", True))
    return laps + [_lap(name, gains, count, timed_hours) for count in (1, groups) for name, timed_hours in kinds]


def world(customers: int, seed: int) -> Floats:
    """Gains (n, k) of customers whose value is lognormal and grows with each tier by a share of its own."""
    generator = np.random.default_rng(seed)
    value = generator.lognormal(6.0, 1.5, customers)
    effects = generator.uniform(0.0, 0.25, (customers, TIERS))
    above_floor = np.cumsum((value[:, None] * effects)[:, ::-1], axis=1)[:, ::-1]
    return np.subtract(above_floor, COSTS)


def table(laps: list[Lap]) -> Table:
    """All laps, for people to read."""
    shown = table_of("Tiers of greatest profit", "problem", "solver", "customers", "groups", "seconds", "profit", "gap")
    for lap in laps:
        figures = (
            f"{lap.customers:,}",
            f"{lap.groups:,}",
            f"{lap.seconds:.2f}",
            f"{lap.profit:,.2f}",
            f"{lap.gap:.1e}",
        )
        shown.add_row(lap.problem, lap.solver, *figures)
    return shown


def _lap(problem: str, gains: Floats, groups: int, timed_hours: bool) -> Lap:
    each = len(gains) // groups
    hours, capacity = (HOURS, [each * HOURS_EACH] * groups) if timed_hours else (None, None)
    limits = Limits.of_groups([_seats(each)] * groups, hours, capacity)
    codes = np.arange(len(gains)) % groups
    answers: list[Solution] = []
    seconds = timed(lambda: answers.append(solve(gains, limits, codes)))
    return Lap(problem, "tierwise", len(gains), groups, seconds, answers[0].profit, answers[0].gap)


def _anchor(gains: Floats) -> Lap:
    """The same seats as a linear programme: a variable for each customer and tier."""
    customers, places = len(gains), np.arange(gains.size)
    once = csr_array((np.ones(gains.size), (places // TIERS, places)))
    held = csr_array((np.ones(gains.size), (places % TIERS, places)))[: TIERS - 1]
    seats = np.array(_seats(customers)[:-1], dtype=np.float64)
    one: Any = {"A_ub": held, "b_ub": seats, "A_eq": once, "b_eq": np.ones(customers)}
    bounds: list[float] = []
    seconds = timed(lambda: bounds.append(linprog(-gains.ravel(), method="highs-ipm", **one).fun or 0.0))
    return Lap("seats", "HiGHS, interior point", customers, 1, seconds, -bounds[0], 0.0)


def _seats(customers: int) -> list[int | None]:
    return [*(int(share * customers) for share in SHARES), None]
