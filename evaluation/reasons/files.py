"""The files of the reasons: the figures, the page and the model card. None of them tells of a single customer, but
for the anonymous dots of the drawings."""

from dataclasses import asdict
from pathlib import Path

from evaluation.dependence import Dependence
from evaluation.folder import plain, write_json, write_whole
from evaluation.reasons.result import Grounds

FILES = ("reasons.json", "reasons.html", "model_card.md")


def write_grounds(out: Path, found: Grounds, page: str, card: str) -> None:
    """Writes `reasons.json`, `reasons.html` and `model_card.md` into `out`, leaving other files there alone."""

    def write(draft: Path) -> None:
        write_json(draft / "reasons.json", figures(found))
        (draft / "reasons.html").write_text(page, encoding="utf-8")
        (draft / "model_card.md").write_text(card, encoding="utf-8")

    write_whole(out, FILES, write)


def figures(found: Grounds) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined."""
    return {
        "book": found.book.name,
        "cutoff": found.cutoff,
        "versions": [found.bundle.version, found.again],
        "customers": found.customers,
        "explained": found.explained,
        "stability": [plain(asdict(seen)) for seen in found.stabilities],
        "groups": [plain(asdict(group)) for group in found.groups],
        "features": [plain(asdict(driver)) for driver in found.drivers],
        "dependence": [_row(seen) for seen in found.dependences],
        "both_seeds": [plain(asdict(pair)) for pair in found.pairs],
        "seed": found.seed,
    }


def _row(seen: Dependence) -> dict[str, object]:
    return {
        "target": seen.target,
        "feature": seen.feature.name,
        "steps": [plain(asdict(step)) for step in seen.steps],
        "missing": plain(asdict(seen.missing)) if seen.missing else None,
    }
