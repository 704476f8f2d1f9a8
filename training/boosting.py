"""Gradient-boosted trees on snapshots: parameters, customer-grouped validation, the final fit."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from training.sample import Sample

Floats = NDArray[np.float64]

FOLDS = 4
MOST_ROUNDS = 600
PATIENCE = 40
LEAST_ROUNDS = 5

OBJECTIVES: dict[str, dict[str, object]] = {
    "lifetime_value": {"objective": "tweedie", "tweedie_variance_power": 1.3, "metric": "tweedie"},
    "conversion": {"objective": "binary", "metric": "binary_logloss"},
    "churn": {"objective": "binary", "metric": "binary_logloss"},
}

DEFAULTS: dict[str, float | int] = {
    "learning_rate": 0.04,
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
    every row on the link scale by trees that never saw its customer, shape (n,)."""

    loss: float
    rounds: int
    link: Floats


def parameters(target: str, chosen: Mapping[str, float | int], seed: int) -> dict[str, object]:
    """LightGBM's parameters: the same data, seed and threads give the same bytes."""
    return {
        **OBJECTIVES[target],
        **DEFAULTS,
        **chosen,
        "bagging_freq": 1,
        "boost_from_average": False,
        "deterministic": True,
        "force_row_wise": True,
        "num_threads": 2,
        "seed": seed,
        "verbosity": -1,
        "feature_pre_filter": False,
    }


def cross_validate(
    target: str, sample: Sample, chosen: Mapping[str, float | int], seed: int, most_rounds: int = MOST_ROUNDS
) -> Validation:
    """Folds hold whole customers; every fold stops on its own held-out customers, who are not what is judged."""
    link = np.zeros(len(sample))
    losses, rounds, sizes = [], [], []
    for held_out in folds(sample.customers, seed):
        booster, record = _train(target, sample, held_out, chosen, seed, most_rounds)
        link[held_out] = sample.start[held_out] + _raw(booster, sample.features[held_out])
        losses.append(record[booster.best_iteration - 1])
        rounds.append(booster.best_iteration)
        sizes.append(int(held_out.sum()))
    return Validation(
        loss=float(np.average(losses, weights=sizes)),
        rounds=max(int(np.average(rounds, weights=sizes)), LEAST_ROUNDS),
        link=link,
    )


def fit_booster(
    target: str, sample: Sample, chosen: Mapping[str, float | int], rounds: int, seed: int
) -> lgb.Booster:
    """The final trees on every row, for a number of rounds that validation found."""
    return lgb.train(parameters(target, chosen, seed), _dataset(sample), num_boost_round=rounds)


def folds(customers: NDArray[np.int64], seed: int) -> Iterator[NDArray[np.bool_]]:
    """Masks of held-out rows, shape (n,): every customer is held out once, with all of their snapshots."""
    people = np.unique(customers)
    fold_of = np.random.default_rng(seed).permutation(len(people)) % FOLDS
    row_fold = fold_of[np.searchsorted(people, customers)]
    for fold in range(FOLDS):
        yield row_fold == fold


def _train(
    target: str,
    sample: Sample,
    held_out: NDArray[np.bool_],
    chosen: Mapping[str, float | int],
    seed: int,
    most_rounds: int,
) -> tuple[lgb.Booster, list[float]]:
    record: dict[str, dict[str, list[float]]] = {}
    training = _dataset(sample.rows(~held_out))
    booster = lgb.train(
        parameters(target, chosen, seed),
        training,
        num_boost_round=most_rounds,
        valid_sets=[_dataset(sample.rows(held_out), reference=training)],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(record)],
    )
    (curve,) = record["valid_0"].values()
    return booster, curve


def _dataset(sample: Sample, reference: lgb.Dataset | None = None) -> lgb.Dataset:
    return lgb.Dataset(
        sample.features,
        sample.labels,
        init_score=sample.start,
        feature_name=list(sample.names),
        categorical_feature=list(sample.categorical),
        reference=reference,
        free_raw_data=True,
    )


def _raw(booster: lgb.Booster, features: Floats) -> Floats:
    return np.asarray(booster.predict(features, raw_score=True, num_iteration=booster.best_iteration))
