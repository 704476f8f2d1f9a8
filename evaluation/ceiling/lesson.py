"""The same lesson, told what was to be expected instead of what came."""

from dataclasses import replace
from datetime import date

import numpy as np
from numpy.typing import NDArray

from data.clock import local_date
from data.histories.histories import Histories
from evaluation.ceiling.truth import Truth
from training.horizons import target_of
from training.lesson import Lesson
from training.sample import Sample

Floats = NDArray[np.float64]


def days_of(lesson: Lesson) -> set[date]:
    """The local days at whose ends a lesson has snapshots."""
    return {_day(lesson, cutoff) for plan in lesson.plans.values() for cutoff in plan.cutoffs}


def enlightened(lesson: Lesson, histories: Histories, truth: Truth) -> Lesson:
    """The lesson with the truth for labels: expected money, and probabilities instead of what came of them.

    `histories` are those that the lesson was prepared from; rows, features and theories stay as they are.
    """
    samples = {
        model: replace(sample, labels=_labels(lesson, model, sample, histories, truth))
        for model, sample in lesson.samples.items()
    }
    return replace(lesson, samples=samples)


def _labels(lesson: Lesson, model: str, sample: Sample, histories: Histories, truth: Truth) -> Floats:
    days = lesson.plans[target_of(model)].horizon_days
    labels = np.empty(len(sample))
    for cutoff in np.unique(sample.snapshots):
        rows = sample.snapshots == cutoff
        asked = [histories.customer_ids[customer] for customer in sample.customers[rows]]
        labels[rows] = true_label(truth, asked, _day(lesson, int(cutoff)), model, days)
    return labels


def true_label(truth: Truth, customer_ids: list[str], day: date, target: str, horizon_days: int) -> Floats:
    """What was to be expected of a target after `day`, in its own unit, shape (m,)."""
    if target == "lifetime_value":
        return truth.expected_value(customer_ids, day, horizon_days)
    buying = truth.chance_of_order(customer_ids, day, horizon_days)
    return 1.0 - buying if target == "churn" else buying


def _day(lesson: Lesson, cutoff: int) -> date:
    return local_date(cutoff, lesson.book.time_zone)
