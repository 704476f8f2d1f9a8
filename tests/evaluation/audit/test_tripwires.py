from dataclasses import replace

import numpy as np
import pytest

from data.clock import DAY
from data.events import PURCHASE
from evaluation.audit.planted import plant
from evaluation.audit.shuffled import Shuffle, shuffle_labels, shuffled
from evaluation.audit.times import checks, known_when
from tests.training.world import CUTOFF, a_book, histories
from training.audit.suspects import scans_of
from training.lesson import Lesson, prepare
from training.sample import Sample


@pytest.fixture(scope="module")
def lesson() -> Lesson:
    return prepare(a_book(), histories(), CUTOFF)


def the_same_customers_other_labels(target: str, sample: Sample, seed: int) -> np.ndarray:
    """A learner whose folds do not keep a customer's snapshots together."""
    sums, rows = (np.bincount(sample.customers, weights) for weights in (sample.labels, None))
    return (sums[sample.customers] - sample.labels) / np.maximum(rows[sample.customers] - 1, 1)


def the_label_itself(target: str, sample: Sample, seed: int) -> np.ndarray:
    return sample.labels + np.random.default_rng(seed).normal(size=len(sample))


def test_shuffling_keeps_the_labels_of_a_snapshot_and_takes_them_from_their_customers(lesson: Lesson) -> None:
    sample = lesson.samples["lifetime_value"]
    dealt = shuffled(sample, 1)
    for snapshot in np.unique(sample.snapshots):
        rows = sample.snapshots == snapshot
        assert sorted(dealt.labels[rows]) == sorted(sample.labels[rows])
    assert abs(np.corrcoef(dealt.labels, sample.labels)[0, 1]) < 0.2
    assert (shuffled(sample, 1).labels == dealt.labels).all()
    assert (shuffled(sample, 2).labels != dealt.labels).any()


@pytest.mark.parametrize("target", ["lifetime_value", "conversion", "churn"])
def test_the_trees_of_training_learn_nothing_from_shuffled_labels(lesson: Lesson, target: str) -> None:
    found = shuffle_labels(target, lesson.samples[target], seed=0)
    assert found.passed
    assert found.low <= found.value <= found.high
    assert found.value == pytest.approx(0.0 if target == "lifetime_value" else 0.5, abs=0.1)


@pytest.mark.parametrize("learn", [the_same_customers_other_labels, the_label_itself])
@pytest.mark.parametrize("target", ["lifetime_value", "churn"])
def test_a_learner_that_sees_what_it_must_not_fails(lesson: Lesson, target: str, learn) -> None:
    assert not shuffle_labels(target, lesson.samples[target], 0, learn).passed


def test_what_cannot_be_measured_cannot_fail(lesson: Lesson) -> None:
    sample = lesson.samples["churn"]
    found = shuffle_labels("churn", replace(sample, labels=np.zeros(len(sample))), 0)
    assert np.isnan(found.value)
    assert found.passed
    assert not Shuffle("churn", 0.7, 0.6, 0.8, 0.53, 100).passed


def test_planted_leaks_are_named_and_they_alone(lesson: Lesson) -> None:
    tried = [row for found in scans_of(lesson) for row in plant(lesson, found, seed=3)]
    assert [(row.target, row.leak) for row in tried] == [
        (target, leak) for target in lesson.samples for leak in ("copy", "filled_in")
    ]
    assert all(row.passed and row.figure > 0.9 for row in tried)


def test_time_is_kept_in_an_honest_book(lesson: Lesson) -> None:
    assert [check.broken for check in checks(lesson, histories(), seed=0)] == [(), (), ()]


def test_a_window_that_is_still_open_is_named(lesson: Lesson) -> None:
    plans = dict(lesson.plans)
    plans["churn"] = replace(plans["churn"], horizon_days=plans["churn"].horizon_days + 30)
    first = next(iter(checks(replace(lesson, plans=plans), histories(), seed=0)))
    assert (first.rule, first.broken, first.passed) == ("windows_ended", ("churn",), False)


def test_late_and_early_events_are_counted_by_role() -> None:
    told = histories()
    known = told.known_time.copy()
    orders = np.flatnonzero(told.role == PURCHASE)
    known[orders[0]] += 40 * DAY
    known[orders[1]] += 2 * DAY
    known[orders[2]] -= DAY
    rows = {row.role: row for row in known_when(replace(told, known_time=known))}
    purchase = rows.pop("purchase")
    assert (purchase.late, purchase.very_late, purchase.early, purchase.longest) == (2, 1, 1, 40.0)
    assert {row.late for row in rows.values()} == {0}
