from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from training.audit.alike import Within
from training.audit.crowd import MOST_ROWS, draws, folds_of, thinned
from training.audit.outcomes import Outcome, outcomes_of
from training.audit.readings import FOLDS, Column
from training.metrics import auc, normalized_gini
from training.sample import Sample

SIZE = 30
COLUMN = arrays(float, SIZE, elements=st.sampled_from([0.0, 1.0, 2.5, 7.0]))


def a_sample(customers: int, snapshots: int, labels: np.ndarray | None = None) -> Sample:
    rows = customers * snapshots
    who = np.tile(np.arange(customers), snapshots)
    given_labels = np.random.default_rng(0).integers(0, 2, rows).astype(float) if labels is None else labels
    return Sample(
        np.zeros((rows, 1)), given_labels, np.zeros(rows), who, np.repeat(np.arange(snapshots), customers), ("x",), ()
    )


@settings(max_examples=60)
@given(COLUMN, COLUMN)
def test_with_one_stratum_it_is_the_plain_normalized_gini(outcome: np.ndarray, ranks: np.ndarray) -> None:
    found = Within.of(np.zeros(SIZE, np.int16), outcome, ranks).gini(np.ones(SIZE))
    assert found == pytest.approx(normalized_gini(outcome, ranks), nan_ok=True)


@settings(max_examples=60)
@given(COLUMN, COLUMN, arrays(np.int64, SIZE, elements=st.integers(0, 3)))
def test_a_row_that_counts_twice_is_the_row_repeated(outcome: np.ndarray, ranks: np.ndarray, times: np.ndarray) -> None:
    strata = (np.arange(SIZE) % 3).astype(np.int16)
    weighted = Within.of(strata, outcome, ranks).gini(times.astype(float))
    more = [np.repeat(column, times) for column in (strata, outcome, ranks)]
    if times.sum():
        assert weighted == pytest.approx(Within.of(*more).gini(np.ones(times.sum())), nan_ok=True)


def test_pairs_of_different_strata_are_not_compared() -> None:
    strata, outcome = np.array([0, 0, 1, 1], np.int16), np.array([0.0, 1.0, 0.0, 1.0])
    level_alone = np.array([1.0, 1.0, 2.0, 2.0])
    assert Within.of(strata, outcome, level_alone).gini(np.ones(4)) == 0.0
    assert Within.of(strata, outcome, level_alone + outcome / 9).gini(np.ones(4)) == 1.0


@settings(max_examples=60)
@given(arrays(float, 60, elements=st.floats(0, 1)), arrays(np.bool_, 60))
def test_a_full_column_reaches_its_auc_in_the_better_direction(column: np.ndarray, happened: np.ndarray) -> None:
    outcome = Outcome("window", happened.astype(float))
    if 0 < happened.sum() < 60 and len(np.unique(column)) > 40:
        found = Column.of(column, np.arange(60) % FOLDS, False).best_reading(outcome.values, outcome.whole)
        best = max(auc(outcome.values, column), auc(outcome.values, -column))
        assert (1 + found.gini) / 2 == pytest.approx(best)


def test_a_missing_value_may_be_what_tells() -> None:
    outcome = Outcome("window", np.repeat([0.0, 1.0], 50))
    column = np.where(outcome.values > 0, np.random.default_rng(0).normal(size=100), np.nan)
    found = Column.of(column, np.arange(100) % FOLDS, False).best_reading(outcome.values, outcome.whole)
    assert (found.how, found.gini) == ("known", pytest.approx(1.0))


def test_a_category_of_one_customer_each_does_not_tell_their_fate() -> None:
    outcome = Outcome("window", np.random.default_rng(1).integers(0, 2, 400).astype(float))
    names = np.repeat(np.arange(200.0), 2)
    found = Column.of(names, np.repeat(np.arange(200) % FOLDS, 2), True).best_reading(outcome.values, outcome.whole)
    assert found.gini < 0.1


def test_a_large_sample_keeps_whole_customers_and_the_rare_ones_first() -> None:
    customers, snapshots = 4000, 5
    labels = np.tile(np.arange(customers) < 50, snapshots).astype(float)
    sample = a_sample(customers, snapshots, labels)
    kept = thinned(sample)
    assert MOST_ROWS - snapshots <= len(kept) <= MOST_ROWS
    assert (np.unique(kept.customers, return_counts=True)[1] == snapshots).all()
    assert kept.labels.sum() == labels.sum()
    assert len(thinned(a_sample(40, 2))) == 80


def test_folds_and_draws_never_part_a_customer() -> None:
    sample = a_sample(30, 4)
    for numbers in (folds_of(sample), *list(draws(sample))[:3]):
        assert all(len(np.unique(numbers[sample.customers == customer])) == 1 for customer in range(30))


def test_what_came_later_is_told_of_every_earlier_snapshot() -> None:
    labels = np.zeros(40 * 3)
    labels[40 * 1 : 40 * 1 + 12] = 1.0  # twelve customers, at the second of three snapshots
    sample = a_sample(40, 3, labels)
    later = {outcome.kind: outcome.values for outcome in outcomes_of("conversion", sample)}["later"]
    assert [later[snapshot * 40 : snapshot * 40 + 40].sum() for snapshot in range(3)] == [12, 12, 0]
    left = replace(sample, labels=1 - labels)
    churn = {outcome.kind: outcome.values for outcome in outcomes_of("churn", left)}["later"]
    assert (churn == 1 - later).all()
