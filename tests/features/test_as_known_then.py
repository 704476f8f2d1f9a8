"""The past stays as it was known: a whole book and its files as they stood then give the same features."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from data.clock import end_of_day
from data.ingest.opening import open_store
from data.settings.book import load_book
from data.simulation.files import write_world
from data.simulation.world import World
from features.table import write_table

CUTOFFS = [end_of_day(date(2023, month, 15), "Asia/Shanghai") for month in (4, 8, 11)]

KNOWN = {"events": "known_time", "companies": "known_time", "ratings": "rated_on"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Companies with late postings, credit notes and ratings that come in over the years."""
    folder = tmp_path_factory.mktemp("whole")
    write_world(World(customers=300, seed=11), folder)
    return folder


def as_it_stood(world: Path, cutoff: int, folder: Path) -> Path:
    """The same files without what was not known yet."""

    folder.mkdir()
    for name, known in KNOWN.items():
        for file in world.glob(f"trade-{name}-*.parquet"):
            table = pl.read_parquet(file)
            table.filter(pl.col(known).dt.epoch("us") <= cutoff).write_parquet(folder / file.name)
    return folder


def table_of(folder: Path, cutoff: int, work: Path) -> pl.DataFrame:
    work.mkdir()
    out = work / "features.parquet"
    write_table(open_store(load_book("trade", folder), work), [cutoff], out)
    return pl.read_parquet(out).sort("customer_id")


@pytest.mark.parametrize("cutoff", CUTOFFS)
def test_later_postings_credit_notes_and_ratings_change_no_past_vector(
    world: Path, cutoff: int, tmp_path: Path
) -> None:
    now = table_of(world, cutoff, tmp_path / "now")
    then = table_of(as_it_stood(world, cutoff, tmp_path / "files"), cutoff, tmp_path / "then")
    assert then.height > 150
    assert now.filter(pl.col("customer_id").is_in(then["customer_id"].to_list())).equals(then)


def test_the_world_has_late_postings_and_credit_notes_to_tell(world: Path) -> None:
    events = pl.concat([pl.read_parquet(file) for file in world.glob("trade-events-*.parquet")])
    micro = events.select(pl.col("time", "known_time").dt.epoch("us"), "type")
    late = [micro.filter((pl.col("time") <= cutoff) & (pl.col("known_time") > cutoff)) for cutoff in CUTOFFS]
    assert {"order", "credit_note", "payment"} <= set(pl.concat(late)["type"])


def test_who_was_not_met_by_a_cutoff_has_no_row_there(world: Path, tmp_path: Path) -> None:
    table = table_of(world, CUTOFFS[0], tmp_path / "now")
    met: set[str] = set()
    for name in ("events", "companies"):
        for file in world.glob(f"trade-{name}-*.parquet"):
            then = pl.read_parquet(file).filter(pl.col("known_time").dt.epoch("us") <= CUTOFFS[0])
            met.update(then["customer_id"])
    assert set(table["customer_id"]) == met
