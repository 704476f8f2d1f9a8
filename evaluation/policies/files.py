"""The files of the proof: the figures and the page."""

from dataclasses import asdict, fields
from pathlib import Path

from evaluation.folder import plain, write_report
from evaluation.policies.result import Difference, Proof


def write_proof(out: Path, found: Proof, page: str) -> None:
    """Writes `policies.json` and `policies.html` into `out`, leaving other files there alone."""
    write_report(out, "policies", figures(found), page)


def figures(found: Proof) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined."""
    told = {field.name: getattr(found, field.name) for field in fields(found)}
    whole = {
        **told,
        "book": found.book.name,
        "currency": found.book.currency,
        "replayed": [asdict(each) for each in found.replayed],
        "figures": [asdict(row) for row in found.figures],
        "differences": [_judged(row) for row in found.differences],
        "care": asdict(found.care) if found.care else None,
    }
    return {name: plain(value) for name, value in whole.items()}


def _judged(row: Difference) -> dict[str, object]:
    return {**asdict(row), "verdict": row.verdict}
