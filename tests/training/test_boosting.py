from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.special import expit

from training.boosting import FOLDS, OBJECTIVES, cross_validate, fit_booster, folds, losses, objective_of
from training.sample import Sample, fingerprint


def a_sample(customers: list[int], labels: list[bool]) -> Sample:
    size = len(customers)
    zeros = np.zeros(size)
    return Sample(
        zeros[:, None], np.array(labels, float), zeros, np.array(customers), np.zeros(size, np.int64), ("x",), ()
    )


rows = st.lists(st.tuples(st.integers(0, 40), st.booleans()), min_size=1, max_size=120)


@given(rows=rows, seed=st.integers(0, 5))
def test_every_row_is_held_out_once_with_all_rows_of_its_customer(rows: list[tuple[int, bool]], seed: int) -> None:
    sample = a_sample([customer for customer, _ in rows], [label for _, label in rows])
    masks = np.array(list(folds(sample, seed)))
    assert (masks.sum(axis=0) == 1).all()
    for customer in np.unique(sample.customers):
        assert (masks[:, sample.customers == customer].any(axis=1)).sum() == 1


@given(rows=rows, seed=st.integers(0, 5))
def test_no_fold_learns_from_zeros_alone_where_there_is_anything_else(rows: list[tuple[int, bool]], seed: int) -> None:
    sample = a_sample([customer for customer, _ in rows], [label for _, label in rows])
    if len(np.unique(sample.customers[sample.labels > 0])) < FOLDS:
        return
    assert all(sample.labels[~held_out].sum() > 0 for held_out in folds(sample, seed))


@pytest.mark.parametrize("target", ["lifetime_value", "churn"])
def test_the_loss_of_rows_is_what_validation_minimises(target: str) -> None:
    sample = a_learnable_sample(binary=target == "churn")
    validation = cross_validate(target, sample, {}, seed=0)
    assert losses(target, validation.link, sample.labels).mean() == pytest.approx(validation.loss, rel=1e-6)


def test_labels_that_are_chances_are_learnt_as_chances() -> None:
    sample = a_learnable_sample(binary=True)
    chances = 1 / (1 + np.exp(-2 * sample.features[:, 0]))
    told = replace(sample, labels=chances)
    assert objective_of("churn", chances)["objective"] == "cross_entropy"
    assert objective_of("churn", sample.labels) == OBJECTIVES["churn"]
    assert objective_of("lifetime_value", chances) == OBJECTIVES["lifetime_value"]
    validation = cross_validate("churn", told, {}, seed=0)
    assert losses("churn", validation.link, chances).mean() == pytest.approx(validation.loss, rel=1e-6)
    misses = [np.abs(expit(cross_validate("churn", rows, {}, 0).link) - chances).mean() for rows in (told, sample)]
    assert misses[0] < 0.5 * misses[1] < 0.1


def test_trees_do_not_see_a_hidden_column() -> None:
    sample = a_learnable_sample(binary=True)
    blind = sample.without(["x"])
    booster = fit_booster("churn", blind, {}, 20, seed=0)
    assert dict(zip(booster.feature_name(), booster.feature_importance(), strict=True))["x"] == 0
    assert cross_validate("churn", blind, {}, 0).loss > cross_validate("churn", sample, {}, 0).loss
    assert (sample.features == blind.features).all()
    assert fingerprint(blind) != fingerprint(sample)
    assert sample.without([]).seen is sample.features


def a_learnable_sample(*, binary: bool) -> Sample:
    """Two columns, of which the labels depend on `x`; three rows a customer."""
    rng = np.random.default_rng(3)
    size = 900
    features = rng.normal(size=(size, 2))
    chance = 1 / (1 + np.exp(-2 * features[:, 0]))
    labels = (rng.uniform(size=size) < chance) * (1.0 if binary else rng.gamma(2.0, 20.0, size))
    start = np.zeros(size) if binary else np.full(size, 2.0)
    return Sample(features, labels, start, np.arange(size) // 3, np.zeros(size, np.int64), ("x", "noise"), ())
