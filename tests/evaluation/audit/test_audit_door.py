import json
import sys
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from data.doors import open_door
from evaluation.__main__ import app
from tests.training.world import few_trees
from training.__main__ import app as training

PROFILE = """
[[profiles]]
name = "crm"
path = "crm.csv"
customer_id = "customer"
known_from = 2023-01-01
columns = { reason_for_leaving = "category" }
"""


@pytest.fixture(scope="module")
def leaking_shop(shop: Path, planted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A shop whose sales people note why a customer left, without a date."""
    folder = tmp_path_factory.mktemp("leaking")
    start, people = datetime(2024, 1, 1, 12, tzinfo=UTC), planted(500, 11)
    rows = [
        (name, (start + timedelta(days=event.day)).isoformat(timespec="seconds"), event.what, event.amount)
        for name, events in people.items()
        for event in events
    ]
    pl.DataFrame(rows, schema=["customer", "at", "what", "amount"], orient="row").write_csv(folder / "events.csv")
    left = [
        (name, "price")
        for name, events in people.items()
        if max(event.day for event in events if event.what == "order") < 150
    ]
    pl.DataFrame(left, schema=["customer", "reason_for_leaving"], orient="row").write_csv(folder / "crm.csv")
    (folder / "shop.toml").write_text(shop.read_text() + PROFILE)
    return folder / "shop.toml"


@pytest.fixture
def refuse(tmp_path: Path, monkeypatch, capsys):
    """Runs the door on what it must refuse; answers what it says."""

    def run(*arguments: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["evaluation", "audit", *arguments])
        with pytest.raises(SystemExit) as stopped:
            open_door(app)
        said = capsys.readouterr().err
        assert stopped.value.code == 2
        assert "Traceback" not in said
        return said.splitlines()[-1]

    return run


def test_an_honest_shop_is_told_so_and_the_files_say_the_same(shop: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = CliRunner().invoke(app, ["audit", str(shop), "--out", "out", "--seed", "2"])
    assert outcome.exit_code == 0, outcome.output
    assert "No suspects among" in outcome.output
    told = json.loads((tmp_path / "out" / "audit.json").read_text())
    assert told["suspects"] == []
    assert {row["target"] for row in told["shuffled_labels"]} == {"lifetime_value", "conversion", "churn"}
    assert all(row["passed"] for part in ("planted_leaks", "checks") for row in told[part])
    page = (tmp_path / "out" / "audit.html").read_text()
    HTMLParser().feed(page)
    assert "The shop: leak audit" in page
    assert page.count("<svg") == 3


def test_a_column_filled_in_after_the_fact_is_named_and_the_door_still_opens(
    leaking_shop: Path, tmp_path: Path, monkeypatch
) -> None:
    monkeypatch.chdir(tmp_path)
    outcome = CliRunner().invoke(app, ["audit", str(leaking_shop), "--out", "out"])
    assert outcome.exit_code == 0, outcome.output
    assert "1 suspect among" in outcome.output
    told = json.loads((tmp_path / "out" / "audit.json").read_text())["suspects"]
    assert {suspect["feature"] for suspect in told} == {"profile_reason_for_leaving"}
    assert "churn" in {suspect["target"] for suspect in told}
    assert all("the book does not say when its values became known" in suspect["reason"] for suspect in told)
    assert "Reason for leaving (profile)" in (tmp_path / "out" / "audit.html").read_text()


def test_training_warns_of_it_too(leaking_shop: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "bentoml"))
    monkeypatch.setenv("BENTOML_DO_NOT_TRACK", "true")
    with few_trees():
        outcome = CliRunner().invoke(training, ["fit", str(leaking_shop)])
    assert outcome.exit_code == 0, outcome.output
    assert "Warning: 1 feature is too good to be true" in outcome.output
    assert "is current" in outcome.output


def test_help_shows_an_example() -> None:
    assert "Example: python -m evaluation audit" in CliRunner().invoke(app, ["audit", "--help"]).output


def test_an_unknown_book_is_told_the_known_ones(refuse) -> None:
    assert "expected a shipped book" in refuse("complete_jurney")


def test_a_cutoff_before_the_first_event_is_refused(refuse, shop: Path) -> None:
    assert "no event by 2019-01-01" in refuse(str(shop), "--cutoff", "2019-01-01")


def test_a_cutoff_that_is_no_date_is_refused(refuse, shop: Path) -> None:
    assert 'got "soon"' in refuse(str(shop), "--cutoff", "soon")


def test_a_file_in_the_place_of_the_folder_is_refused(refuse, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert "is a file; name a folder" in refuse(str(shop), "--out", "out")
