"""What a backtest found, in one piece."""

from dataclasses import dataclass

import polars as pl

from data.book import Book
from evaluation.ablation.result import Ablation
from evaluation.comparison import Judgement
from evaluation.grade import Grade


@dataclass(frozen=True)
class Results:
    """The predictions at the judged cutoff, those at earlier ones (None: not asked), and what they measure.

    `degraded` says what keeps our answers from being whole; `seed` is that of training and of the intervals.
    `ablation` tells what each feature family is worth (None: not asked).
    """

    book: Book
    predictions: pl.DataFrame
    rolling: pl.DataFrame | None
    judgement: Judgement
    grade: Grade | None
    degraded: tuple[str, ...]
    seed: int
    ablation: Ablation | None = None
