"""What the signals are worth, as a table in the terminal."""

from rich.table import Table

from evaluation.interval import Estimate
from evaluation.signals.figures import Measured, SignalWorth
from evaluation.signals.page import ranked
from evaluation.signals.wording import VERDICTS, between, half_life, half_life_between, percent, ratio

COLUMNS = ("ever", "now", "cases", "converted", "against\neverybody", "against\nas active", "half-life")


def table_of(measured: Measured) -> Table:
    """A line per signal, the best first."""
    whole = measured.signals[0].converts
    title = (
        f"Signals of {measured.book.name}: {whole.asked:,} cases at {len(measured.cutoffs)} cutoffs to "
        f"{measured.cutoffs[-1]}, of which {percent(whole.asked_rate)} converted within {measured.horizon_days} days"
    )
    table = Table(title=title, title_justify="left")
    table.add_column("signal")
    for name in COLUMNS:
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("verdict", no_wrap=True)
    for worth in ranked(measured.signals):
        table.add_row(worth.signal.words.en, *_figures(worth), VERDICTS[worth.verdict])
    return table


def _figures(worth: SignalWorth) -> tuple[str, ...]:
    return (
        percent(worth.fires.ever_share),
        percent(worth.fires.share_shown),
        f"{worth.converts.shown:,}",
        percent(worth.converts.shown_rate),
        _ratio(worth.lift),
        _ratio(worth.comparable_lift),
        f"{half_life(worth.half_life)}\n{half_life_between(worth.half_life)}".strip(),
    )


def _ratio(estimate: Estimate) -> str:
    return f"{ratio(estimate.value)}\n{between(estimate)}".strip()
