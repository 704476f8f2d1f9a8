"""The files of a backtest: predictions, figures and the page."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from evaluation.folder import plain, write_json, write_whole
from evaluation.results import Results

TABLES = ("predictions.parquet", "rolling.parquet")
FILES = (*TABLES, "comparisons.json", "grade.json", "metrics.json", "views.json", "index.html")
VIEWS = ("tiers", "cohorts", "drivers", "driver_groups")


def write_results(out: Path, results: Results, page: str) -> None:
    """Writes the files of a backtest into `out`, leaving other files there alone."""
    write_whole(out, FILES, lambda draft: _write_all(draft, results, page))


def _write_all(folder: Path, results: Results, page: str) -> None:
    results.predictions.write_parquet(folder / "predictions.parquet")
    if results.rolling is not None:
        results.rolling.write_parquet(folder / "rolling.parquet")
    write_json(folder / "comparisons.json", [plain(asdict(row)) for row in results.judgement.comparisons])
    if results.grade is not None:
        write_json(folder / "grade.json", plain(asdict(results.grade)))
    write_json(folder / "metrics.json", [plain(asdict(row)) for row in results.judgement.metrics])
    write_json(folder / "views.json", {name: _rows(getattr(results, name)) for name in VIEWS})
    (folder / "index.html").write_text(page, encoding="utf-8")


def _rows(measured: Sequence[Any]) -> list[object]:
    return [plain(asdict(row)) for row in measured]
