"""The level of a score: what, beyond theory and trees, makes money and chances come true on average."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from training.calibration import start_of
from training.sample import Sample
from training.snapshots import DAY, YEAR_DAYS

Floats = NDArray[np.float64]
Instants = NDArray[np.int64]
Guess = Literal["all snapshots", "same season"]

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


def _same_season(moments: Instants, moment: int) -> NDArray[np.bool_]:
    years = (moment - moments) / (YEAR_DAYS * DAY)
    return np.asarray((np.rint(years) >= 1) & (np.abs(years - np.rint(years)) <= SEASON_DAYS / YEAR_DAYS))
