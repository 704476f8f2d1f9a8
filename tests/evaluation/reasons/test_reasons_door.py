import json
import re
import sys
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.clock import parse_cutoff
from data.doors import open_door
from data.ingest.opening import open_store
from data.settings.book import load_book
from evaluation.__main__ import app
from evaluation.reasons import measure
from features.groups import GROUPS
from tests.training.world import few_trees
from training.bundle import Bundle
from training.fit import fit, learnt
from training.lesson import Lesson
from training.tuning import Search

CUTOFF, SEED = "2024-06-30", 3
TITLES = ("Lifetime value", "Conversion", "Churn")


@pytest.fixture(scope="module")
def written(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What the door writes of the shop, by few trees, and again by the same models; what it prints; the version that
    training gives."""
    work = tmp_path_factory.mktemp("reasons")
    trained: dict[int, Bundle] = {}

    def remembering(lesson: Lesson, search: Search, advance: Callable[[str], None]) -> Bundle:
        if search.seed not in trained:
            trained[search.seed] = learnt(lesson, search, advance)
        return trained[search.seed]

    with pytest.MonkeyPatch.context() as patch, few_trees():
        patch.setattr(measure, "learnt", remembering)
        patch.chdir(work)
        for out in ("out", "again"):
            arguments = ["reasons", str(shop), "--out", out, "--cutoff", CUTOFF, "--seed", str(SEED)]
            outcome = CliRunner().invoke(app, arguments)
            assert outcome.exit_code == 0, outcome.output
        book = load_book(str(shop))
        known = open_store(book, work / ".tierwise").read_all()
        same = fit(book, known, parse_cutoff(CUTOFF, "UTC"), Search(seed=SEED))
    files = {f"{file.parent.name}/{file.name}": file.read_text() for file in work.glob("*/*.*")}
    return files | {"printed": outcome.output, "version": same.version}


@pytest.fixture(scope="module")
def told(written: dict[str, str]) -> dict:
    return json.loads(written["out/reasons.json"])


def test_the_same_models_and_seed_write_the_same_files(written: dict[str, str]) -> None:
    for name in ("reasons.json", "reasons.html", "model_card.md"):
        assert written[f"out/{name}"] == written[f"again/{name}"]


def test_the_first_model_is_the_one_that_training_gives(written: dict[str, str], told: dict) -> None:
    assert told["versions"][0] == written["version"]
    assert told["versions"][0] != told["versions"][1]
    assert written["version"] in written["out/model_card.md"]


def test_every_target_is_measured_and_printed(written: dict[str, str], told: dict) -> None:
    targets = {"lifetime_value", "conversion", "churn"}
    for part in ("stability", "groups", "features", "dependence", "both_seeds"):
        assert {row["target"] for row in told[part]} == targets, part
    assert all(title in written["printed"] for title in TITLES)
    assert "The strongest group is the same" in written["printed"]


def test_the_page_tells_groups_and_features_in_both_languages(written: dict[str, str], told: dict) -> None:
    page = written["out/reasons.html"]
    HTMLParser().feed(page)
    shown = {row["group"] for row in told["groups"]}
    for group in (group for group in GROUPS if group.name in shown):
        assert group.title.en in page
        assert f'<small lang="zh">{group.title.zh}</small>' in page
    assert page.count("<svg") == len(told["dependence"]) + len(told["stability"]) + 1
    assert "What another seed keeps" in page


def test_the_card_names_every_target_its_horizon_and_its_population(written: dict[str, str]) -> None:
    card = written["out/model_card.md"]
    for title in TITLES:
        assert re.search(rf"^\| {title} \| (How much|Who).* in the next \d+ days\? \| .+ \|$", card, re.MULTILINE)
        assert f"**{title}**" in card
    assert "A conversion is: reply." in card
    assert "30 June 2024" in card
    assert "seed 3" in card
    assert "the average of the book" in card
    assert "| Churn | " in card


def test_the_tables_of_the_card_are_whole(written: dict[str, str]) -> None:
    for table in re.findall(r"(?:^\|.*\|\n)+", written["out/model_card.md"], re.MULTILINE):
        head, rule, *rows = table.splitlines()
        assert set(rule) == {"|", "-"}
        assert rows
        assert {line.count("|") for line in (rule, *rows)} == {head.count("|")}


def test_neither_card_nor_page_nor_figures_tell_of_a_customer(written: dict[str, str]) -> None:
    for name in ("reasons.json", "reasons.html", "model_card.md"):
        assert not re.search(r"\bc\d{3}\b", re.sub(r"#\w+", "", written[f"out/{name}"])), name


def test_help_shows_an_example() -> None:
    shown = CliRunner().invoke(app, ["reasons", "--help"]).output
    assert "Example: python -m evaluation reasons complete_journey" in shown


@pytest.mark.parametrize(
    ("arguments", "said"),
    [(("--cutoff", "2019-01-01"), "no event by 2019-01-01"), (("--cutoff", "soon"), 'got "soon"')],
)
def test_a_cutoff_of_no_use_is_refused(shop: Path, tmp_path: Path, monkeypatch, capsys, arguments, said: str) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["evaluation", "reasons", str(shop), "--out", "out", *arguments])
    with pytest.raises(SystemExit) as stopped:
        open_door(app)
    shown = capsys.readouterr().err
    assert stopped.value.code == 2
    assert said in shown
    assert "Traceback" not in shown
