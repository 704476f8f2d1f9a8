"""One company under several names, in several systems and scripts, and strangers with the same name."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import polars as pl
import pytest

from data.simulation.names import stem_of
from data.simulation.parts import make_part
from data.simulation.world import World

Read = Callable[[str], pl.DataFrame]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def known(read: Read) -> pl.DataFrame:
    return read("records").join(read("identity"), on="record_id", validate="1:1")


def test_every_record_belongs_to_one_customer_of_one_group(known: pl.DataFrame, read: Read) -> None:
    assert known.height == read("records").height == read("identity").height
    assert known["record_id"].is_unique().all()
    assert set(known["customer_id"]) == set(read("companies")["customer_id"])
    assert (known.group_by("customer_id").agg(pl.col("group_id").n_unique())["group_id"] == 1).all()


def test_events_name_a_record_of_their_own_customer(known: pl.DataFrame, read: Read) -> None:
    pairs = read("events").select("record_id", "customer_id").unique()
    joined = pairs.join(known, on="record_id", suffix=" of record")
    assert joined.height == pairs.height
    assert (joined["customer_id"] == joined["customer_id of record"]).all()


def test_companies_have_several_names_in_two_scripts(known: pl.DataFrame) -> None:
    names = known.group_by("customer_id").agg(pl.col("name").n_unique(), pl.col("system").n_unique())
    assert names["name"].mean() > 2
    assert set(known["system"]) == {"web", "crm", "erp"}
    purchasing = known.filter(pl.col("system") == "erp")["name"]
    assert all(CHINESE.search(name) for name in purchasing)
    assert not any(CHINESE.search(name) for name in known.filter(pl.col("system") == "web")["name"])


def test_some_groups_have_several_companies(known: pl.DataFrame) -> None:
    companies = known.group_by("group_id").agg(pl.col("customer_id").n_unique())["customer_id"]
    assert 0.05 < (companies > 1).mean() < 0.25


def test_some_strangers_carry_the_name_of_another_group(known: pl.DataFrame) -> None:
    web = known.filter(pl.col("system") == "crm").with_columns(
        stem=pl.col("name").str.to_lowercase().str.split(" ").list.first(),
        trap=pl.col("name").str.contains("TRADING"),
    )
    traps = web.filter("trap")
    assert 0.02 < traps.height / web.height < 0.10
    both = traps.join(web.filter(~pl.col("trap")), on="stem", suffix=" of owner")
    assert both.height > 10
    assert (both["group_id"] != both["group_id of owner"]).all()


def test_units_of_a_group_are_told_apart_by_their_names(known: pl.DataFrame) -> None:
    crm = known.filter(pl.col("system") == "crm")
    assert crm.group_by("group_id", "name").agg(pl.col("customer_id").n_unique())["customer_id"].max() == 1


def test_no_two_groups_share_a_stem() -> None:
    assert len({stem_of(group) for group in range(60_000)}) == 60_000


def test_ids_of_records_are_unique_over_chunks_and_tell_nothing_of_the_customer(known: pl.DataFrame) -> None:
    parts = [make_part(World(60, 5, chunk=20), chunk).identity for chunk in range(3)]
    assert pl.concat(parts)["record_id"].is_unique().all()
    ranks = known.sort("record_id")["customer_id"].rank()
    assert abs(np.corrcoef(ranks, np.arange(len(ranks)))[0, 1]) < 0.1
