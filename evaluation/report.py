"""The page of a backtest: what was predicted, what came, and how to read it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.book import Book
from evaluation import wording
from evaluation.ablation import wording as ablation_wording
from evaluation.ablation.page import section
from evaluation.baselines import BASELINES
from evaluation.comparison import DRAWS, OURS, Asked, ComparisonRow, Judgement, MetricRow, questions
from evaluation.page import templates, written_day
from evaluation.plots import gain_plot, money_plot, reliability_plot
from evaluation.results import Results
from serving.degraded import sentence
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


@dataclass(frozen=True)
class Section:
    """A target at the judged cutoff: its table and its plots, each with how to read it."""

    table: Table
    plots: tuple[tuple[str, str], ...]


def render(results: Results) -> str:
    """The page as one HTML text that needs nothing else: tables, plots and how they were made."""
    book, judgement = results.book, results.judgement
    shown = {row.metric for row in judgement.metrics}
    return (
        templates()
        .get_template("report.html")
        .render(
            title=book.title or book.name,
            cutoff=written_day(results.predictions["cutoff"][0]),
            sections=[_section(book, *asked, judgement) for asked in questions(results.predictions)],
            earlier=_earlier(book, results.rolling, judgement),
            grade=results.grade,
            ablation=section(results.ablation) if results.ablation else None,
            wording=ablation_wording,
            degraded=[sentence(code, "en") for code in results.degraded],
            metrics=[words for name, words in wording.METRICS.items() if name in shown],
            draws=DRAWS,
            seed=results.seed,
        )
    )


def _section(book: Book, asked: Asked, truth: Floats, forecasts: Mapping[str, Floats], judgement: Judgement) -> Section:
    words = wording.TARGETS[asked.target]
    gain = gain_plot(truth, forecasts, wording.MODELS, words.caught)
    if asked.target == "lifetime_value":
        level = money_plot(truth, forecasts[OURS], book.currency), wording.MONEY
    else:
        level = reliability_plot(truth, forecasts, wording.MODELS, words.event), wording.RELIABILITY
    return Section(_table(book, asked, truth, judgement), ((gain, wording.GAIN), level))


def _earlier(book: Book, rolling: pl.DataFrame | None, judgement: Judgement) -> list[tuple[str, list[Table]]]:
    if rolling is None:
        return []
    tables: dict[str, list[Table]] = {}
    for asked, truth, _ in questions(rolling):
        tables.setdefault(asked.cutoff, []).append(_table(book, asked, truth, judgement))
    return [(written_day(cutoff), found) for cutoff, found in tables.items()]


def _table(book: Book, asked: Asked, truth: Floats, judgement: Judgement) -> Table:
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
    return (row.cutoff, row.target) == (asked.cutoff, asked.target)


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
        interval="" if np.isnan(row.low) else f"{figure(row.metric, row.low)} – {figure(row.metric, row.high)}",
        verdict=verdict,
        hint=_hint(comparison) if comparison and verdict else "",
    )


def _hint(row: ComparisonRow) -> str:
    what = "distance from 1" if row.of == "distance_from_one" else wording.METRICS[row.metric].title
    difference, low, high = (figure(row.metric, value) for value in (row.difference, row.low, row.high))
    return f"{what}: {wording.MODELS[OURS]} − {wording.MODELS[row.baseline]} = {difference} ({low} to {high})"


def _outcomes(comparisons: Sequence[ComparisonRow], models: Sequence[str]) -> Iterator[str]:
    """Who won where, against every baseline that ranks customers at all."""
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


def figure(metric: str, value: float) -> str:
    """A metric's value as people read it."""
    decimals = wording.METRICS[metric].decimals
    if np.isnan(value):
        return "–"
    if decimals is None:
        decimals = 0 if abs(value) >= 1000 else 1
    return f"{value:,.{decimals}f}".replace("-", "−")
