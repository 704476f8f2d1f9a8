"""Gradient-boosted trees on snapshots: parameters, customer-grouped validation, the final fit."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from training.sample import Sample

Floats = NDArray[np.float64]
Grow = Callable[[str, Sample, Mapping[str, float | int], int, int], lgb.Booster]
"""What grows the final trees: a function such as `fit_booster`."""

FOLDS = 3
MOST_ROUNDS = 600
PATIENCE = 30
LEAST_ROUNDS = 5

TWEEDIE_POWER = 1.3
MONEY: dict[str, object] = {"objective": "tweedie", "tweedie_variance_power": TWEEDIE_POWER, "metric": "tweedie"}
CHANCE: dict[str, object] = {"objective": "binary", "metric": "binary_logloss"}
SHARE: dict[str, object] = {"objective": "cross_entropy", "metric": "cross_entropy"}
OBJECTIVES: dict[str, dict[str, object]] = {
    "lifetime_value": MONEY,
    "losses": MONEY,
    "conversion": CHANCE,
    "churn": CHANCE,
    "share": SHARE,
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
    """What grouped validation says of one setting: the loss, the rounds of the least loss, and a prediction of
    every row on the link scale by trees that never saw its customer, shape (n,), beside where they started."""

    loss: float
    rounds: int
    link: Floats
    start: Floats


def objective_of(target: str, labels: Floats) -> dict[str, object]:
    """What trees minimise. Labels of a chance may be chances themselves; LightGBM's `binary` would take every one
    above 0 for an event that came."""
    told = OBJECTIVES[target]
    return SHARE if told is CHANCE and bool(((labels > 0.0) & (labels < 1.0)).any()) else told


def parameters(target: str, labels: Floats, chosen: Mapping[str, float | int], seed: int) -> dict[str, object]:
    """LightGBM's parameters: the same data and seed give the same bytes on any number of cores.

    One thread a booster: folds run side by side instead, which wastes no core on waiting for the other.
    """
    return {
        **objective_of(target, labels),
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
    """Folds hold whole customers; how many rounds to grow, all folds decide together."""
    settings = parameters(target, sample.labels, chosen, seed)
    table = _dataset(sample, settings).construct()

    def hold_out(rows: NDArray[np.bool_]) -> tuple[lgb.Booster, list[float]]:
        return _train(table, settings, rows)

    masks = list(folds(sample, seed))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        grown = list(pool.map(hold_out, masks))
    rounds = _best_rounds([curve for _, curve in grown], [int(rows.sum()) for rows in masks])
    link = sample.start.copy()
    for rows, (booster, _) in zip(masks, grown, strict=True):
        # LightGBM keeps one thread count for the whole process: a prediction that left it unsaid would change
        # how the folds beside it add up.
        trees = booster.predict(sample.features[rows], raw_score=True, num_iteration=rounds, num_threads=1)
        link[rows] += np.asarray(trees)
    return Validation(float(losses(target, link, sample.labels).mean()), rounds, link, sample.start)


def carried_forward(target: str, sample: Sample, chosen: Mapping[str, float | int], rounds: int, seed: int) -> Floats:
    """A prediction of the later snapshots on the link scale by trees that saw neither their customer nor their
    time, shape (n,); nan for the rows of the earlier half of the snapshots, from which those trees learnt.

    What holds for other customers at the same time may not hold later: forecasts are mixed by this.
    """
    settings = parameters(target, sample.labels, chosen, seed)
    table = _dataset(sample, settings).construct()
    snapshots = np.unique(sample.snapshots)
    late = sample.snapshots >= snapshots[len(snapshots) // 2]

    def grow(held_out: NDArray[np.bool_]) -> lgb.Booster:
        return lgb.train(settings, table.subset(np.flatnonzero(~held_out & ~late).tolist()), num_boost_round=rounds)

    masks = list(folds(sample, seed))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        grown = list(pool.map(grow, masks))
    link = np.full(len(sample), np.nan)
    for mask, booster in zip(masks, grown, strict=True):
        rows = mask & late
        if rows.any():
            trees = booster.predict(sample.features[rows], raw_score=True, num_threads=1)
            link[rows] = sample.start[rows] + np.asarray(trees)
    return link


def _best_rounds(curves: Sequence[Sequence[float]], sizes: Sequence[int]) -> int:
    """The number of rounds with the least loss over all folds: one number for all of them flatters no fold."""
    shortest = min(len(curve) for curve in curves)
    mean = np.average([curve[:shortest] for curve in curves], axis=0, weights=sizes)
    return max(int(mean.argmin()) + 1, LEAST_ROUNDS)


def losses(target: str, link: Floats, labels: Floats) -> Floats:
    """The loss of every row, shape (n,), of a prediction on the link scale; validation minimises their mean.

    The Tweedie deviance up to a constant of the labels for money, the log loss for probabilities.
    """
    if OBJECTIVES[target]["objective"] == "tweedie":
        power = TWEEDIE_POWER
        return np.asarray(np.exp((2 - power) * link) / (2 - power) - labels * np.exp((1 - power) * link) / (1 - power))
    return np.asarray(np.logaddexp(0.0, link) - labels * link)


def slopes(target: str, link: Floats, labels: Floats) -> Floats:
    """The derivative of every row's loss by its prediction on the link scale, shape (n,)."""
    if OBJECTIVES[target]["objective"] == "tweedie":
        return np.asarray(np.exp((2 - TWEEDIE_POWER) * link) - labels * np.exp((1 - TWEEDIE_POWER) * link))
    return np.asarray(expit(link) - labels)


def fit_booster(target: str, sample: Sample, chosen: Mapping[str, float | int], rounds: int, seed: int) -> lgb.Booster:
    """The final trees on every row, for a number of rounds that validation found."""
    settings = parameters(target, sample.labels, chosen, seed)
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
    table: lgb.Dataset, settings: dict[str, object], held_out: NDArray[np.bool_]
) -> tuple[lgb.Booster, list[float]]:
    """Trees grown on the other rows, and their loss on the held-out rows after each round."""
    record: dict[str, dict[str, list[float]]] = {}
    booster = lgb.train(
        settings,
        table.subset(np.flatnonzero(~held_out).tolist()),
        num_boost_round=MOST_ROUNDS,
        valid_sets=[table.subset(np.flatnonzero(held_out).tolist())],
        callbacks=[lgb.early_stopping(PATIENCE, verbose=False), lgb.record_evaluation(record)],
    )
    (curve,) = record["valid_0"].values()
    return booster, curve


def _dataset(sample: Sample, settings: dict[str, object]) -> lgb.Dataset:
    return lgb.Dataset(
        sample.seen,
        sample.labels,
        weight=sample.weights,
        init_score=sample.start,
        feature_name=list(sample.names),
        categorical_feature=list(sample.categorical),
        params=settings,
        free_raw_data=False,
    )
