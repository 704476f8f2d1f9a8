"""The files of an audit: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.audit.result import Audit
from evaluation.folder import plain, write_report
from training.audit.scan import Scan


def write_audit(out: Path, audit: Audit, page: str) -> None:
    """Writes `audit.json` and `audit.html` into `out`, leaving other files there alone."""
    write_report(out, "audit", figures(audit), page)


def figures(audit: Audit) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined."""
    return {
        "book": audit.book.name,
        "cutoff": audit.cutoff,
        "suspects": [plain(asdict(suspect)) for suspect in audit.suspects],
        "shuffled_labels": [plain(asdict(row) | {"passed": row.passed}) for row in audit.shuffles],
        "planted_leaks": [plain(asdict(row) | {"passed": row.passed}) for row in audit.planted],
        "checks": [plain(asdict(row) | {"passed": row.passed}) for row in audit.checks],
        "events_known": [plain(asdict(row)) for row in audit.known],
        "features": [_row(found) for found in audit.scans],
        "seed": audit.seed,
    }


def _row(found: Scan) -> dict[str, object]:
    return {
        "target": found.target,
        "honest": [plain(asdict(strength)) for strength in found.honest.values()],
        "alone": [plain(asdict(strength)) for strength in found.strengths],
    }
