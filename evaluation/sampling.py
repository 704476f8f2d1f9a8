"""What training on a sample of the customers costs in accuracy: everybody is judged, by models that some taught."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from rich.table import Table

from data.book import Book
from data.histories import Histories
from evaluation import wording
from evaluation.comparison import OURS, Judgement, judge
from evaluation.predictions import answers
from evaluation.question import Question
from evaluation.views.standings import figure
from features.build import build_features
from training.fit import fit
from training.horizons import horizons
from training.labels import label
from training.panel import drawn
from training.tuning import Search

FIGURES = ("normalized_gini", "auc", "brier", "expected_calibration_error")


@dataclass(frozen=True)
class Cost:
    """One metric of a model that a `share` of the customers taught, and its difference from that of the model that
    all of them taught, with the 95 % paired bootstrap interval over the `n` customers judged."""

    target: str
    metric: str
    share: float
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
    shares: Iterable[float],
    search: Search,
    advance: Callable[[str], None],
) -> tuple[Cost, ...]:
    """Trains at `cutoff` (µs) on every share of the customers and on all of them, and lays beside each other what
    the models say of everybody."""
    known = histories.known_by(cutoff)
    questions = [Question(book, known, cutoff, target, days) for target, days in horizons(book).items()]
    taught, said = {}, []
    for share in (1.0, *(share for share in shares if share < 1.0)):
        teachers = known.select(np.flatnonzero(drawn(known.customer_ids, share, search.seed)))
        taught[_name(share)] = (share, len(teachers))
        said += list(_said(teachers, histories, questions, share, search, advance))
    advance("measuring")
    return tuple(_costs(judge(pl.concat(said), search.seed), taught))


def table_of(costs: Sequence[Cost]) -> Table:
    """A line for every metric and share."""
    table = Table(title="Training on a sample of the customers", title_justify="left")
    for column in ("prediction", "metric", "share", "taught", "value"):
        table.add_column(column, justify="left" if column in {"prediction", "metric"} else "right")
    table.add_column("less all (95 %)", justify="right")
    for cost in costs:
        gap = "" if cost.share >= 1.0 else f"{cost.difference:+.4f} ({cost.low:+.4f} to {cost.high:+.4f})"
        names = wording.TARGETS[cost.target].title, wording.METRICS[cost.metric].title
        table.add_row(*names, f"{cost.share:.0%}", f"{cost.taught:,}", figure(cost.metric, cost.value), gap)
    return table


def _name(share: float) -> str:
    return OURS if share >= 1.0 else f"{share:.6g} of the customers"


def _said(
    teachers: Histories,
    histories: Histories,
    questions: Sequence[Question],
    share: float,
    search: Search,
    advance: Callable[[str], None],
) -> Iterator[pl.DataFrame]:
    asked = questions[0]
    bundle = fit(asked.book, teachers, asked.cutoff, search, lambda step: advance(f"{share:.0%}, {step}"))
    scores = bundle.predict(build_features(asked.known, [asked.cutoff], bundle.spec)[0])
    for question in questions:
        prediction = getattr(scores, question.target)
        if not np.isnan(prediction).all():
            truth = label(histories, question.cutoff, question.target, question.horizon_days, question.book)
            yield answers(question, _name(share), prediction, truth)


def _costs(judgement: Judgement, taught: dict[str, tuple[float, int]]) -> Iterator[Cost]:
    """The figures of the judgement in order of target, metric and share."""
    gaps = {(row.target, row.metric, row.baseline): row for row in judgement.comparisons}
    rows = [row for row in judgement.metrics if row.metric in FIGURES]
    for row in sorted(rows, key=lambda row: (row.target, FIGURES.index(row.metric), -taught[row.model][0])):
        gap = gaps.get((row.target, row.metric, row.model))
        difference = (-gap.difference, -gap.high, -gap.low) if gap else (0.0, 0.0, 0.0)
        yield Cost(row.target, row.metric, *taught[row.model], row.value, *difference, row.n)
