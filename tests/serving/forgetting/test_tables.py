"""Tables of customers: only the rows of one customer of one book leave them."""

import csv
from pathlib import Path

import polars as pl
import pytest

from data.drafts import draft_of
from data.errors import StoreError
from serving.forgetting.tables import Whose, rewrite, sweep_drafts, tables_with

ANNA = Whose("anna", "shop", frozenset({"of another"}))


def without_anna(file: Path) -> int:
    """Rewrites the file; answers how many rows were hers."""
    found = tables_with(ANNA, iter([file]))
    for table in found:
        rewrite(table, ANNA)
    assert tables_with(ANNA, iter([file])) == []
    return sum(table.rows for table in found)


@pytest.mark.parametrize("compression", ["zstd", "uncompressed", "snappy"])
def test_rows_leave_a_parquet_file_and_all_else_stays(tmp_path: Path, compression: str) -> None:
    file = tmp_path / "rows.parquet"
    rows = pl.DataFrame({"customer_id": ["anna", "bert", None, "anna"] * 50, "value": [1.5, None, 2.0, 3.0] * 50})
    rows.write_parquet(file, row_group_size=30, compression=compression)  # type: ignore[arg-type]
    assert without_anna(file) == 100
    assert pl.read_parquet(file).equals(rows.filter(pl.col("customer_id").ne_missing("anna")))
    assert b"anna" not in file.read_bytes()
    assert list(tmp_path.iterdir()) == [file]


def test_ids_may_be_numbers(tmp_path: Path) -> None:
    file = tmp_path / "rows.parquet"
    pl.DataFrame({"customer_id": [7, 77]}).write_parquet(file)
    (table,) = tables_with(Whose("7", "shop", frozenset()), iter([file]))
    rewrite(table, Whose("7", "shop", frozenset()))
    assert pl.read_parquet(file)["customer_id"].to_list() == [77]


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_rows_leave_a_csv_file_and_all_else_keeps_its_bytes(tmp_path: Path, end: str) -> None:
    file = tmp_path / "rows.csv"
    lines = ["customer_id,text", 'bert,"a, ""b"""', 'anna,"two\nlines"', "客户,", "ann,anna"]
    file.write_bytes(end.join([*lines, ""]).encode())
    assert without_anna(file) == 1
    del lines[2]
    assert file.read_bytes() == end.join([*lines, ""]).encode()


def test_a_field_of_a_table_may_be_long(tmp_path: Path) -> None:
    file = tmp_path / "rows.csv"
    with file.open("w", newline="") as sheet:
        csv.writer(sheet).writerows([["customer_id", "text"], ["anna", "x" * 200_000], ["bert", "x" * 200_000]])
    assert without_anna(file) == 1


def test_customers_of_other_books_with_the_same_id_stay(tmp_path: Path) -> None:
    file, other = tmp_path / "predictions.parquet", tmp_path / "scores.csv"
    pl.DataFrame({"book": ["shop", "other", None], "customer_id": ["anna"] * 3}).write_parquet(file)
    other.write_text("customer_id,plan_version\nanna,of another\nanna,own\n")
    assert without_anna(file) == 2
    assert pl.read_parquet(file)["book"].to_list() == ["other"]
    assert without_anna(other) == 1
    assert other.read_text() == "customer_id,plan_version\nanna,of another\n"


def test_files_without_the_customer_are_not_touched(tmp_path: Path) -> None:
    texts = {"a.csv": "customer,x\nanna,1\n", "b.csv": "customer_id\nbert\n", "c.csv": "", "d.txt": "customer_id\nanna"}
    files = [tmp_path / name for name in texts]
    for file in files:
        file.write_text(texts[file.name])
    assert tables_with(ANNA, iter(files)) == []


def test_a_damaged_table_is_told(tmp_path: Path) -> None:
    (tmp_path / "rows.parquet").write_bytes(b"PAR1")
    with pytest.raises(StoreError, match="not a readable Parquet file"):
        tables_with(ANNA, iter([tmp_path / "rows.parquet"]))


def test_drafts_of_killed_processes_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    own, left = draft_of(tmp_path / "rows.csv"), tmp_path / ".rows.csv.4194304999"
    for file in (own, left, tmp_path / ".hidden"):
        file.touch()
    sweep_drafts(iter(sorted(tmp_path.iterdir())))
    assert sorted(tmp_path.iterdir()) == sorted([own, tmp_path / ".hidden"])
