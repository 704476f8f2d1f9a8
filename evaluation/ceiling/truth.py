"""What was to be expected of each customer on any day, by the simulator's own account."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.simulation.company import draw_companies
from data.simulation.names import draw_names
from data.simulation.trajectory import live
from data.simulation.truth import expected
from data.simulation.world import World
from evaluation.errors import EvaluationError

Floats = NDArray[np.float64]

NEAR = 1e-9


@dataclass(frozen=True)
class Truth:
    """The expectation of all n customers of a world at the end of k `days`, for h `horizons` in days, both ascending.

    `money` (n, k, h) is what all orders within the horizon are expected to bring (USD, gross), `buying` (n, k, h)
    the probability of at least one; 0 for who was not in the records yet. `rows` is the row of each customer id.
    """

    rows: dict[str, int]
    days: tuple[date, ...]
    horizons: tuple[int, ...]
    money: Floats
    buying: Floats

    def expected_value(self, customer_ids: Sequence[str], day: date, horizon_days: int) -> Floats:
        """The money expected of these customers (m,) within the horizon after `day`, shape (m,)."""
        return self._of(self.money, customer_ids, day, horizon_days)

    def chance_of_order(self, customer_ids: Sequence[str], day: date, horizon_days: int) -> Floats:
        """The probability that these customers (m,) order within the horizon after `day`, shape (m,)."""
        return self._of(self.buying, customer_ids, day, horizon_days)

    def require_as_written(self, folder: Path, day: date, horizon_days: int) -> None:
        """Raises EvaluationError where the files in `folder` tell another truth of `day`, if they tell one."""
        table = pl.scan_parquet(folder / "truth" / "truth.parquet")
        told = table.filter(cutoff=day, horizon_days=horizon_days).collect()
        here = self.expected_value(told["customer_id"].to_list(), day, horizon_days)
        if not np.allclose(here, told["expected_value"].to_numpy(), rtol=NEAR, atol=NEAR):
            raise EvaluationError(
                f"{folder}: written by another version of the simulation, so its truth is not known here; "
                "delete the folder, and it is simulated anew"
            )

    def _of(self, table: Floats, customer_ids: Sequence[str], day: date, horizon_days: int) -> Floats:
        rows = np.array([self.rows[customer] for customer in customer_ids], dtype=np.int64)
        return np.asarray(table[rows, self.days.index(day), self.horizons.index(horizon_days)])


def truth_of(
    world: World, days: Sequence[date], horizons: Sequence[int], advance: Callable[[str], None] = lambda _: None
) -> Truth:
    """Lets the customers of a world live again and computes what was to be expected at the end of each day.

    `advance` is told of each chunk of customers.
    """
    asked, ahead = tuple(sorted(set(days))), tuple(sorted(set(horizons)))
    ids, parts = list[str](), list[tuple[Floats, Floats]]()
    for chunk in range(world.chunks):
        advance(f"computing what was to be expected, {len(ids):,} of {world.customers:,} customers")
        named, money, buying = _of_chunk(world, chunk, asked, ahead)
        ids += named
        parts.append((money, buying))
    money, buying = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Truth({customer: row for row, customer in enumerate(ids)}, asked, ahead, money, buying)


def _of_chunk(
    world: World, chunk: int, days: tuple[date, ...], horizons: tuple[int, ...]
) -> tuple[list[str], Floats, Floats]:
    life = live(world, chunk)
    names = draw_names(world, chunk, life.latent, draw_companies(world, chunk, life.latent))
    cutoffs = np.array([world.day_of(day) for day in days])
    cared = life.care[:, life.quarter[cutoffs]]
    ahead = np.tile(horizons, (len(cutoffs), 1))
    return names.customer_ids.to_list(), *expected(world, life, cutoffs, cared, life.latent.propensity, ahead)
