"""Metrics of every model with bootstrap intervals, and our paired differences from the baselines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluation.interval import interval
from training.metrics import METRICS, Metric

Floats = NDArray[np.float64]
Verdict = Literal["better", "worse", "tie"]

OURS = "tierwise"
DRAWS = 500


@dataclass(frozen=True)
class Asked:
    """The question that a row answers; `cutoff` is an ISO date."""

    book: str
    cutoff: str
    horizon_days: int
    target: str


@dataclass(frozen=True)
class MetricRow(Asked):
    """One metric of one model; `low` and `high` its 95 % bootstrap interval over the `n` customers."""

    model: str
    metric: str
    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class ComparisonRow(Asked):
    """Our metric minus a baseline's on the same customers, with its 95 % paired bootstrap interval.

    Where 1 is best (`of` is "distance_from_one") it is the difference of the distances from 1. `verdict` says
    what the interval says of us: "better", "worse", or "tie" where it holds 0; None where undefined.
    """

    metric: str
    of: Literal["value", "distance_from_one"]
    model: str
    baseline: str
    difference: float
    low: float
    high: float
    n: int
    verdict: Verdict | None


@dataclass(frozen=True)
class Judgement:
    """Everything measured on a table of predictions."""

    metrics: tuple[MetricRow, ...]
    comparisons: tuple[ComparisonRow, ...]

    def joined(self, other: "Judgement") -> "Judgement":
        """Both judgements in one."""
        return Judgement(self.metrics + other.metrics, self.comparisons + other.comparisons)


def judge(predictions: pl.DataFrame, seed: int, draws: int = DRAWS, metrics: Sequence[Metric] = METRICS) -> Judgement:
    """Measures a table of predictions (see `evaluation.predictions.SCHEMA`), question by question.

    Customers are drawn with replacement, the same for every model and metric of a question (Efron 1979); the
    same table and seed give the same numbers.
    """
    found: list[MetricRow] = []
    comparisons: list[ComparisonRow] = []
    for asked, truth, forecasts in questions(predictions):
        judged = [metric for metric in metrics if asked.target in metric.targets]
        drawn = _measured(judged, truth, forecasts, seed, draws)
        found += _metric_rows(asked, judged, drawn, len(truth))
        comparisons += _comparison_rows(asked, judged, drawn, len(truth))
    return Judgement(tuple(found), tuple(comparisons))


def questions(predictions: pl.DataFrame) -> Iterator[tuple[Asked, Floats, dict[str, Floats]]]:
    """Each question of the table with its labels, shape (n,), and every model's predictions, shape (n,)."""
    for (book, cutoff, days, target), rows in predictions.group_by(
        "book", "cutoff", "horizon_days", "target", maintain_order=True
    ):
        models = rows.partition_by("model", as_dict=True, maintain_order=True)
        truth = next(iter(models.values()))["label"].to_numpy()
        forecasts = {str(model): part["prediction"].to_numpy() for (model,), part in models.items()}
        yield Asked(str(book), str(cutoff), int(days), str(target)), truth, forecasts


def _measured(
    metrics: Sequence[Metric], truth: Floats, forecasts: Mapping[str, Floats], seed: int, draws: int
) -> dict[str, Floats]:
    """Per model an array (1 + draws, metrics): first on the customers themselves, then on every draw."""
    drawn = list(_draws(len(truth), seed, draws))
    return {
        model: np.array([[metric.function(truth[rows], forecast[rows]) for metric in metrics] for rows in drawn])
        for model, forecast in forecasts.items()
    }


def _draws(customers: int, seed: int, draws: int) -> Iterator[NDArray[np.int64]]:
    yield np.arange(customers)
    rng = np.random.default_rng(seed)
    for _ in range(draws if customers else 0):
        yield rng.integers(0, customers, customers)


def _metric_rows(asked: Asked, metrics: Sequence[Metric], drawn: Mapping[str, Floats], n: int) -> Iterator[MetricRow]:
    for model, columns in drawn.items():
        for metric, column in zip(metrics, columns.T, strict=True):
            yield MetricRow(*_key(asked), model, metric.name, *interval(column), n)


def _comparison_rows(
    asked: Asked, metrics: Sequence[Metric], drawn: Mapping[str, Floats], n: int
) -> Iterator[ComparisonRow]:
    for baseline in (model for model in drawn if model != OURS and OURS in drawn):
        for metric, ours, theirs in zip(metrics, drawn[OURS].T, drawn[baseline].T, strict=True):
            one = metric.better == "one"
            gap = np.abs(ours - 1) - np.abs(theirs - 1) if one else ours - theirs
            difference, low, high = interval(gap)
            verdict = _verdict(low, high, higher_is_better=metric.better == "higher")
            of: Literal["value", "distance_from_one"] = "distance_from_one" if one else "value"
            yield ComparisonRow(*_key(asked), metric.name, of, OURS, baseline, difference, low, high, n, verdict)


def _key(asked: Asked) -> tuple[str, str, int, str]:
    return asked.book, asked.cutoff, asked.horizon_days, asked.target


def _verdict(low: float, high: float, *, higher_is_better: bool) -> Verdict | None:
    if np.isnan(low):
        return None
    if low <= 0.0 <= high:
        return "tie"
    return "better" if (low > 0.0) == higher_is_better else "worse"
