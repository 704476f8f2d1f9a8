"""How good a prediction is: in rank, in level, and as a probability.

Every metric takes (truth, prediction), two arrays of shape (n,), and returns a float. It is nan, without a
warning, where it is not defined: no customers, a number that is not finite, one class alone, no variation in
rank, no money. Different lengths raise ValueError. Row order does not matter; tied predictions share the mean
of their truths, so no metric depends on how a sort breaks ties.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Measure = Callable[[Floats, Floats], float]
MetricFunction = Callable[[ArrayLike, ArrayLike], float]

BINS = 10
LEVEL = 0.95
MONEY = ("lifetime_value",)
PROBABILITIES = ("conversion", "churn")


def _defined(measure: Measure) -> MetricFunction:
    """Makes a metric nan where it is not defined, and silent."""

    @wraps(measure)
    def metric(truth: ArrayLike, prediction: ArrayLike) -> float:
        y, p = _pair(truth, prediction)
        if len(y) == 0 or not (np.isfinite(y).all() and np.isfinite(p).all()):
            return np.nan
        with np.errstate(all="ignore"):
            return float(measure(y, p))

    return metric


@_defined
def mae(truth: Floats, prediction: Floats) -> float:
    """Mean absolute error per customer, in the truth's unit."""
    return float(np.abs(prediction - truth).mean())


@_defined
def rmse(truth: Floats, prediction: Floats) -> float:
    """Root of the mean squared error per customer, in the truth's unit."""
    return float(np.sqrt(((prediction - truth) ** 2).mean()))


@_defined
def bias(truth: Floats, prediction: Floats) -> float:
    """Sum predicted / sum true: 1 is the right level. nan where nothing came true."""
    return _ratio(prediction.sum(), truth.sum())


@_defined
def spearman(truth: Floats, prediction: Floats) -> float:
    """Rank correlation, ties by their mean rank (Spearman 1904). nan where either side is constant."""
    t, p = _centred_ranks(truth), _centred_ranks(prediction)
    return _ratio((t * p).sum(), np.sqrt((t * t).sum() * (p * p).sum()))


@_defined
def normalized_gini(truth: Floats, prediction: Floats) -> float:
    """Gini of the cumulative gains sorted by prediction over the same sorted by truth: 1 is a perfect order.

    The Gini of an order is proportional to the covariance of the truth with the rank, with tied ranks
    averaged, which is the curve with tied truths averaged. nan where the truth is constant.
    """
    return _ratio((truth * _centred_ranks(prediction)).sum(), (truth * _centred_ranks(truth)).sum())


class DecileError(NamedTuple):
    """The mean relative error of the deciles, and how many were left out because nothing came true there."""

    value: float
    left_out: int


def decile_mape(truth: ArrayLike, prediction: ArrayLike) -> DecileError:
    """Mean of |predicted mean - true mean| / |true mean| over ten equal-count deciles by prediction.

    Deciles whose true mean is 0 are left out and counted; nan where none is left.
    """
    return DecileError(_decile_mape(truth, prediction), _deciles_left_out(truth, prediction))


@_defined
def _decile_mape(truth: Floats, prediction: Floats) -> float:
    _, true, predicted = _bins(truth, prediction)
    kept = true != 0
    return _ratio((np.abs(predicted - true)[kept] / np.abs(true[kept])).sum(), kept.sum())


def _deciles_left_out(truth: ArrayLike, prediction: ArrayLike) -> int:
    y, p = _pair(truth, prediction)
    with np.errstate(all="ignore"):
        return int((_bins(y, p)[1] == 0).sum()) if len(y) else 0


@_defined
def auc(truth: Floats, prediction: Floats) -> float:
    """The chance that a positive (truth 1) is ranked above a negative (truth 0), ties counting half.

    Mann and Whitney (1947). nan unless both classes occur.
    """
    positives = truth.sum()
    ranks = (truth * _centred_ranks(prediction)).sum()
    return 0.5 + _ratio(ranks, positives * (len(truth) - positives))


@_defined
def brier(truth: Floats, prediction: Floats) -> float:
    """Mean squared error of a probability (Brier 1950)."""
    return float(((prediction - truth) ** 2).mean())


@_defined
def expected_calibration_error(truth: Floats, prediction: Floats) -> float:
    """Mean of |predicted mean - true share| over ten equal-count bins by prediction, weighted by count.

    Naeini, Cooper and Hauskrecht (2015).
    """
    counts, true, predicted = _bins(truth, prediction)
    return _ratio((counts * np.abs(predicted - true)).sum(), counts.sum())


