"""The command and its parts on a tiny world: the truth replaces labels exactly, and nobody teaches who is asked."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from typer.testing import CliRunner

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import load_book
from data.simulation.world import HORIZONS, World
from evaluation.__main__ import app
from evaluation.ceiling.lesson import days_of, enlightened
from evaluation.ceiling.people import parted
from evaluation.ceiling.truth import Truth, truth_of
from evaluation.ceiling.world import folder_of, opened, world_in
from evaluation.cutoffs import judged_cutoff
from evaluation.errors import EvaluationError
from tests.training.world import few_trees
from training.lesson import Lesson, prepare

WORLD = World(customers=300, seed=7)
TAUGHT = 160
MONTH_END = date(2024, 5, 31)


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder in which the door measured the ceiling, by few trees."""
    work = tmp_path_factory.mktemp("ceiling")
    command = ["ceiling", "trade", "--customers", "300", "--taught", str(TAUGHT), "--out", "out"]
    with pytest.MonkeyPatch.context() as patch, few_trees():
        patch.chdir(work)
        outcome = CliRunner().invoke(app, command)
    assert outcome.exit_code == 0, outcome.output
    (work / "printed").write_text(outcome.output, encoding="utf-8")
    return work


@pytest.fixture(scope="module")
def found(work: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((work / "out" / "ceiling.json").read_text(encoding="utf-8"))
    return figures


@pytest.fixture(scope="module")
def everybody(work: Path) -> Histories:
    store, _ = opened(WORLD, work / ".tierwise", lambda _: None)
    return store.read_all()


@pytest.fixture(scope="module")
def taught(everybody: Histories) -> Histories:
    return everybody.select(parted(everybody.customer_ids, TAUGHT, 7)[0])


@pytest.fixture(scope="module")
def lesson(taught: Histories) -> Lesson:
    book = load_book("trade")
    return prepare(book, taught, judged_cutoff(book, None))


@pytest.fixture(scope="module")
def truth(lesson: Lesson) -> Truth:
    return truth_of(WORLD, [*days_of(lesson), MONTH_END], HORIZONS)


def test_every_question_is_answered_by_every_model_that_can(found: dict[str, Any]) -> None:
    asked = {(row["target"], row["whom"], row["metric"]): set[str]() for row in found["gaps"]}
    for row in found["figures"]:
        asked[row["target"], row["whom"], row["metric"]].add(row["model"])
    assert asked["lifetime_value", "everyone", "spearman"] == {"tierwise", "ceiling", "pareto_nbd"}
    assert asked["conversion", "prospects", "auc"] == {"tierwise", "ceiling", "truth"}
    assert asked["churn", "buyers", "auc"] == {"tierwise", "ceiling", "pareto_nbd", "truth"}


def test_a_gap_is_the_difference_of_the_figures_beside_it(found: dict[str, Any]) -> None:
    value = {(row["target"], row["whom"], row["metric"], row["model"]): row["value"] for row in found["figures"]}
    for gap in found["gaps"]:
        key = (gap["target"], gap["whom"], gap["metric"])
        if gap["value"] is None:  # among so few leads nobody may order
            assert gap["target"] == "conversion"
            assert gap["met"] is None
        else:
            assert gap["value"] == pytest.approx(value[*key, "tierwise"] - value[*key, "ceiling"])
            assert gap["met"] == (None if gap["least"] is None else gap["value"] >= gap["least"])


def test_who_is_told_the_truth_orders_money_better(found: dict[str, Any]) -> None:
    (gap,) = (row for row in found["gaps"] if (row["whom"], row["metric"]) == ("everyone", "spearman"))
    assert gap["value"] < 0.0


def test_intervals_are_judged_for_every_kind_of_customer(found: dict[str, Any]) -> None:
    groups = {(row["level"], row["whom"]): row["n"] for row in found["coverage"]}
    assert {whom for level, whom in groups if level == 90} == {whom for level, whom in groups if level == 80}
    assert groups[90, "everyone"] == found["unseen"]
    assert groups[90, "low"] + groups[90, "middle"] + groups[90, "high"] == found["unseen"]
    assert groups[90, "buyers"] + groups[90, "prospects"] == found["unseen"]


def test_page_and_terminal_show_the_figures(work: Path, found: dict[str, Any]) -> None:
    texts = [(work / "out" / "ceiling.html").read_text("utf-8"), (work / "printed").read_text("utf-8")]
    for row in (*found["figures"], *found["coverage"]):
        assert all(f"{row['value']:.3f}" in text for text in texts if row["value"] is not None)


def test_a_world_that_is_there_is_not_simulated_again(work: Path) -> None:
    home = work / ".tierwise"
    folder, steps = folder_of(WORLD, home), list[str]()
    assert world_in(folder) == WORLD
    opened(WORLD, home, steps.append)
    assert steps == ["reading the events"]
    assert folder_of(World(301, 7), home) != folder


def test_the_truth_of_a_month_end_is_that_of_the_file(work: Path, truth: Truth) -> None:
    folder = folder_of(WORLD, work / ".tierwise")
    told = pl.read_parquet(folder / "truth" / "truth.parquet").filter(cutoff=MONTH_END)
    for (days,), rows in told.group_by("horizon_days"):
        ids = rows["customer_id"].to_list()
        assert truth.expected_value(ids, MONTH_END, int(days)).tolist() == rows["expected_value"].to_list()
        assert truth.chance_of_order(ids, MONTH_END, int(days)).tolist() == rows["conversion"].to_list()
    truth.require_as_written(folder, MONTH_END, 180)


def test_files_that_tell_another_truth_are_refused(work: Path, truth: Truth, tmp_path: Path) -> None:
    file = folder_of(WORLD, work / ".tierwise") / "truth" / "truth.parquet"
    (tmp_path / "truth").mkdir()
    pl.read_parquet(file).with_columns(pl.col("expected_value") * 1.01).write_parquet(tmp_path / "truth" / file.name)
    with pytest.raises(EvaluationError, match="another version of the simulation"):
        truth.require_as_written(tmp_path, MONTH_END, 180)


def test_every_label_is_the_truth_of_its_customer_at_its_snapshot(
    lesson: Lesson, taught: Histories, truth: Truth
) -> None:
    told = enlightened(lesson, taught, truth)
    assert set(told.samples) == {"lifetime_value", "conversion", "churn"}
    for target, days, column in (
        ("lifetime_value", 180, truth.money),
        ("conversion", 90, truth.buying),
        ("churn", 180, 1.0 - truth.buying),
    ):
        sample, before = told.samples[target], lesson.samples[target]
        assert sample.features is before.features
        for row in range(0, len(sample), 7):
            customer = truth.rows[taught.customer_ids[sample.customers[row]]]
            day = local_date(int(sample.snapshots[row]), lesson.book.time_zone)
            assert sample.labels[row] == column[customer, truth.days.index(day), truth.horizons.index(days)]


def test_the_truth_is_the_mean_of_what_came(lesson: Lesson, taught: Histories, truth: Truth) -> None:
    told = enlightened(lesson, taught, truth)
    for target in ("conversion", "churn"):
        came, expected = lesson.samples[target].labels, told.samples[target].labels
        assert came.mean() == pytest.approx(expected.mean(), abs=0.06)
        assert ((expected > 0) & (expected < 1)).mean() > 0.9


def test_taught_and_unseen_never_overlap() -> None:
    ids = [f"C{number:07d}" for number in range(500)]
    for seed in range(5):
        chosen, others = parted(ids, 100, seed)
        assert len(chosen) == 100
        assert sorted([*chosen, *others]) == list(range(500))


def test_who_teaches_depends_on_the_seed_and_not_on_the_order() -> None:
    ids = [f"C{number:07d}" for number in range(500)]
    names = {ids[place] for place in parted(ids, 100, 3)[0]}
    backwards = ids[::-1]
    assert {backwards[place] for place in parted(backwards, 100, 3)[0]} == names
    assert {ids[place] for place in parted(ids, 100, 4)[0]} != names
    assert np.std([int(name[1:]) for name in names]) > 100


@pytest.mark.parametrize("count", [0, 500, 600])
def test_somebody_must_teach_and_somebody_be_asked(count: int) -> None:
    with pytest.raises(EvaluationError, match="--taught"):
        parted([f"C{number}" for number in range(500)], count, 0)


def test_a_book_without_truth_is_refused(tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, ["ceiling", "cdnow", "--out", str(tmp_path)])
    assert isinstance(outcome.exception, EvaluationError)
    assert "simulated" in str(outcome.exception)
