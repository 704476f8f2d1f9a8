"""Our metrics at every horizon that the model answers for."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from evaluation import wording
from evaluation.comparison import OURS, MetricRow
from evaluation.views.standings import figure, spread


@dataclass(frozen=True)
class Line:
    """A horizon, whether it is the main one, and (value, interval) of every metric."""

    days: int
    main: bool
    cells: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Part:
    """One target at several horizons."""

    title: str
    columns: tuple[str, ...]
    lines: tuple[Line, ...]


def parts(rows: Sequence[MetricRow], main: dict[str, int]) -> Iterator[Part]:
    """A part for every target that was judged at more than its main horizon; `rows` are of one cutoff."""
    for target, words in wording.TARGETS.items():
        ours = [row for row in rows if (row.model, row.target) == (OURS, target) and row.metric in wording.METRICS]
        days = sorted({row.horizon_days for row in ours})
        if len(days) > 1:
            metrics = [name for name in wording.METRICS if any(row.metric == name for row in ours)]
            lines = tuple(_line(day, day == main[target], metrics, ours) for day in days)
            yield Part(words.title, tuple(wording.METRICS[name].title for name in metrics), lines)


def _line(days: int, main: bool, metrics: Sequence[str], ours: Sequence[MetricRow]) -> Line:
    found = {row.metric: row for row in ours if row.horizon_days == days}
    return Line(days, main, tuple((figure(name, found[name].value), spread(found[name])) for name in metrics))
