"""The whole book in a file."""

import csv
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book
from serving import score, sheet
from serving.engine import Engine
from serving.errors import ServingError
from serving.plan import Plan
from serving.sheet import COLUMNS, PLAIN
from serving.tiers.ladder import TIERS


def quietly(customers: int) -> None:
    """Takes note of no progress."""


def write(engine: Engine, plan: Plan, cutoff: int, file: Path) -> int:
    home = file.parent / "home"
    plan.save(home)
    options = {"home": home, "language": "en", "recorded": 1, "advance": quietly}
    return score.write_scores(engine, plan, cutoff, file, **options).customers  # type: ignore[arg-type]


def read(file: Path) -> list[dict[str, Any]]:
    if file.suffix == ".parquet":
        rows = pq.read_table(file).to_pylist()
    else:
        with file.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
    return [{name: row[name] if name in PLAIN else json.loads(row[name]) for name in COLUMNS} for row in rows]


@pytest.mark.parametrize("name", ["scores.parquet", "scores.csv"])
def test_a_batch_holds_what_http_answers_for_every_customer(
    name: str, engine: Engine, plan: Plan, cutoff: int, client: Any, tmp_path: Path
) -> None:
    """Law 8."""
    assert write(engine, plan, cutoff, tmp_path / name) == 90
    rows = read(tmp_path / name)
    asked = [{"customer_id": row["customer_id"]} for row in rows]
    assert rows == client.ask({"customers": asked}).json()["recommendations"]
    assert sorted(row["customer_id"] for row in rows) == engine.store.customers()


def test_scoring_again_gives_the_same_bytes_in_pieces_of_any_size(
    engine: Engine, plan: Plan, cutoff: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(engine, plan, cutoff, tmp_path / "one.csv")
    monkeypatch.setattr(score, "CHUNK", 7)
    write(engine, plan, cutoff, tmp_path / "other.csv")
    assert (tmp_path / "one.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()


def test_a_broken_off_batch_leaves_the_old_file_and_nothing_else(
    engine: Engine, plan: Plan, cutoff: int, tmp_path: Path
) -> None:
    file = tmp_path / "scores.parquet"
    file.write_bytes(b"old")

    def pull_the_plug(customers: int) -> None:
        raise KeyboardInterrupt

    options = {"home": tmp_path / "home", "language": "en", "recorded": 1, "advance": pull_the_plug}
    with pytest.raises(KeyboardInterrupt):
        score.write_scores(engine, plan, cutoff, file, **options)  # type: ignore[arg-type]
    assert file.read_bytes() == b"old"
    assert sorted(tmp_path.iterdir()) == [tmp_path / "home", file]


def test_another_suffix_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ServingError, match=r"\.parquet or \.csv"), sheet.open_sheet(tmp_path / "scores.xlsx"):
        pass


def test_a_folder_or_a_place_that_cannot_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "file").touch()
    with pytest.raises(ServingError, match="this is a folder"):
        sheet.require_place(tmp_path / "folder.csv")
    with pytest.raises(ServingError, match="cannot be written there"):
        sheet.require_place(tmp_path / "file" / "scores.csv")


def test_a_folder_that_is_missing_is_made_and_what_killed_runs_left_is_swept(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    file = tmp_path / "new" / "scores [1].csv"
    sheet.require_place(file)
    (file.parent / f".{file.name}.{gone.pid}").touch()
    (file.parent / f".{file.name}.old").touch()
    sheet.require_place(file)
    assert [left.name for left in file.parent.iterdir()] == [f".{file.name}.old"]


def test_the_plan_counts_every_customer_and_the_tiers_hold_what_it_says(
    engine: Engine, plan: Plan, cutoff: int, tmp_path: Path
) -> None:
    write(engine, plan, cutoff, tmp_path / "scores.parquet")
    tiers = [row["tier"]["name"] for row in read(tmp_path / "scores.parquet")]
    assert plan.counts == {tier: tiers.count(tier) for tier in TIERS}
    assert plan.customers == len(tiers) == 90
    assert plan.model_version == engine.bundle.version


def test_customers_who_came_later_are_not_in_a_past_plan(engine: Engine, histories: Histories) -> None:
    first = histories.time[histories.offsets[:-1]]
    early = int(np.median(first))
    past = score.fit_plan(engine, early, quietly)
    assert past.customers == int((first <= early).sum()) < 90
    assert past.cutoff == early


def test_progress_tells_of_every_customer_once(engine: Engine, cutoff: int) -> None:
    told: list[int] = []
    score.fit_plan(engine, cutoff, told.append)
    assert sum(told) == 90


def test_a_stored_history_is_the_one_a_caller_would_send(
    engine: Engine, shop_events: dict[str, Any], book: Book
) -> None:
    stored = engine.store.histories(["c001"])
    sent = encode_customers([("c001", shop_events["c001"], {})], book)
    assert np.array_equal(stored.time, sent.time)
    assert np.array_equal(stored.amount, sent.amount)


def test_the_overview_counts_the_tiers_that_the_ledger_keeps(engine: Engine, plan: Plan, cutoff: int) -> None:
    seen = score.overview(engine, plan, cutoff, quietly)
    assert seen.plan_version == plan.version
    assert sum(size.customers for size in seen.tiers) == seen.customers == plan.customers
