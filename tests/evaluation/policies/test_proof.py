"""The command on the small shop, and what it must refuse."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from data.doors import open_door
from data.ingest.opening import open_store
from data.settings.book import Book, load_book
from data.simulation.world import World
from evaluation.__main__ import app
from evaluation.cutoffs import judged_cutoff
from evaluation.errors import EvaluationError
from evaluation.policies import evenings, measure
from evaluation.policies.measure import care_of
from evaluation.policies.page import render
from evaluation.policies.quarter import gathered, on_record, require_one_road
from evaluation.policies.ranking import NAMES, OTHERS, OURS, RANKINGS
from evaluation.policies.result import Proof
from serving.tiers.fit import fit as fit_plan
from tests.training.world import few_trees
from training.bundle import Bundle
from training.fit import fit


@pytest.fixture(scope="module")
def bundles() -> dict[int, Bundle]:
    return {}


@pytest.fixture(scope="module")
def proofs() -> list[Proof]:
    return []


@pytest.fixture(scope="module")
def work(shop: Path, bundles: dict[int, Bundle], proofs: list[Proof], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder in which the door judged the policies of the shop at two cutoffs, by few trees."""
    work = tmp_path_factory.mktemp("policies")

    def remembering(book: Any, known: Any, cutoff: int, *more: Any) -> Bundle:
        bundles[cutoff] = fit(book, known, cutoff, *more)
        return bundles[cutoff]

    def shown(found: Proof) -> str:
        proofs.append(found)
        return render(found)

    with pytest.MonkeyPatch.context() as patch, few_trees():
        patch.chdir(work)
        patch.setattr(measure, "fit", remembering)
        patch.setattr("evaluation.tier_commands.render_proof", shown)
        outcome = CliRunner().invoke(app, ["policies", str(shop), "--out", "out", "--seed", "5"])
    assert outcome.exit_code == 0, outcome.output
    (work / "printed").write_text(outcome.output, encoding="utf-8")
    return work


@pytest.fixture(scope="module")
def told(work: Path) -> dict[str, Any]:
    figures: dict[str, Any] = json.loads((work / "out" / "policies.json").read_text(encoding="utf-8"))
    return figures


def test_every_policy_is_measured_at_both_cutoffs_and_together(told: dict[str, Any]) -> None:
    assert [each["cutoff"] for each in told["replayed"]] == ["2024-05-30", "2024-03-31"]
    assert {row["span"] for row in told["figures"]} == {"pooled", "judged"}
    for span in ("pooled", "judged"):
        for measure_ in ("captured_5", "captured_20"):
            rows = {row["policy"]: row for row in told["figures"] if (row["span"], row["measure"]) == (span, measure_)}
            assert set(rows) == set(RANKINGS)
            assert all(0.0 <= row["value"] <= 1.0 for row in rows.values())
    assert told["care"] is None


def test_a_difference_is_that_of_the_figures_beside_it(told: dict[str, Any]) -> None:
    value = {(row["span"], row["measure"], row["policy"]): row["value"] for row in told["figures"]}
    assert {row["other"] for row in told["differences"]} == set(OTHERS)
    for row in told["differences"]:
        ours, other = (value[row["span"], row["measure"], row[who]] for who in ("ours", "other"))
        assert row["value"] == pytest.approx(ours - other)
        assert row["low"] <= row["high"]


def test_more_effect_is_more_profit(told: dict[str, Any]) -> None:
    profit = {(row["measure"], row["policy"]): row["value"] for row in told["figures"] if row["span"] == "pooled"}
    for policy in (*RANKINGS, "own_optimum"):
        assert profit["profit_low", policy] < profit["profit_mid", policy] < profit["profit_high", policy]


def test_the_page_has_its_plots_before_its_tables_and_says_what_it_is_not(work: Path) -> None:
    page = (work / "out" / "policies.html").read_text(encoding="utf-8")
    assert page.count("<svg") == 6
    assert page.rindex("</svg>") < page.index("<table")
    assert "assumes nothing about causes" in page
    assert "rests on assumptions" in page
    assert "already treated by somebody" in page
    for policy in RANKINGS:
        assert NAMES[policy].en.replace("{days}", "60") in page


