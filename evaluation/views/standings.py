"""Every model's metrics on one question, side by side, and what the comparison with ours says."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.settings.book import Book
from evaluation import wording
from evaluation.baselines import BASELINES
from evaluation.comparison import OURS, Asked, ComparisonRow, Judgement, MetricRow
from training.metrics import METRICS

Floats = NDArray[np.float64]

BETTER = {metric.name: metric.better for metric in METRICS}
VERDICTS = {"better": "better", "worse": "worse", "tie": "no separable difference"}
MEANINGS = {(baseline.target, baseline.name): baseline.meaning for baseline in BASELINES}


@dataclass(frozen=True)
class Cell:
    """A metric of a model, its interval, and what its comparison with ours says."""

    value: str
    interval: str
    verdict: str
    hint: str


@dataclass(frozen=True)
class Line:
    """A model's row of the table."""

    name: str
    meaning: str
    ours: bool
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """A question's metrics (title, direction), the models' lines, and the outcome in a sentence each."""

    title: str
    asks: str
    happened: str
    columns: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    outcomes: tuple[str, ...]


def standings(book: Book, asked: Asked, truth: Floats, judgement: Judgement) -> Table:
    """The table of a question whose labels are `truth`, shape (n,)."""
    words = wording.TARGETS[asked.target]
    rows = [row for row in judgement.metrics if _answers(row, asked)]
    comparisons = [row for row in judgement.comparisons if _answers(row, asked)]
    metrics = [name for name in wording.METRICS if any(row.metric == name for row in rows)]
    models = [model for model in wording.MODELS if any(row.model == model for row in rows)]
    return Table(
        title=words.title,
        asks=words.asks.format(days=asked.horizon_days),
        happened=words.happened.format(
            n=len(truth), mean=truth.mean(), share=(truth > 0).mean(), currency=book.currency
        ),
        columns=tuple((wording.METRICS[name].title, wording.DIRECTIONS[BETTER[name]]) for name in metrics),
        lines=tuple(_line(asked, model, metrics, rows, comparisons) for model in models),
        outcomes=tuple(_outcomes(comparisons, models)),
    )


def _answers(row: Asked, asked: Asked) -> bool:
    return (row.cutoff, row.target, row.horizon_days) == (asked.cutoff, asked.target, asked.horizon_days)


def _line(
    asked: Asked,
    model: str,
    metrics: Sequence[str],
    rows: Sequence[MetricRow],
    comparisons: Sequence[ComparisonRow],
) -> Line:
    own = {row.metric: row for row in rows if row.model == model}
    against = {row.metric: row for row in comparisons if row.baseline == model}
    return Line(
        name=wording.MODELS[model],
        meaning=MEANINGS.get((asked.target, model), "the model as it is served"),
        ours=model == OURS,
        cells=tuple(_cell(own[metric], against.get(metric)) for metric in metrics),
    )


def _cell(row: MetricRow, comparison: ComparisonRow | None) -> Cell:
    verdict = (comparison and comparison.verdict) or ""
    return Cell(
        value=figure(row.metric, row.value),
        interval=spread(row),
        verdict=verdict,
        hint=_hint(comparison) if comparison and verdict else "",
    )


def _hint(row: ComparisonRow) -> str:
    what = "distance from 1" if row.of == "distance_from_one" else wording.METRICS[row.metric].title
    difference, low, high = (figure(row.metric, value) for value in (row.difference, row.low, row.high))
    return f"{what}: {wording.MODELS[OURS]} − {wording.MODELS[row.baseline]} = {difference} ({low} to {high})"


def _outcomes(comparisons: Sequence[ComparisonRow], models: Sequence[str]) -> Iterator[str]:
    """Who won where, against every baseline that ranks customers at all."""
    if OURS not in models:
        yield wording.NEVER_HAPPENED.format(model=wording.MODELS[OURS])
        return
    for model in (model for model in models if model not in {OURS, "zero"}):
        found = {row.metric: row.verdict for row in comparisons if row.baseline == model}
        ordered = [metric for metric in wording.METRICS if metric in found]
        told = [
            f"{word} on {_listed(metric for metric in ordered if found[metric] == verdict)}"
            for verdict, word in VERDICTS.items()
            if verdict in found.values()
        ]
        yield f"Against {wording.MODELS[model]}: {'; '.join(told) or 'nothing can be said'}."


def _listed(metrics: Iterable[str]) -> str:
    *rest, last = (wording.METRICS[metric].title for metric in metrics)
    return f"{', '.join(rest)} and {last}" if rest else last


def spread(row: MetricRow) -> str:
    """The interval of a metric; empty where there is none."""
    return "" if np.isnan(row.low) else f"{figure(row.metric, row.low)} – {figure(row.metric, row.high)}"


def figure(metric: str, value: float) -> str:
    """A metric's value as people read it."""
    decimals = wording.METRICS[metric].decimals
    if np.isnan(value):
        return "–"
    if decimals is None:
        decimals = 0 if abs(value) >= 1000 else 1
    return f"{value:,.{decimals}f}".replace("-", "−")
