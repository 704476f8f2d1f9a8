"""The files of the signals: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.folder import plain, write_json, write_whole
from evaluation.signals.figures import Measured, SignalWorth

FILES = ("signals.json", "signals.html")


def write_signals(out: Path, measured: Measured, page: str) -> None:
    """Writes `signals.json`, a row per signal, and `signals.html` into `out`, leaving other files there alone."""

    def write(draft: Path) -> None:
        write_json(draft / "signals.json", [row(measured, worth) for worth in measured.signals])
        (draft / "signals.html").write_text(page, encoding="utf-8")

    write_whole(out, FILES, write)


def row(measured: Measured, worth: SignalWorth) -> dict[str, object]:
    """A signal's figures and what they were measured on, as plain JSON values; null where undefined."""
    figures = asdict(worth)
    del figures["signal"]
    return {
        "book": measured.book.name,
        "signal": worth.signal.name,
        "words": worth.signal.words.model_dump(),
        "days": worth.signal.days,
        "cutoffs": list(measured.cutoffs),
        "horizon_days": measured.horizon_days,
        "population": measured.population,
        **{name: plain(value) for name, value in figures.items()},
        "seed": measured.seed,
    }