@dataclass(frozen=True)
class Metric:
    """A metric by name, the targets it judges, and what is better: a higher, a lower value, or 1 itself."""

    name: str
    function: MetricFunction
    targets: tuple[str, ...]
    better: Literal["higher", "lower", "one"]


METRICS = (
    Metric("mae", mae, MONEY, "lower"),
    Metric("rmse", rmse, MONEY, "lower"),
    Metric("bias", bias, MONEY, "one"),
    Metric("spearman", spearman, MONEY, "higher"),
    Metric("normalized_gini", normalized_gini, MONEY, "higher"),
    Metric("decile_mape", _decile_mape, MONEY, "lower"),
    Metric("auc", auc, PROBABILITIES, "higher"),
    Metric("brier", brier, PROBABILITIES, "lower"),
    Metric("expected_calibration_error", expected_calibration_error, PROBABILITIES, "lower"),
)


class Interval(NamedTuple):
    """A metric's value on the customers themselves, and the 95 % bootstrap interval around it."""

    value: float
    low: float
    high: float


def bootstrap_interval(
    function: MetricFunction, truth: ArrayLike, prediction: ArrayLike, seed: int, draws: int = 500
) -> Interval:
    """The 95 % percentile bootstrap interval of a metric over customers (Efron 1979).

    Draws in which the metric is not defined are left out; both ends are nan where all are.
    """
    y, p = _pair(truth, prediction)
    drawn = [function(y[rows], p[rows]) for rows in _resamples(len(y), seed, draws)]
    return Interval(function(y, p), *percentiles(drawn))


def paired_bootstrap_interval(
    function: MetricFunction,
    truth: ArrayLike,
    prediction: ArrayLike,
    baseline: ArrayLike,
    *,
    seed: int,
    draws: int = 500,
) -> Interval:
    """The 95 % percentile bootstrap interval of metric(prediction) - metric(baseline), on the same draws."""
    y, p = _pair(truth, prediction)
    _, b = _pair(truth, baseline)
    drawn = [function(y[rows], p[rows]) - function(y[rows], b[rows]) for rows in _resamples(len(y), seed, draws)]
    return Interval(function(y, p) - function(y, b), *percentiles(drawn))


def _pair(truth: ArrayLike, prediction: ArrayLike) -> tuple[Floats, Floats]:
    y, p = np.asarray(truth, dtype=np.float64), np.asarray(prediction, dtype=np.float64)
    if y.ndim != 1 or y.shape != p.shape:
        raise ValueError(f"truth and prediction: expected two equally long columns, got {y.shape}, {p.shape}")
    return y, p


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole != 0 else np.nan


def _ties(values: Floats) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """(a sorting order, where in it each run of equal values starts)."""
    order = np.argsort(values)
    placed = values[order]
    return order, np.flatnonzero(np.concatenate(([True], placed[1:] != placed[:-1])))


def _centred_ranks(values: Floats) -> Floats:
    """Ranks with ties averaged, minus their mean, shape (n,)."""
    order, starts = _ties(values)
    ends = np.append(starts[1:], len(values))
    ranks = np.empty(len(values))
    ranks[order] = np.repeat((starts + ends - len(values)) / 2.0, ends - starts)
    return ranks


def _bins(truth: Floats, prediction: Floats) -> tuple[Floats, Floats, Floats]:
    """(count, mean truth, mean prediction) of ten equal-count bins by prediction, fewer if n < 10.

    Customers with the same prediction share their mean truth, also across the edge of a bin.
    """
    order, starts = _ties(prediction)
    sizes = np.diff(np.append(starts, len(order)))
    shared = np.repeat(np.add.reduceat(truth[order], starts) / sizes, sizes)
    edges = np.unique(np.arange(BINS) * len(order) // BINS)
    counts = np.diff(np.append(edges, len(order))).astype(np.float64)
    return counts, np.add.reduceat(shared, edges) / counts, np.add.reduceat(prediction[order], edges) / counts


def _resamples(customers: int, seed: int, draws: int) -> Iterator[NDArray[np.int64]]:
    rng = np.random.default_rng(seed)
    return (rng.integers(0, max(customers, 1), customers) for _ in range(draws))


def percentiles(drawn: ArrayLike) -> tuple[float, float]:
    """The ends of the 95 % percentile interval of draws, shape (n,); nan where none of them is defined."""
    given = np.asarray(drawn, dtype=np.float64)
    known = given[np.isfinite(given)]
    if not len(known):
        return np.nan, np.nan
    low, high = np.percentile(known, [50.0 * (1.0 - LEVEL), 50.0 * (1.0 + LEVEL)])
    return float(low), float(high)
