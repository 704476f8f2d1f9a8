"""What it costs in accuracy to learn from some customers, or on a cluster: every model judges everybody."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike
from rich.table import Table

from data.histories.histories import Histories
from data.settings.book import Book
from evaluation import wording
from evaluation.comparison import OURS, Judgement, judge
from evaluation.predictions import answers
from evaluation.question import Question
from features.build import build_features
from training.boosting import Grow, fit_booster
from training.fit import fit
from training.horizons import horizons
from training.labels import label, population
from training.metrics import METRICS, Metric
from training.panel import drawn
from training.tuning import Search

TINY = 1e-12


def log_loss(truth: ArrayLike, chance: ArrayLike) -> float:
    """The mean of −log of the chance that was given to what came."""
    said = np.asarray(chance, dtype=np.float64)
    told = np.clip(np.where(np.asarray(truth) > 0, said, 1.0 - said), TINY, 1.0)
    return float(-np.log(told).mean()) if len(told) else np.nan


LOG_LOSS = Metric("log_loss", log_loss, ("conversion", "churn"), "lower")
FIGURES = ("normalized_gini", "auc", "brier", "expected_calibration_error", LOG_LOSS.name)


@dataclass(frozen=True)
class Way:
    """A way to train: on which `share` of the customers, and what grows the final trees."""

    name: str
    share: float = 1.0
    grow: Grow = fit_booster


@dataclass(frozen=True)
class Cost:
    """One metric of a model trained some `way` by `taught` customers, and its difference from that of the model that
    all of them taught here, with the 95 % paired bootstrap interval over the `n` customers judged."""

    target: str
    metric: str
    way: str
    taught: int
    value: float
    difference: float
    low: float
    high: float
    n: int


def measure(
    book: Book,
    histories: Histories,
    cutoff: int,
    ways: Sequence[Way],
    search: Search,
    advance: Callable[[str], None],
) -> tuple[Cost, ...]:
    """Trains at `cutoff` (µs) on all customers and then in every other way, and lays beside each other what the
    models say of everybody."""
    known = histories.known_by(cutoff)
    questions = [Question(book, known, cutoff, target, days) for target, days in horizons(book).items()]
    taught, said = {}, []
    for way in (Way(OURS), *ways):
        teachers = known.select(np.flatnonzero(drawn(known.customer_ids, way.share, search.seed)))
        taught[way.name] = int(population(teachers, cutoff, "everyone").sum())
        said += list(_said(teachers, histories, questions, way, search, advance))
    advance("measuring")
    return tuple(_costs(judge(pl.concat(said), search.seed, metrics=(*METRICS, LOG_LOSS)), taught))


def table_of(costs: Sequence[Cost]) -> Table:
    """A line for every metric and way."""
    table = Table(title="What it costs to train otherwise than on all customers here", title_justify="left")
    for column in ("prediction", "metric", "trained on"):
        table.add_column(column)
    for column in ("customers", "figure", "less all (95 %)"):
        table.add_column(column, justify="right")
    for cost in costs:
        gap = "" if cost.way == OURS else f"{cost.difference:+.4f} ({cost.low:+.4f} to {cost.high:+.4f})"
        metric = wording.METRICS[cost.metric].title if cost.metric in wording.METRICS else "Log loss"
        names = wording.TARGETS[cost.target].title, metric, "all" if cost.way == OURS else cost.way
        table.add_row(*names, f"{cost.taught:,}", f"{cost.value:.4f}", gap)
    return table


def _said(
    teachers: Histories,
    histories: Histories,
    questions: Sequence[Question],
    way: Way,
    search: Search,
    advance: Callable[[str], None],
) -> Iterator[pl.DataFrame]:
    asked = questions[0]
    bundle = fit(asked.book, teachers, asked.cutoff, search, lambda step: advance(f"{way.name}, {step}"), way.grow)
    scores = bundle.predict(build_features(asked.known, [asked.cutoff], bundle.spec)[0])
    for question in questions:
        prediction = getattr(scores, question.target)
        if not np.isnan(prediction[question.asked]).any():
            truth = label(histories, question.cutoff, question.target, question.horizon_days, question.book)
            yield answers(question, way.name, prediction, truth)


def _costs(judgement: Judgement, taught: dict[str, int]) -> Iterator[Cost]:
    """The figures of the judgement, those of one target and metric together."""
    gaps = {(row.target, row.metric, row.baseline): row for row in judgement.comparisons}
    rows = [row for row in judgement.metrics if row.metric in FIGURES]
    places = list(taught)
    for row in sorted(rows, key=lambda row: (row.target, FIGURES.index(row.metric), places.index(row.model))):
        gap = gaps.get((row.target, row.metric, row.model))
        difference = (-gap.difference, -gap.high, -gap.low) if gap else (0.0, 0.0, 0.0)
        yield Cost(row.target, row.metric, row.model, taught[row.model], row.value, *difference, row.n)
