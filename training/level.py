"""The level of a score: what, beyond theory and trees, makes money and chances come true on average."""

import numpy as np
from numpy.typing import NDArray

from training.calibration import start_of
from training.sample import Sample
from training.snapshots import DAY, YEAR_DAYS

Floats = NDArray[np.float64]

SEASON_DAYS = 21
"""Snapshots this near to a whole number of years before the cutoff have seen its season."""


def levels(sample: Sample, shape: Floats, scale: str) -> Floats:
    """The level of every row's snapshot, shape (n,): what `shape` (n,), on the link scale, lacks there.

    So the season of a window goes into its level, and the trees do not mistake it for an effect of tenure,
    which moves with the calendar in every book (on Online Retail II: MAE 562 against 602).
    """
    level = np.empty(len(sample))
    for snapshot in np.unique(sample.snapshots):
        rows = sample.snapshots == snapshot
        level[rows] = start_of(sample.labels[rows], shape[rows], scale)
    return level


def served_level(sample: Sample, shape: Floats, scale: str, cutoff: int) -> float:
    """The level to expect after `cutoff` (µs): that of all snapshots, drawn towards the cutoff's own season.

    A season seen in n years counts n / (n + 1): seen once, it is as likely chance as season, which is the
    best linear guess where both vary alike (Robinson 1991, "That BLUP is a good thing").
    """
    pooled = start_of(sample.labels, shape, scale)
    seasons = [start_of(sample.labels[rows], shape[rows], scale) for rows in _years(sample, cutoff) if rows.any()]
    return pooled + (sum(seasons) - len(seasons) * pooled) / (len(seasons) + 1)


def _years(sample: Sample, cutoff: int) -> list[NDArray[np.bool_]]:
    """For every whole year before the cutoff the rows (n,) of the snapshots about then."""
    ages = (cutoff - sample.snapshots) / DAY
    years = range(1, int(ages.max() // YEAR_DAYS) + 2)
    return [np.abs(ages - year * YEAR_DAYS) <= SEASON_DAYS for year in years]
