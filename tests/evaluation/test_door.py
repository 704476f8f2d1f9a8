import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.doors import open_door
from evaluation.__main__ import app


@pytest.fixture
def refuse(tmp_path: Path, monkeypatch, capsys):
    """Runs the door on what it must refuse; answers what it says."""

    def run(*arguments: str) -> str:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setattr(sys, "argv", ["evaluation", "backtest", *arguments, "--out", "out"])
        with pytest.raises(SystemExit) as stopped:
            open_door(app)
        said = capsys.readouterr().err
        assert stopped.value.code == 2
        assert said.splitlines()[-1].startswith("Error: ")
        assert "Traceback" not in said
        assert not (tmp_path / "out").is_dir()
        return said.splitlines()[-1]

    return run


def test_help_shows_an_example() -> None:
    shown = CliRunner().invoke(app, ["backtest", "--help"]).output
    assert "Example: python -m evaluation backtest complete_journey" in shown


def test_an_unknown_book_is_told_the_known_ones(refuse) -> None:
    assert "expected a shipped book" in refuse("complete_jurney")


def test_a_book_without_a_judged_cutoff_is_told_the_key(refuse, shop: Path, tmp_path: Path) -> None:
    copy = tmp_path / "shop.toml"
    copy.write_text(shop.read_text().replace("judged = 2024-05-30", ""))
    assert "add a line such as judged = 2017-10-01" in refuse(str(copy))


def test_a_cutoff_before_the_first_event_is_refused(refuse, shop: Path) -> None:
    said = refuse(str(shop), "--cutoff", "2019-01-01")
    assert "2019-01-01 lies before the first event" in said
    assert "choose a cutoff after 2024-01-0" in said


def test_a_window_that_has_not_ended_is_refused(refuse, shop: Path) -> None:
    said = refuse(str(shop), "--cutoff", "2024-09-01")
    assert "what happened is not known yet; choose a cutoff" in said
    assert "not after 2024-06-01" in said


def test_a_cutoff_with_too_little_history_is_refused(refuse, shop: Path) -> None:
    refuse(str(shop), "--cutoff", "2024-01-08")


def test_a_cutoff_that_is_no_date_is_refused(refuse, shop: Path) -> None:
    assert 'got "soon"' in refuse(str(shop), "--cutoff", "soon")


def test_a_file_in_the_place_of_the_folder_is_refused(refuse, shop: Path, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert "is a file; name a folder" in refuse(str(shop))
    assert (tmp_path / "out").read_text() == "mine"
