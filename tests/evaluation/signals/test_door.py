import json
import sys
from html.parser import HTMLParser
from pathlib import Path

import pytest
from typer.testing import CliRunner

from data.doors import open_door
from evaluation.__main__ import app

SIGNALS = """
[[signals]]
name = "quick"
words = { en = "Two <quick> orders", zh = "快速再购" }
pattern = ["purchase", "purchase"]
days = 14

[[signals]]
name = "visited"
words = { en = "Came by", zh = "来访" }
pattern = ["visit"]
days = 7
"""


@pytest.fixture(scope="module")
def measured(shop: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the door writes for the shop with two signals."""
    work = tmp_path_factory.mktemp("signals")
    book = shop.parent / "watchful.toml"
    book.write_text(shop.read_text().replace('name = "shop"', 'name = "watchful"', 1) + SIGNALS, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(work)
        outcome = CliRunner().invoke(app, ["signals", str(book), "--out", "out", "--seed", "5"])
    assert outcome.exit_code == 0, outcome.output
    assert "Two <quick> orders" in outcome.output
    return work / "out"


def rows(folder: Path) -> dict[str, dict]:
    return {row["signal"]: row for row in json.loads((folder / "signals.json").read_text())}


def test_every_signal_has_a_whole_row(measured: Path) -> None:
    found = rows(measured)
    assert list(found) == ["quick", "visited"]
    assert set(found["quick"]) == set(found["visited"])
    quick = found["quick"]
    assert quick["words"] == {"en": "Two <quick> orders", "zh": "快速再购"}
    assert (quick["horizon_days"], quick["population"], quick["seed"]) == (30, "everyone", 5)
    assert quick["cutoffs"][-1] == "2024-05-30"
    assert quick["lift"]["low"] < quick["lift"]["value"] < quick["lift"]["high"]
    assert quick["converts"]["shown"] > quick["converts"]["shown_customers"] > 30
    assert quick["converts"]["shown_rate"] == quick["converts"]["shown_converted"] / quick["converts"]["shown"]


def test_what_never_fired_is_null_in_the_file(measured: Path) -> None:
    row = rows(measured)["visited"]
    assert row["verdict"] == "too_rare"
    assert row["lift"] == row["comparable_lift"] == {"value": None, "low": None, "high": None}
    assert row["half_life"]["days"]["value"] is None
    assert (row["fires"]["times"], row["converts"]["shown_rate"]) == (0, None)


def test_the_page_stands_alone_and_names_every_signal(measured: Path) -> None:
    page = (measured / "signals.html").read_text()
    HTMLParser().feed(page)
    assert "Two &lt;quick&gt; orders" in page
    assert "来访" in page
    assert "<quick>" not in page
    assert "http-equiv" not in page
    assert "src=" not in page
    assert 'href="http' not in page
    assert "nan" not in page.replace("nance", "")


def test_the_same_seed_gives_the_same_files(measured: Path, shop: Path, monkeypatch) -> None:
    monkeypatch.chdir(measured.parent)
    book = str(shop.parent / "watchful.toml")
    CliRunner().invoke(app, ["signals", book, "--out", "again", "--seed", "5"])
    for name in ("signals.json", "signals.html"):
        assert (measured.parent / "again" / name).read_bytes() == (measured / name).read_bytes()


def test_help_shows_an_example() -> None:
    assert "Example: python -m evaluation signals trade" in CliRunner().invoke(app, ["signals", "--help"]).output


def test_a_book_without_signals_is_told_the_keys(shop: Path, tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["evaluation", "signals", str(shop), "--out", "out"])
    with pytest.raises(SystemExit) as stopped:
        open_door(app)
    said = capsys.readouterr().err
    assert stopped.value.code == 2
    assert 'signal_set = "trade"' in said
    assert "[[signals]]" in said
    assert not (tmp_path / "out").exists()
