"""The report card that a backtest leaves for whoever reads the service's pages."""

import math
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from evaluation.comparison import OURS, Asked, questions
from evaluation.results import Results
from evaluation.views.reliability import shares
from evaluation.views.tenths import tenths
from serving.card import Calibration, Card, JudgedGrade, JudgedMetric, Tenth
from training.metrics import METRICS

Floats = NDArray[np.float64]

NAMES = frozenset(metric.name for metric in METRICS)
"""Of the metrics over everybody who was asked about; those of groups stay in the report."""


def card_of(results: Results) -> Card:
    """What the judged cutoff says of the models, at their main horizons."""
    answered = [each for each in questions(results.predictions) if OURS in each[2]]
    asked = [(question, truth, forecasts[OURS]) for question, truth, forecasts in answered]
    return Card(
        book=results.book.name,
        judged=str(results.predictions["cutoff"][0]),
        currency=results.book.currency,
        grade=_grade(results),
        metrics=tuple(_metrics(results, [each for each, _, _ in asked])),
        calibration=tuple(_calibration(*each) for each in asked if len(each[1])),
    )


def _grade(results: Results) -> JudgedGrade | None:
    found = results.grade
    if found is None or not all(map(math.isfinite, (found.more, found.low, found.high))):
        return None
    return JudgedGrade(
        grade=found.grade,
        baseline=found.baseline,
        found=found.found,
        found_by_baseline=found.found_by_baseline,
        more=found.more,
        low=found.low,
        high=found.high,
        n=found.n,
    )


def _metrics(results: Results, asked: list[Asked]) -> Iterator[JudgedMetric]:
    for row in results.judgement.metrics:
        question = Asked(row.book, row.cutoff, row.horizon_days, row.target)
        if question in asked and row.metric in NAMES and all(map(math.isfinite, (row.value, row.low, row.high))):
            yield JudgedMetric(
                target=row.target,
                horizon_days=row.horizon_days,
                model=row.model,
                metric=row.metric,
                value=row.value,
                low=row.low,
                high=row.high,
                n=row.n,
            )


def _calibration(asked: Asked, truth: Floats, ours: Floats) -> Calibration:
    of = _money_tenths if asked.target == "lifetime_value" else _chance_tenths
    return Calibration(target=asked.target, horizon_days=asked.horizon_days, tenths=tuple(of(truth, ours)))


def _money_tenths(truth: Floats, ours: Floats) -> Iterator[Tenth]:
    for group in tenths(ours):
        means = float(ours[group].mean()), float(truth[group].mean())
        yield Tenth(predicted=means[0], came=means[1], low=None, high=None, n=len(group))


def _chance_tenths(truth: Floats, ours: Floats) -> Iterator[Tenth]:
    for group, told in zip(tenths(ours), zip(*shares(truth, ours), strict=True), strict=True):
        predicted, came, low, high = map(float, told)
        yield Tenth(predicted=predicted, came=came, low=low, high=high, n=len(group))
