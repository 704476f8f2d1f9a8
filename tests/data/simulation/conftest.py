"""One simulated world for all tests of the simulation, as files and as lives."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from data.simulation.files import write_world
from data.simulation.world import World

Read = Callable[[str], pl.DataFrame]
WORLD = World(customers=2_000, seed=7)


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a world of 2,000 customers."""
    folder = tmp_path_factory.mktemp("simulated") / "trade"
    write_world(WORLD, folder)
    return folder


@pytest.fixture(scope="session")
def read(folder: Path) -> Read:
    """Reads one of the world's tables, open or hidden."""

    def table(name: str) -> pl.DataFrame:
        hidden = folder / "truth" / f"{name}.parquet"
        return pl.read_parquet(hidden if hidden.is_file() else folder / f"trade-{name}-*.parquet")

    return table


@pytest.fixture(scope="session")
def orders(read: Read) -> pl.DataFrame:
    """One row an order: customer_id, order_id, time, known_time, amount, day (local)."""
    lines = read("events").filter(pl.col("type") == "order")
    whole = lines.group_by("customer_id", "order_id").agg(pl.col("time", "known_time").first(), pl.col("amount").sum())
    local = pl.col("time").dt.convert_time_zone("Asia/Shanghai").dt.date()
    return whole.with_columns(day=local).sort("customer_id", "time")
