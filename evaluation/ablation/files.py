"""The files of an ablation: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.ablation.result import Ablation
from evaluation.folder import plain, write_report


def write_ablation(out: Path, ablation: Ablation, page: str) -> None:
    """Writes `ablation.json` and `ablation.html` into `out`, leaving other files there alone."""
    write_report(out, "ablation", figures(ablation), page)


def figures(ablation: Ablation) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined."""
    return {
        "book": ablation.book.name,
        "cutoff": ablation.cutoff,
        "families": [asdict(part) for part in ablation.parts],
        "silent": list(ablation.silent),
        "worths": [plain(asdict(worth)) for worth in ablation.worths],
        "comparisons": [plain(asdict(row)) for row in ablation.comparisons],
        "seed": ablation.seed,
    }
