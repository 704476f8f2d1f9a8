"""The folder of results: every file whole, and none of an earlier run left among them."""

import json
import math
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from evaluation.errors import EvaluationError


def check_folder(out: Path) -> None:
    """Raises EvaluationError where results cannot be written, before hours were spent on them."""
    nearest = next(place for place in (out, *out.absolute().parents) if place.exists())
    if not nearest.is_dir():
        raise EvaluationError(f"--out {out}: {nearest} is a file; name a folder")
    if not os.access(nearest, os.W_OK):
        raise EvaluationError(f"--out {out}: {nearest} cannot be written to; name another folder")


def write_whole(out: Path, names: Sequence[str], write: Callable[[Path], None]) -> None:
    """Lets `write` fill a draft on the same disk and then moves its files into `out`, so that none is ever
    half-written; those of `names` that it did not write are removed there."""
    out.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(dir=out if out.exists() else out.parent, prefix=".draft-"))
    try:
        write(draft)
        _move_in(draft, out, names)
    finally:
        shutil.rmtree(draft)


def write_report(out: Path, stem: str, figures: object, page: str) -> None:
    """Writes the figures as `stem`.json and the page as `stem`.html into `out`, leaving other files there alone."""

    def write(draft: Path) -> None:
        write_json(draft / f"{stem}.json", figures)
        (draft / f"{stem}.html").write_text(page, encoding="utf-8")

    write_whole(out, (f"{stem}.json", f"{stem}.html"), write)


def write_json(file: Path, value: object) -> None:
    """Writes plain values; raises ValueError for a number that JSON does not know."""
    file.write_text(json.dumps(value, indent=1, allow_nan=False, ensure_ascii=False) + "\n", encoding="utf-8")


def plain(value: object) -> object:
    """What `asdict` gave, as JSON knows it: what is not defined is null."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: plain(part) for key, part in value.items()}
    return [plain(part) for part in value] if isinstance(value, list | tuple) else value


def _move_in(draft: Path, out: Path, names: Sequence[str]) -> None:
    out.mkdir(exist_ok=True)
    for name in names:
        if (draft / name).exists():
            (draft / name).replace(out / name)
        else:
            (out / name).unlink(missing_ok=True)
