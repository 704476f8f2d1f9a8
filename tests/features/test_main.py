from __future__ import annotations

import json
from pathlib import Path

import polars as pl
import pytest
from typer.testing import CliRunner

from data.errors import TierwiseError
from features.__main__ import app
from features.catalog import NAMES

BOOK = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"

[roles]
order = "purchase"

[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
time_zone = "Europe/Berlin"
columns = { customer_id = "customer", time = "at", amount = "amount", product = "what" }

[[profiles]]
name = "people"
path = "people.csv"
customer_id = "customer"
known_from = 2020-01-01
columns = { industry = "category", size = "number" }
"""
ORDERS = """customer,at,amount,what
a,2021-03-01 10:00,10,x
a,2021-03-11 10:00,30,y
b,2021-03-20 23:30,5,x
"""
PEOPLE = """customer,industry,size
a,steel,7
b,paper,
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a book, which is also where the command runs."""
    for name, text in (("shop.toml", BOOK), ("orders.csv", ORDERS), ("people.csv", PEOPLE)):
        (tmp_path / name).write_text(text)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> str:
    """What the command prints."""
    result = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def build(out: str, *cutoffs: str) -> str:
    """Builds the shop's features."""
    chosen = [part for cutoff in cutoffs for part in ("--cutoff", cutoff)]
    return run("build", "shop.toml", *chosen, "--out", out)


def test_a_book_becomes_a_parquet_file_of_named_columns(folder: Path) -> None:
    assert f"4 rows of {len(NAMES) + 4} columns" in build("f.parquet", "2021-03-20", "2021-03-10")
    table = pl.read_parquet(folder / "f.parquet")
    assert table.columns[:4] == ["customer_id", "cutoff", "orders", "spend"]
    assert table["customer_id"].to_list() == ["a", "b", "a", "b"]
    assert table["orders"].to_list() == [2, 1, 1, 0]
    assert table["mean_gap_days"].to_list() == [10, None, None, None]
    assert table["profile_industry"].to_list() == ["steel", "paper", "steel", "paper"]
    assert table["profile_size"].to_list() == [7, None, 7, None]
    assert table["cutoff"][0].isoformat() == "2021-03-20T22:59:59.999999+00:00"


def test_a_cutoff_given_twice_counts_once(folder: Path) -> None:
    assert "2 rows of" in build("f.parquet", "2021-03-20", "2021-03-20")
    assert pl.read_parquet(folder / "f.parquet")["customer_id"].to_list() == ["a", "b"]


def test_csv_and_parquet_hold_the_same_table(folder: Path) -> None:
    build("f.csv", "2021-03-20")
    build("f.parquet", "2021-03-20")
    text, table = pl.read_csv(folder / "f.csv"), pl.read_parquet(folder / "f.parquet")
    assert text.columns == table.columns
    assert text["spend"].to_list() == table["spend"].to_list() == [40.0, 5.0]
    assert text["overdue_ratio"].to_list() == table["overdue_ratio"].to_list()


def test_building_again_gives_the_same_bytes(folder: Path) -> None:
    build("f.parquet", "2021-03-20")
    before = (folder / "f.parquet").read_bytes()
    build("f.parquet", "2021-03-20")
    assert (folder / "f.parquet").read_bytes() == before
    assert list(folder.glob(".f.*")) == []


@pytest.mark.parametrize(
    ("cutoff", "out", "message"),
    [
        (
            "2021-02-28",
            "f.csv",
            "nothing had happened yet; the first event of book shop is of 2021-03-01T10:00",
        ),
        ("2021-03-20", "f.xlsx", 'expected a file that ends in .parquet, .csv, got ".xlsx"'),
        ("2021-03-20", "f.parquett", 'did you mean ".parquet"'),
        ("2021-03-20", "nowhere/f.csv", "expected a file in a folder that exists"),
        ("yesterday", "f.csv", "expected a date such as"),
    ],
)
def test_what_a_user_can_put_right_is_told_and_nothing_is_written(
    folder: Path, cutoff: str, out: str, message: str
) -> None:
    with pytest.raises(TierwiseError) as error:
        build(out, cutoff)
    assert message in str(error.value)
    assert not (folder / out).exists()


def test_a_failure_half_way_leaves_the_old_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build("f.csv", "2021-03-20")
    before = (folder / "f.csv").read_bytes()

    def break_down(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("features.sheets.CsvWriter.write", break_down)
    with pytest.raises(TierwiseError, match="cannot be written: No space left on device"):
        build("f.csv", "2021-03-11")
    assert (folder / "f.csv").read_bytes() == before
    assert list(folder.glob(".f.*")) == []


def test_the_catalogue_is_printed_as_markdown() -> None:
    page = run("catalog")
    assert page.startswith("# Features\n")
    for name in NAMES:
        assert f"| `{name}` |" in page


def test_the_catalogue_becomes_a_page(folder: Path) -> None:
    run("catalog", "--out", "page.md")
    assert (folder / "page.md").read_text(encoding="utf-8") == run("catalog")


def test_the_benchmark_sets_both_versions_side_by_side(folder: Path) -> None:
    page = run("bench", "--events", "10000", "--out", "bench.json")
    for part in ("0.01 M x 1", "0.01 M x 6", "shared", "Polars", "from arrays", "from JSON", "peak MB"):
        assert part in page
    figures = json.loads((folder / "bench.json").read_text())
    assert [race["difference"] < 1e-9 for race in figures["races"]] == [True, True]
    (stream,) = figures["streams"]
    assert stream["rows"] == 100 * stream["cutoffs"]


@pytest.mark.parametrize("command", [[], ["build"], ["catalog"], ["bench"]])
def test_every_command_has_help_with_an_example(command: list[str]) -> None:
    page = run(*command, "--help")
    assert ("Example: python -m features" in page) == bool(command)
