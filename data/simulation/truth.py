"""What only evaluation reads: the expectations behind the lives, and what care is worth."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.simulation.chain import outlooks
from data.simulation.latent import TRIAL_ORDER
from data.simulation.names import Names
from data.simulation.trajectory import Trajectory
from data.simulation.world import HORIZONS, World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


def truth_table(world: World, life: Trajectory, names: Names) -> pl.DataFrame:
    """customer_id, cutoff, horizon_days, expected_value, conversion, churn; by cutoff, customer and horizon.

    For every customer in the records at the end of a month's last day: the exact expectation of the money of
    all orders in `(cutoff, cutoff + horizon]` (gross, USD), the probability of at least one order, and of
    none, given the latent state at that moment: state, care, rates, and the seasons to come. Nothing here is
    one realisation; care of later quarters is in expectation too.
    """
    cutoffs = np.array(world.month_ends())
    horizons = np.tile(HORIZONS, (len(cutoffs), 1))
    cared = life.care[:, life.quarter[cutoffs]]
    money, reached = expected(world, life, cutoffs, cared, life.latent.propensity, horizons)
    parts = [_at(world, life, names, cutoffs[k], money[:, k], reached[:, k]) for k in range(len(cutoffs))]
    return pl.concat(parts)


def _at(world: World, life: Trajectory, names: Names, cutoff: int, money: Floats, reached: Floats) -> pl.DataFrame:
    here = np.flatnonzero(life.latent.born <= cutoff)
    count = len(here) * len(HORIZONS)
    return pl.DataFrame(
        {
            "customer_id": names.customer_ids.gather(np.repeat(here, len(HORIZONS))),
            "cutoff": pl.repeat(world.date_of(int(cutoff)), count, eager=True),
            "horizon_days": np.tile(np.array(HORIZONS, np.int32), len(here)),
            "expected_value": money[here].ravel(),
            "conversion": reached[here].ravel(),
            "churn": 1.0 - reached[here].ravel(),
        }
    )


def service_table(world: World, life: Trajectory, names: Names) -> pl.DataFrame:
    """customer_id, from, to, service, propensity, effect, randomised: one row a customer and quarter.

    `service` is care or standard, `propensity` the probability with which care was drawn; `randomised` says by
    lot, elsewhere account managers preferred customers whose latent quality is high. `effect` is the expected
    money (USD) that care adds within the quarter, given the latent state on the evening before it.
    """
    quarters = [bounds for bounds in world.quarters() if bounds[0] > 0]
    evenings = np.array([first - 1 for first, _ in quarters])
    lengths = np.array([[last - first + 1] for first, last in quarters])
    cared = np.zeros((len(life.latent), len(quarters)), np.bool_)
    certain, never = (
        expected(world, life, evenings, cared, np.full(len(life.latent), given), lengths)[0] for given in (1.0, 0.0)
    )
    effect = (certain - never)[:, :, 0]
    return pl.concat([_quarter(world, life, names, *bounds, effect[:, k]) for k, bounds in enumerate(quarters)])


def _quarter(world: World, life: Trajectory, names: Names, first: int, last: int, effect: Floats) -> pl.DataFrame:
    latent = life.latent
    here = np.flatnonzero(latent.born < first)
    cared = life.care[here, life.quarter[first]]
    return pl.DataFrame(
        {
            "customer_id": names.customer_ids.gather(here),
            "from": pl.repeat(world.date_of(first), len(here), eager=True),
            "to": pl.repeat(world.date_of(last), len(here), eager=True),
            "service": pl.Series(("standard", "care")).gather(cared.astype(np.int64)),
            "propensity": latent.propensity[here],
            "effect": effect[here],
            "randomised": latent.by_lot[here],
        }
    )


def expected(
    world: World, life: Trajectory, cutoffs: Ints, cared: Flags, propensity: Floats, horizons: Ints
) -> tuple[Floats, Floats]:
    """Expected money and the probability of an order after the end of each day `cutoffs` (k,), each (n, k, h).

    `cared` (n, k) says who is in care on that day, `propensity` (n,) how care is drawn from the next quarter
    on, `horizons` (k, h) are ascending days. 0 where the customer was not in the records yet.
    """
    latent = life.latent
    opens = np.isin(np.arange(len(life.seasons)), world.quarter_starts())
    levels, season = np.unique(life.seasons, return_inverse=True)
    return outlooks(
        life.states[cutoffs],
        cared,
        latent.hazards,
        levels,
        np.ascontiguousarray(season.reshape(life.seasons.shape).T),
        latent.region,
        latent.lift,
        propensity,
        opens,
        latent.money,
        latent.growth,
        TRIAL_ORDER,
        cutoffs,
        horizons.astype(np.int64),
    )
