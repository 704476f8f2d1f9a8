import json
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from evaluation.comparison import Judgement, MetricRow
from evaluation.errors import EvaluationError
from evaluation.files import write_results
from evaluation.folder import check_folder
from evaluation.predictions import SCHEMA
from evaluation.results import Results


@pytest.fixture
def results(make_book) -> Results:
    row = MetricRow("shop", "2024-07-19", 60, "churn", "tierwise", "auc", np.nan, np.nan, np.nan, 1)
    return Results(
        book=make_book(),
        predictions=pl.DataFrame(schema=SCHEMA),
        rolling=None,
        judgement=Judgement((row,), ()),
        grade=None,
        degraded=(),
        seed=0,
    )


def names(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()}


def test_files_are_written_and_no_draft_is_left(tmp_path: Path, results: Results) -> None:
    write_results(tmp_path / "a" / "out", results, "<p>page</p>")
    assert names(tmp_path / "a") == {"out"}
    assert names(tmp_path / "a" / "out") == {
        "predictions.parquet",
        "metrics.json",
        "comparisons.json",
        "views.json",
        "index.html",
    }


def test_what_is_not_defined_is_null(tmp_path: Path, results: Results) -> None:
    write_results(tmp_path / "out", results, "")
    (row,) = json.loads((tmp_path / "out" / "metrics.json").read_text())
    assert (row["value"], row["low"], row["high"], row["n"]) == (None, None, None, 1)


def test_a_failure_leaves_the_earlier_files_as_they_were(tmp_path: Path, results: Results, monkeypatch) -> None:
    out = tmp_path / "out"
    write_results(out, results, "first")
    before = {file.name: file.read_bytes() for file in out.iterdir()}

    def full_disk(*_: object, **__: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(Path, "write_text", full_disk)
    with pytest.raises(OSError, match="no space left"):
        write_results(out, results, "second")
    assert {file.name: file.read_bytes() for file in out.iterdir()} == before
    assert not [name for name in names(tmp_path) if name.startswith(".")]


def test_a_failure_makes_no_folder(tmp_path: Path, results: Results, monkeypatch) -> None:
    monkeypatch.setattr(pl.DataFrame, "write_parquet", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        write_results(tmp_path / "out", results, "")
    assert "out" not in names(tmp_path)


def test_files_of_an_earlier_run_do_not_stay_among_new_ones(tmp_path: Path, results: Results) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "rolling.parquet").write_text("old")
    (out / "recommendations.parquet").write_text("somebody else's")
    write_results(out, results, "")
    assert "rolling.parquet" not in names(out)
    assert (out / "recommendations.parquet").read_text() == "somebody else's"


def test_a_file_cannot_take_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    for out in (tmp_path / "out", tmp_path / "out" / "below" / "it"):
        with pytest.raises(EvaluationError, match="out is a file; name a folder"):
            check_folder(out)
    check_folder(tmp_path / "new" / "folder")
