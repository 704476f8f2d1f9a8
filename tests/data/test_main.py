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
from data.doors import open_door
from data.events import Event
from data.ingest.opening import open_store
from data.settings.book import Book
from data.store.inbox import Inbox

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
    for part in (
        "2 events of 2 customers, 2021-03-01 to 2021-03-05",
        "1 time is not a date; set time_format",
        "1 bought",
    ):
        assert part in said
    assert "value cannot be net of returns" in said
    assert 'orders: a time such as "never" is not a date: set time_format' in said
    assert "training needs at least 30 customers who bought by the cutoff; there are 1" in said
    assert "-2" not in said
    assert "none: the history up to the cutoff is shorter than 12 days" in said


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ("c1,2021-03-05,visit,,,,\n", "no purchase was kept (role purchase: order)"),
        ("c1,2021-03-01,order,-5,1,p1,\nc1,2021-03-05,visit,,,,\n", "no purchase was kept"),
    ],
)
def test_check_without_a_purchase_fails_and_says_so(
    shop: Callable[..., Book],
    home: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    rows: str,
    said: str,
) -> None:
    book = shop(orders=HEADER + rows)
    assert run("check", book.file, "--home", home, monkeypatch=monkeypatch) == 2
    assert said in capsys.readouterr().err


def test_check_fails_when_everything_of_a_source_is_quarantined(
    shop: Callable[..., Book], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    visits = (
        '[[sources]]\nname = "web"\npath = "web.csv"\ntype = "visit"\n'
        'columns = { customer_id = "who", time = "when" }\n'
    )
    book = shop(orders=HEADER + ROWS, web="who,when\nc1,14.03.2021\n", more=visits)
    assert run("check", book.file, "--home", home, monkeypatch=monkeypatch) == 2
    told = capsys.readouterr()
    assert "web: every usable row is quarantined, none was kept" in told.err
    assert 'web: a time such as "14.03.2021" is not a date' in told.out


def test_check_tells_purchases_below_zero_with_the_lines_that_make_them_returns(
    shop: Callable[..., Book], home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = "c1,2021-03-01,order,10,1,p,o1\nc1,2021-03-01,order,-2,1,discount,o1\n"
    book = shop(orders=HEADER + rows + "c1,2021-03-05,order,-425,1,p,o2\nc1,2021-03-06,order,-1,1,p,\n")
    assert run("check", book.file, "--home", home, monkeypatch=monkeypatch) == 0
    said = capsys.readouterr().out
    assert "1 purchases with a negative amount as a whole, kept: map them to a return" in said
    assert "1 purchases with a negative amount: map them to a return" in said
    assert '{ type = "refund", where = { column = "amount", op = "<", value = 0 } },' in said
    assert '{ type = "visit", where = { column = "type", op = "equals", value = "visit" } },' in said


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
