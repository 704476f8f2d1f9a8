"""Gradient-boosted trees on snapshots: parameters, customer-grouped validation, the final fit."""

import os
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from training.sample import Sample

Floats = NDArray[np.float64]

FOLDS = 3
MOST_ROUNDS = 600
PATIENCE = 30
LEAST_ROUNDS = 5

TWEEDIE_POWER = 1.3
OBJECTIVES: dict[str, dict[str, object]] = {
    "lifetime_value": {"objective": "tweedie", "tweedie_variance_power": TWEEDIE_POWER, "metric": "tweedie"},
    "conversion": {"objective": "binary", "metric": "binary_logloss"},
    "churn": {"objective": "binary", "metric": "binary_logloss"},
}

DEFAULTS: dict[str, float | int] = {
    "learning_rate": 0.05,
    "num_leaves": 15,
    "max_depth": 6,
    "min_data_in_leaf": 60,
    "feature_fraction": 0.4,
    "bagging_fraction": 0.7,
    "lambda_l2": 10.0,
    "path_smooth": 1.0,
}


@dataclass(frozen=True)
class Validation:
    """What grouped validation says of one setting: the loss, the rounds it stopped at, and a prediction of
    every row on the link scale by trees that never saw its customer, shape (n,), beside where they started."""

    loss: float
    rounds: int
    link: Floats
    start: Floats


def parameters(target: str, chosen: Mapping[str, float | int], seed: int) -> dict[str, object]:
    """LightGBM's parameters: the same data and seed give the same bytes on any number of cores.

    One thread a booster: folds run side by side instead, which wastes no core on waiting for the other.
    """
    return {
        **OBJECTIVES[target],
        **DEFAULTS,
        **chosen,
        "bagging_freq": 1,
        "boost_from_average": False,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 1,
        "seed": seed,
        "verbosity": -1,
        "feature_pre_filter": False,
    }


def cross_validate(target: str, sample: Sample, chosen: Mapping[str, float | int], seed: int) -> Validation:
    """Folds hold whole customers; each fold's trees stop on its own held-out customers, who are not judged."""
    settings = parameters(target, chosen, seed)
    table = _dataset(sample, settings).construct()

    def hold_out(rows: NDArray[np.bool_]) -> tuple[float, int, Floats]:
        return _train(table, settings, sample, rows)

    masks = list(folds(sample, seed))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        losses, rounds, links = zip(*pool.map(hold_out, masks), strict=True)
    sizes = [int(rows.sum()) for rows in masks]
    link = np.empty(len(sample))
    for rows, held_out in zip(masks, links, strict=True):
        link[rows] = held_out
    return Validation(
        loss=float(np.average(losses, weights=sizes)),
        rounds=max(int(np.average(rounds, weights=sizes)), LEAST_ROUNDS),
        link=link,
        start=sample.start,
    )


def losses(target: str, link: Floats, labels: Floats) -> Floats:
    """The loss of every row, shape (n,), of a prediction on the link scale; validation minimises their mean.

    The Tweedie deviance up to a constant of the labels for money, the log loss for probabilities.
    """
    if OBJECTIVES[target]["objective"] == "tweedie":
        power = TWEEDIE_POWER
        return np.asarray(np.exp((2 - power) * link) / (2 - power) - labels * np.exp((1 - power) * link) / (1 - power))
    return np.asarray(np.logaddexp(0.0, link) - labels * link)


def fit_booster(target: str, sample: Sample, chosen: Mapping[str, float | int], rounds: int, seed: int) -> lgb.Booster:
    """The final trees on every row, for a number of rounds that validation found."""
    settings = parameters(target, chosen, seed)
    return lgb.train(settings, _dataset(sample, settings), num_boost_round=rounds)


def folds(sample: Sample, seed: int) -> Iterator[NDArray[np.bool_]]:
    """Masks of held-out rows, shape (n,): every customer is held out once, with all of their snapshots.

    Customers with a positive label anywhere are dealt out evenly, so that no fold learns from zeros alone.
    """
    people, numbers = np.unique(sample.customers, return_inverse=True)
    positive = np.bincount(numbers, weights=sample.labels > 0) > 0
    shuffled = np.random.default_rng(seed).permutation(len(people))
    dealt = np.concatenate((shuffled[positive[shuffled]], shuffled[~positive[shuffled]]))
    fold_of = np.empty(len(people), dtype=np.int64)
    fold_of[dealt] = np.arange(len(people)) % FOLDS
    for fold in range(FOLDS):
        yield fold_of[numbers] == fold


def _train(
    table: lgb.Dataset, settings: dict[str, object], sample: Sample, held_out: NDArray[np.bool_]
) -> tuple[float, int, Floats]:
    """(loss, rounds, link-scale prediction) of the held-out rows by trees grown on the others."""
    record: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        settings,
        table.subset(np.flatnonzero(~held_out).tolist()),
        num_boost_round=MOST_ROUNDS,
        valid_sets=[table.subset(np.flatnonzero(held_out).tolist())],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(record)],
    )
    (curve,) = record["valid_0"].values()
    rounds = booster.best_iteration
    # LightGBM keeps one thread count for the whole process: a prediction that left it unsaid would change
    # how the folds beside it add up.
    trees = booster.predict(sample.features[held_out], raw_score=True, num_iteration=rounds, num_threads=1)
    return curve[rounds - 1], rounds, sample.start[held_out] + np.asarray(trees)


def _dataset(sample: Sample, settings: dict[str, object]) -> lgb.Dataset:
    return lgb.Dataset(
        sample.seen,
        sample.labels,
        init_score=sample.start,
        feature_name=list(sample.names),
        categorical_feature=list(sample.categorical),
        params=settings,
        free_raw_data=False,
    )
