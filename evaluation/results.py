"""What a backtest found, in one piece."""

from dataclasses import dataclass

import polars as pl

from data.settings.book import Book
from evaluation.ablation.result import Ablation
from evaluation.cohorts import Cohort
from evaluation.comparison import Judgement
from evaluation.dependence import Dependence
from evaluation.drivers import Driver, GroupDriver
from evaluation.grade import Grade
from evaluation.tiers import TierView


@dataclass(frozen=True)
class Results:
    """The predictions at the judged cutoff, those for other cutoffs, horizons and levels, and what they measure.

    `rolling` is a table of `evaluation.predictions.LEVELS`, None where there is nothing to put there. `tiers`,
    `cohorts`, `drivers`, `driver_groups` and `dependences` are of the judged cutoff. `degraded` says what keeps our
    answers from being whole; `seed` is that of training and of the intervals. `ablation` tells what each feature family
    is worth (None: not asked). `sampled` says which customers taught and were judged, where not all of the book.
    """

    book: Book
    predictions: pl.DataFrame
    rolling: pl.DataFrame | None
    judgement: Judgement
    grade: Grade | None
    degraded: tuple[str, ...]
    seed: int
    tiers: tuple[TierView, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    drivers: tuple[Driver, ...] = ()
    driver_groups: tuple[GroupDriver, ...] = ()
    dependences: tuple[Dependence, ...] = ()
    ablation: Ablation | None = None
    sampled: str = ""
