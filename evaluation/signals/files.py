"""The files of the signals: the figures and the page."""

from dataclasses import asdict
from pathlib import Path

from evaluation.folder import plain, write_report
from evaluation.signals.figures import Measured, SignalWorth


def write_signals(out: Path, measured: Measured, page: str) -> None:
    """Writes `signals.json`, a row per signal, and `signals.html` into `out`, leaving other files there alone."""
    write_report(out, "signals", [row(measured, worth) for worth in measured.signals], page)


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
