"""The doors of this room, from outside."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import typer

from data.__main__ import app
from data.book import Book
from data.doors import open_door
from data.events import Event
from data.inbox import Inbox
from data.ingest import open_store

HEADER = "customer,at,type,amount,quantity,product,order\n"
ROWS = "c1,2021-03-01,order,10.50,1,p1,o1\nc2,2021-03-05,visit,,,,\nc2,never,visit,,,,\n"


def run(*arguments: str | Path, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.setattr(sys, "argv", ["python -m data", *map(str, arguments)])
    with pytest.raises(SystemExit) as left:
        open_door(app)
    return int(left.value.code or 0)


def test_check_tells_what_is_there_what_is_missing_and_what_that_costs(
    shop: Callable[..., Book], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = shop(orders=HEADER + ROWS)
    assert run("check", book.file, "--home", home, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    for part in ("2 events of 2 customers, 2021-03-01 to 2021-03-05", "1 time is not a date", "1 bought"):
        assert part in said
    assert "value cannot be net of returns" in said
    assert "buy-till-you-die models lead: fewer than 1,000 buyers" in said
    assert "none: the history up to the cutoff is shorter than 12 days" in said


def test_compact_folds_in_and_tells_the_totals(
    shop: Callable[..., Book], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    book = shop(orders=HEADER + ROWS)
    (seen,) = open_store(book, home).events("c2")
    Inbox(book, home).append([Event("c3", seen.time, "visit")])
    assert run("compact", book.file, "--home", home, monkeypatch=monkeypatch) == 0
    assert "shop: 3 events of 3 customers in 1 buckets" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["check", "cdnwo"], 'did you mean "cdnow"'),
        (["check", "cdnow", "--no-such-option"], "No such option"),
        (["chek"], "Did you mean 'check'"),
        (["check"], "BOOK"),
    ],
)
def test_a_mistake_is_told_in_words_with_exit_code_2(
    arguments: list[str], said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(*arguments, monkeypatch=monkeypatch) == 2
    told = capsys.readouterr()
    assert said in told.err
    assert "Traceback" not in told.err


def test_a_source_that_cannot_be_read_is_told_without_a_traceback(
    shop: Callable[..., Book], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("check", shop().file, "--home", home, monkeypatch=monkeypatch) == 2
    told = capsys.readouterr().err
    assert told.startswith("Error: ")
    assert "no such file" in told
    assert "Traceback" not in told


@pytest.mark.parametrize("door", [[], ["check"], ["compact"]])
def test_every_door_has_help_with_an_example(door: list[str], tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    command = [sys.executable, "-m", "data", *door, "--help"]
    told = subprocess.run(command, capture_output=True, text=True, env=environment, cwd=tmp_path, check=True)
    assert "Example: python -m data" in told.stdout
    assert list(tmp_path.iterdir()) == []


def test_a_mistake_of_ours_is_not_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    broken = typer.Typer()

    @broken.command()
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(sys, "argv", ["python -m broken"])
    with pytest.raises(ZeroDivisionError):
        open_door(broken)
