"""The files of the ceiling: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.ceiling.result import Ceiling, Gap, Held
from evaluation.folder import plain, write_report


def write_ceiling(out: Path, found: Ceiling, page: str) -> None:
    """Writes `ceiling.json` and `ceiling.html` into `out`, leaving other files there alone."""
    write_report(out, "ceiling", figures(found), page)


def figures(found: Ceiling) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined or not asked."""
    whole = {
        **asdict(found),
        "gaps": [_judged(row) for row in found.gaps],
        "coverage": [_judged(row) for row in found.coverage],
        "met": found.met,
    }
    return {name: plain(value) for name, value in whole.items()}


def _judged(row: Gap | Held) -> dict[str, object]:
    return {**asdict(row), "met": row.met}
