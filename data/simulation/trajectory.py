"""The lives of one chunk: what was drawn for each customer, and the states it went through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.simulation.chain import ORDERS, walk
from data.simulation.latent import Latent, draw_latent
from data.simulation.season import season_table
from data.simulation.world import HORIZONS, World


@dataclass(frozen=True, slots=True)
class Trajectory:
    """`states` and `moves` (days, n) as `chain.walk` returns them; `seasons` (days and the longest horizon,
    regions); `care` (n, quarters); `quarter` (days and the longest horizon,) the number of each day's quarter."""

    latent: Latent
    states: NDArray[np.int8]
    moves: NDArray[np.int8]
    seasons: NDArray[np.float64]
    care: NDArray[np.bool_]
    quarter: NDArray[np.int64]

    def orders(self) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Day and customer of every order, by day."""
        days, customers = np.nonzero((self.moves >= 0) & ORDERS[self.moves])
        return days, customers


def live(world: World, chunk: int) -> Trajectory:
    """Draws the customers of a chunk and lets them live."""
    latent = draw_latent(world, chunk)
    seasons = season_table(world.first, world.days + max(HORIZONS))
    quarter = np.searchsorted(world.quarter_starts(), np.arange(len(seasons)), side="right") - 1
    lots = world.generator(chunk, "service").random((len(latent), int(quarter[-1]) + 1))
    entered = quarter[latent.born]  # care begins with the first whole quarter
    care = (lots < latent.propensity[:, None]) & (np.arange(lots.shape[1]) > entered[:, None])
    luck = world.generator(chunk, "states").random((world.days, len(latent)))
    by_customer = np.ascontiguousarray(seasons[: world.days, latent.region])
    states, moves = walk(
        latent.born, latent.start, latent.hazards, by_customer, latent.lift, care, quarter[: world.days], luck
    )
    return Trajectory(latent, states, moves, seasons, care, quarter)
