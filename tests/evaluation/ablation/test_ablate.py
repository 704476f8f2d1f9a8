"""The door, its files and its page, on a small shop."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from data.ingest.opening import open_store
from data.settings.book import load_book
from evaluation.__main__ import app
from evaluation.ablation.measure import ablate
from evaluation.ablation.runs import ALONE, RESEEDED, runs_of, speaking
from evaluation.ablation.wording import percent
from evaluation.cutoffs import judged_cutoff
from evaluation.errors import EvaluationError
from features.catalog import TITLES
from tests.evaluation.brief import few_trees_and_draws
from tests.training.world import few_trees
from training.lesson import Lesson, prepare


@pytest.fixture(scope="module")
def work(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder in which the door ablated two families of the shop, by few trees."""
    work = tmp_path_factory.mktemp("ablated")
    command = ["ablate", str(shop), "--out", "out", "--family", "cadence", "--family", "payments", "--seed", "5"]
    with pytest.MonkeyPatch.context() as patch, few_trees():
        patch.chdir(work)
        outcome = CliRunner().invoke(app, command)
    assert outcome.exit_code == 0, outcome.output
    (work / "printed").write_text(outcome.output, encoding="utf-8")
    return work


@pytest.fixture(scope="module")
def found(work: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((work / "out" / "ablation.json").read_text(encoding="utf-8"))
    return figures


@pytest.fixture(scope="module")
def lesson(shop: Path, work: Path) -> Lesson:
    book = load_book(str(shop))
    histories = open_store(book, work / ".tierwise").read_all()
    return prepare(book, histories, judged_cutoff(book, None))


def test_a_family_speaks_or_is_named_as_silent(found: dict[str, Any], lesson: Lesson) -> None:
    assert [part["family"] for part in found["families"]] == ["cadence"]
    assert found["silent"] == ["payments"]
    families = [part.family for part in speaking(lesson)]
    assert {"purchases", "cadence", "windows", "touches"} <= set(families)
    assert not {"payments", "profile", "signals"} & set(families)


def test_a_family_is_left_out_and_added_with_an_interval(found: dict[str, Any]) -> None:
    for target in ("lifetime_value", "conversion", "churn"):
        rows = [worth for worth in found["worths"] if worth["target"] == target]
        assert [(row["family"], row["way"]) for row in rows] == [
            ("cadence", "left_out"),
            ("", "left_out"),
            ("cadence", "added"),
            ("", "reseeded"),
        ]
        assert all(row["low"] <= row["share"] <= row["high"] for row in rows)


def test_the_judged_differences_are_paired_and_complete(found: dict[str, Any]) -> None:
    baselines = {row["baseline"] for row in found["comparisons"]}
    assert baselines == {ALONE, RESEEDED, "without cadence"}
    assert {row["model"] for row in found["comparisons"]} == {"tierwise"}


def test_page_and_terminal_show_the_figures(work: Path, found: dict[str, Any]) -> None:
    page = (work / "out" / "ablation.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 3
    assert f"says nothing: {TITLES['payments'].en}." in page
    shares = [percent(row["share"]) for row in found["worths"] if row["way"] == "left_out"]
    assert all(share in page for share in shares)
    assert all(share in (work / "printed").read_text(encoding="utf-8") for share in shares)


def test_a_family_that_is_none_is_refused_with_the_nearest(shop: Path, tmp_path: Path) -> None:
    outcome = CliRunner().invoke(app, ["ablate", str(shop), "--out", str(tmp_path), "--family", "cadense"])
    assert isinstance(outcome.exception, EvaluationError)
    assert 'did you mean "cadence"?' in str(outcome.exception)


def test_hidden_columns_are_those_of_the_run(lesson: Lesson) -> None:
    parts = speaking(lesson)
    runs = {run.name: run for run in runs_of(parts, parts, seed=3)}
    cadence = next(part for part in parts if part.family == "cadence")
    everything = {column for part in parts for column in part.columns}
    purchases = set(next(part for part in parts if part.family == "purchases").columns)
    assert runs["without cadence"].hidden == set(cadence.columns)
    assert runs[ALONE].hidden == everything - purchases
    assert runs["purchases and cadence"].hidden == everything - purchases - set(cadence.columns)
    assert (runs[RESEEDED].hidden, runs[RESEEDED].seed) == (frozenset(), 4)


def test_a_lesson_without_columns_keeps_what_theory_needs(lesson: Lesson) -> None:
    blind = lesson.without(["orders"])
    assert all(sample.hidden == ("orders",) for sample in blind.samples.values())
    assert blind.theories == lesson.theories
    assert (blind.today[:, 0] == lesson.today[:, 0]).all()


def test_a_backtest_takes_the_ablation_into_its_report(shop: Path, work: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(work)
    monkeypatch.setattr("evaluation.__main__.run_ablation", partial(ablate, families=["cadence"]))
    with few_trees_and_draws():
        outcome = CliRunner().invoke(app, ["backtest", str(shop), "--out", "whole", "--ablate", "--seed", "5"])
    assert outcome.exit_code == 0, outcome.output
    assert "What each feature family is worth" in (work / "whole" / "index.html").read_text(encoding="utf-8")
    assert (work / "whole" / "ablation.json").is_file()
