"""The files of a backtest: predictions, figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.folder import plain, write_json, write_whole
from evaluation.results import Results

TABLES = ("predictions.parquet", "rolling.parquet")
FILES = (*TABLES, "comparisons.json", "grade.json", "metrics.json", "index.html")


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
    (folder / "index.html").write_text(page, encoding="utf-8")