def test_the_terminal_shows_the_shares(work: Path, told: dict[str, Any]) -> None:
    printed = (work / "printed").read_text(encoding="utf-8")
    for row in told["figures"]:
        if row["measure"].startswith("captured"):
            assert f"{row['value']:.3f}" in printed


def test_what_was_measured_is_drawn_the_same_again(work: Path, proofs: list[Proof]) -> None:
    assert render(proofs[0]) == (work / "out" / "policies.html").read_text(encoding="utf-8")


def test_one_cutoff_alone_is_not_told_twice(proofs: list[Proof], work: Path) -> None:
    (found,) = proofs
    rows = tuple(row for row in found.figures if row.span == "judged")
    differences = tuple(row for row in found.differences if row.span == "judged")
    alone = dataclasses.replace(found, replayed=found.replayed[:1], figures=rows, differences=differences)
    assert alone.spans == ("judged",)
    assert "all cutoffs together" not in render(alone).lower()


def test_another_tier_than_the_one_served_is_refused(shop: Path, work: Path, bundles: dict[int, Bundle]) -> None:
    book = load_book(str(shop))
    cutoff = judged_cutoff(book, None)
    histories = open_store(book, work / ".tierwise").read_all()
    known, bundle = on_record(histories, cutoff).known_by(cutoff), bundles[cutoff]
    found = gathered(book, known, cutoff, bundle)
    plan = fit_plan(found, book, bundle, cutoff, policy="rfm7")
    places = plan.rule.places(found.columns)
    require_one_road(known, cutoff, bundle, plan, places)
    with pytest.raises(EvaluationError, match="but was judged as"):
        require_one_road(known, cutoff, bundle, plan, (places + 1) % 4)


def with_one_horizon_each(*asked: Any) -> Book:
    """A book that takes less long to train."""
    book = load_book(*asked)
    alone = {name: target.model_copy(update={"horizons": (target.main,)}) for name, target in book.targets}
    return book.model_copy(update={"targets": book.targets.model_copy(update=alone)})


def test_care_is_judged_by_the_truth_of_customers_whom_no_model_has_seen(
    proofs: list[Proof], work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evenings, "QUARTERS", 1)
    monkeypatch.setattr("evaluation.ceiling.world.load_book", with_one_horizon_each)
    with few_trees():
        care = care_of(load_book("trade"), World(300, 7), 160, 3, tmp_path, lambda _: None)
    (evening,) = care.quarters
    assert evening.cutoff == "2024-09-30"
    assert 60 < evening.customers <= 140
    rows = {(row.measure, row.policy): row for row in care.figures}
    told_truth, past = rows["regret_20", "told_truth"], rows["regret_20", "past_spend"]
    assert 0.0 < told_truth.value < past.value
    assert rows["gain_20", "expected_profit"].value <= care.best["20"]
    assert rows["ratio_20", OURS[0]].value == pytest.approx(rows["regret_20", OURS[0]].value / past.value)
    page = render(dataclasses.replace(proofs[0], care=care))
    assert page.count("<svg") == 8
    assert "30 September 2024" in page


@pytest.fixture
def refuse(shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs the door on what it must refuse; answers what it says."""

    def run(book: str | None, *arguments: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["evaluation", "policies", book or str(shop), "--out", "out", *arguments])
        with pytest.raises(SystemExit) as stopped:
            open_door(app)
        said = capsys.readouterr().err
        assert stopped.value.code == 2
        assert "Traceback" not in said
        assert not (tmp_path / "out" / "policies.json").exists()
        return said

    return run


def test_what_cannot_be_replayed_is_refused_in_a_line(refuse: Any, tmp_path: Path) -> None:
    assert "expected a shipped book" in refuse("complete_jurney")
    assert "what happened is not known yet; choose a cutoff" in refuse(None, "--cutoff", "2024-07-01")
    assert "--quarters" in refuse(None, "--quarters", "0")
    (tmp_path / "out").write_text("mine")
    assert "is a file; name a folder" in refuse(None)
    assert (tmp_path / "out").read_text() == "mine"
