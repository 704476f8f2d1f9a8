"""The level of a score: what, beyond theory and trees, makes money and chances come true on average."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

from training.boosting import losses
from training.calibration import start_of
from training.mix import standard_error
from training.sample import Sample
from training.snapshots import DAY, YEAR_DAYS

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
Guess = Literal["all snapshots", "same season"]

LEAST_SLOPE, MOST_SLOPE = 0.5, 2.0
SLOPE_STEPS = (1.0, 0.75, 0.5, 0.25, 0.0)

SEASON_DAYS = 21
"""Snapshots this near to a whole number of years before a moment have seen its season."""

LEAST_TRIALS = 3
"""So many past snapshots must have had a season before them, or the season is not believed."""


def levels(sample: Sample, shape: Floats, scale: str) -> Floats:
    """The level of every row's snapshot, shape (n,): what `shape` (n,), on the link scale, lacks there.

    So the season of a window goes into its level, and the trees do not mistake it for an effect of tenure,
    which moves with the calendar in every book (on Online Retail II: MAE 562 against 602).
    """
    moments, places = np.unique(sample.snapshots, return_inverse=True)
    found = [start_of(sample.labels[rows], shape[rows], scale) for rows in (places == p for p in range(len(moments)))]
    return np.asarray(found)[places]


def slope_of(sample: Sample, target: str, shape: Floats, scale: str) -> float:
    """By how much to stretch `shape` (n,), on the link scale, so that it comes true at both ends.

    The slope of the least loss around each snapshot's own level, as Platt (1999) calibrates. Forecasts of money
    that are averaged on the log scale come out too flat, so theirs is taken as it is; that of a chance stays as
    near to 1 as the data cannot tell from the best.
    """

    def rows(slope: float) -> Floats:
        return losses(target, slope * shape + levels(sample, slope * shape, scale), sample.labels)

    bounds = (LEAST_SLOPE, MOST_SLOPE)
    best = float(minimize_scalar(lambda slope: rows(slope).mean(), bounds=bounds, options={"xatol": 0.005}).x)
    if scale == "log":
        return best
    least = rows(best)
    for share in SLOPE_STEPS:
        slope = best + share * (1.0 - best)
        found = rows(slope)
        if found.mean() - least.mean() <= standard_error(found - least, sample.customers):
            break
    return float(slope)


def served_level(sample: Sample, shape: Floats, scale: str, cutoff: int, window_days: int) -> tuple[float, Guess]:
    """The level to expect after `cutoff` (µs), and what it was guessed from.

    That of all snapshots together; or of those of the same season in earlier years, where this would have come
    nearer at the snapshots of the past, seen from which windows of `window_days` had ended.
    """
    moments, firsts = np.unique(sample.snapshots, return_index=True)
    known = levels(sample, shape, scale)[firsts]
    misses = []
    for moment, truth in zip(moments, known, strict=True):
        ended = moments <= moment - window_days * DAY
        season = ended & _same_season(moments, moment)
        if season.any():
            misses.append((abs(known[ended].mean() - truth), abs(known[season].mean() - truth)))
    season = _same_season(moments, cutoff)
    if len(misses) >= LEAST_TRIALS and season.any():
        by_all, by_season = np.mean(misses, axis=0)
        if by_season < by_all:
            return float(known[season].mean()), "same season"
    return start_of(sample.labels, shape, scale), "all snapshots"


def share_level(sample: Sample, shape: Floats, cutoff: int) -> float:
    """The level of a share between two horizons to expect after `cutoff` (µs).

    Half of it is that of the cutoff's own season, where a year before has been seen: when money comes depends on
    the season more than how much does, and one season seen once is as likely chance as rule.
    """
    pooled = start_of(sample.labels, shape, "logit", sample.weights)
    season = np.flatnonzero(_same_season(sample.snapshots, cutoff))
    if not len(season):
        return pooled
    weights = np.ones(len(season)) if sample.weights is None else sample.weights[season]
    return (pooled + start_of(sample.labels[season], shape[season], "logit", weights)) / 2.0


def _same_season(moments: Instants, moment: int) -> NDArray[np.bool_]:
    years = (moment - moments) / (YEAR_DAYS * DAY)
    return np.asarray((np.rint(years) >= 1) & (np.abs(years - np.rint(years)) <= SEASON_DAYS / YEAR_DAYS))
