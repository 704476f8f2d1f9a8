"""Where overviews stand: one file a plan, which takes its place whole."""

from functools import lru_cache
from pathlib import Path

from pydantic import ValidationError

from data.drafts import replace_durably, sweep
from serving.overview.overview import Overview


def save(overview: Overview, home: Path) -> Path:
    """Writes `<home>/<book>/overviews/<plan version>.json`, whole or not at all."""
    file = _file(overview.book, overview.plan_version, home)
    file.parent.mkdir(parents=True, exist_ok=True)
    sweep(file)
    replace_durably(file, overview.model_dump_json().encode())
    return file


def load(book: str, plan_version: str, home: Path) -> Overview | None:
    """The overview of a plan; None where `score` has written none, or one that this program does not understand."""
    file = _file(book, plan_version, home)
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValidationError):
        return None


@lru_cache(maxsize=8)
def _read(file: Path, _: int) -> Overview:
    """The overview in a file, read again where the file is another one."""
    return Overview.model_validate_json(file.read_bytes())


def _file(book: str, plan_version: str, home: Path) -> Path:
    return home / book / "overviews" / f"{plan_version}.json"
