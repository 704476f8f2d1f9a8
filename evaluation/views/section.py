"""A target at the judged cutoff: who ranked how well, and drawings of the order and of the level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.settings.book import Book
from evaluation import wording
from evaluation.comparison import OURS, Asked, Judgement
from evaluation.views import captions
from evaluation.views.gain import gain_plot, lift_plot
from evaluation.views.lorenz import lorenz_plot, top_share
from evaluation.views.means import tenths_plot
from evaluation.views.reliability import reliability_plot
from evaluation.views.spread import spread_plot
from evaluation.views.standings import Table, standings

Floats = NDArray[np.float64]

Plot = tuple[str, str]
"""A drawing and how to read it."""

BEST = 0.2


@dataclass(frozen=True)
class Section:
    """A target: its name, its table and its plots."""

    name: str
    table: Table
    plots: tuple[Plot, ...]


def section_of(
    book: Book, asked: Asked, truth: Floats, forecasts: Mapping[str, Floats], judgement: Judgement
) -> Section:
    """The section of a question with labels (n,) and every model's predictions (n,); no plot without ours."""
    table = standings(book, asked, truth, judgement)
    if OURS not in forecasts:
        return Section(asked.target, table, ())
    words = wording.TARGETS[asked.target]
    order = (
        (gain_plot(truth, forecasts, wording.MODELS, words.caught), captions.GAIN),
        (lift_plot(truth, forecasts, wording.MODELS, words.times), captions.LIFT),
    )
    money = asked.target == "lifetime_value"
    level = _of_money(truth, forecasts[OURS], book) if money else _of_chances(truth, forecasts, words.event)
    return Section(asked.target, table, (*order, *level))


def _of_money(truth: Floats, prediction: Floats, book: Book) -> Iterator[Plot]:
    yield tenths_plot(truth, prediction, book.currency), captions.MONEY
    told = captions.LORENZ.format(true=top_share(truth, BEST), predicted=top_share(prediction, BEST))
    yield lorenz_plot(truth, prediction, book.currency), told


def _of_chances(truth: Floats, forecasts: Mapping[str, Floats], event: str) -> Iterator[Plot]:
    yield reliability_plot(truth, forecasts, wording.MODELS, event), captions.RELIABILITY
    yield spread_plot(truth, forecasts[OURS], event), captions.SPREAD
