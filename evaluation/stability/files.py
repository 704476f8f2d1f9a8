"""The files of stability: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.folder import plain, write_report
from evaluation.stability.result import WHO, Stability


def write_stability(out: Path, found: Stability, page: str) -> None:
    """Writes `stability.json` and `stability.html` into `out`, leaving other files there alone."""
    write_report(out, "stability", figures(found), page)


def figures(found: Stability) -> dict[str, object]:
    """Everything that was measured, as plain JSON values; null where undefined or not known."""
    whole = {
        **asdict(found),
        "moves": {who: found.moves(who) for who in WHO},
        "flaps": {who: found.flaps(who) for who in WHO},
        "best": {who: found.best(who) for who in WHO},
        "flaps_share": found.flaps_share,
        "over_seats": found.over,
        "met": found.met,
    }
    return {name: plain(value) for name, value in whole.items()}
