"""The files of the tiers: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.folder import plain, write_report
from evaluation.tiering.flows import FROM
from evaluation.tiering.result import Tiering
from serving.tiers.ladder import TIERS


def write_tiers(out: Path, found: Tiering, page: str) -> None:
    """Writes `tiers.json` and `tiers.html` into `out`, leaving other files there alone."""
    write_report(out, "tiers", figures(found), page)


def figures(found: Tiering) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined or not asked."""
    whole = {name: plain(value) for name, value in asdict(found).items()}
    flows = {name: dict(zip(TIERS, row, strict=True)) for name, row in zip(FROM, found.flows, strict=True)}
    return {**whole, "flows": flows}
