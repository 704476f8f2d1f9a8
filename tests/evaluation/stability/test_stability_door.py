import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.doors import open_door
from evaluation.__main__ import app


@pytest.fixture(scope="module")
def measured(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the door writes for the shop, whose tiers share out seats."""
    work = tmp_path_factory.mktemp("stability")
    book = shop.parent / "seated.toml"
    tiers = '\n[tiers]\npolicy = "expected_profit"\n'
    book.write_text(shop.read_text().replace('name = "shop"', 'name = "seated"', 1) + tiers, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        asked = ["stability", str(book), "--out", "out", "--months", "2", "--seed", "5", "--cutoff", "2024-05-31"]
        outcome = CliRunner().invoke(app, asked)
    assert outcome.exit_code == 0, outcome.output
    assert "flaps" in outcome.output
    return work / "out"


def test_the_file_holds_both_policies_at_every_review(measured: Path) -> None:
    found = json.loads((measured / "stability.json").read_text())
    assert (found["book"], found["policy"], found["seed"]) == ("seated", "expected_profit", 5)
    dates = [month["date"] for month in found["months"] if month["who"] == "ours"]
    assert dates == ["2024-03-31", "2024-04-30", "2024-05-31"]
    assert dates == [month["date"] for month in found["months"] if month["who"] == "memoryless"]
    assert found["moves"]["ours"] <= found["moves"]["memoryless"]
    assert found["captured"]["reviews"] == 3
    assert found["over_seats"] == 0
    assert found["met"]["seats"] is True
    assert (found["followed"], found["oracle_moves"]) == ([], None)


def test_the_page_stands_alone(measured: Path) -> None:
    page = (measured / "stability.html").read_text()
    HTMLParser().feed(page)
    assert "31 March 2024" in page
    assert "src=" not in page
    assert 'href="http' not in page
    assert "nan" not in page


@pytest.fixture
def refuse(tmp_path: Path, monkeypatch, capsys):
    """Runs the door on what it must refuse; answers what it says."""

    def run(*arguments: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["evaluation", *arguments, "--out", "out"])
        with pytest.raises(SystemExit) as stopped:
            open_door(app)
        said = capsys.readouterr().err
        assert stopped.value.code == 2
        assert "Traceback" not in said
        assert not (tmp_path / "out").is_dir()
        return said

    return run


@pytest.mark.parametrize(("command", "fewest"), [("stability", "1"), ("tiers", "2")])
def test_what_cannot_be_replayed_is_refused_in_a_line(
    refuse, shop: Path, tmp_path: Path, command: str, fewest: str
) -> None:
    assert "expected a shipped book" in refuse(command, "no_such_book")
    assert "choose a --cutoff not after" in refuse(command, str(shop), "--cutoff", "2024-07-30", "--months", fewest)
    assert "lies after the last event" in refuse(command, str(shop), "--cutoff", "2025-05-31")
    assert "no two reviews" in refuse(command, str(shop), "--cutoff", "2024-02-10")
    assert 'got "soon"' in refuse(command, str(shop), "--cutoff", "soon")
    assert "--months" in refuse(command, str(shop), "--months", "0")
    (tmp_path / "out").write_text("mine")
    assert "is a file; name a folder" in refuse(command, str(shop))


def test_help_shows_an_example() -> None:
    for command in ("stability", "tiers"):
        assert f"Example: python -m evaluation {command}" in CliRunner().invoke(app, [command, "--help"]).output
