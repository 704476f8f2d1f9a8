"""The folder of a backtest: every file whole, and none of an earlier run left among them."""

import json
import math
import os
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

from evaluation.comparison import ComparisonRow, MetricRow
from evaluation.errors import EvaluationError
from evaluation.grade import Grade
from evaluation.results import Results

TABLES = ("predictions.parquet", "rolling.parquet")
FILES = (*TABLES, "comparisons.json", "grade.json", "metrics.json", "index.html")


def check_folder(out: Path) -> None:
    """Raises EvaluationError where results cannot be written, before hours were spent on them."""
    nearest = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise EvaluationError(f"--out {out}: {nearest} is a file; name a folder")
    if not os.access(nearest, os.W_OK):
        raise EvaluationError(f"--out {out}: {nearest} cannot be written to; name another folder")


def write_results(out: Path, results: Results, page: str) -> None:
    """Writes the files of a backtest into `out`, leaving other files there alone.

    They are finished in a draft on the same disk and then moved in, so that none is ever half-written.
    """
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=out if out.exists() else out.parent, prefix=".draft-"))
    try:
        _write_all(draft, results, page)
        _move_in(draft, out)
    finally:
        shutil.rmtree(draft)


def _write_all(folder: Path, results: Results, page: str) -> None:
    results.predictions.write_parquet(folder / "predictions.parquet")
    if results.rolling is not None:
        results.rolling.write_parquet(folder / "rolling.parquet")
    _write_json(folder / "comparisons.json", [_plain(row) for row in results.judgement.comparisons])
    if results.grade is not None:
        _write_json(folder / "grade.json", _plain(results.grade))
    _write_json(folder / "metrics.json", [_plain(row) for row in results.judgement.metrics])
    (folder / "index.html").write_text(page, encoding="utf-8")


def _write_json(file: Path, value: object) -> None:
    file.write_text(json.dumps(value, indent=1, allow_nan=False) + "\n", encoding="utf-8")


def _plain(row: MetricRow | ComparisonRow | Grade) -> dict[str, object]:
    """A row as JSON knows it: what is not defined is null."""
    return {
        key: None if isinstance(value, float) and not math.isfinite(value) else value
        for key, value in asdict(row).items()
    }


def _move_in(draft: Path, out: Path) -> None:
    out.mkdir(exist_ok=True)
    for name in FILES:
        if (draft / name).exists():
            (draft / name).replace(out / name)
        else:
            (out / name).unlink(missing_ok=True)
