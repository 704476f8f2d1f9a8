"""One moment of the past replayed: train on what was known then, score everybody, lay it beside what happened."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.clock import add_days, local_date
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.baselines import baselines_of
from evaluation.comparison import OURS
from evaluation.predictions import LEVELS, MAIN_LEVEL, answers, answers_between, at_level
from evaluation.question import Question
from evaluation.scoring import Forecast, Forecasts, scores
from serving.plan import Plan
from serving.tiers.fit import fit as fit_plan
from serving.tiers.fit import needed
from serving.tiers.gather import Gathered, gather
from serving.tiers.ladder import TIERS
from training.bundle import Bundle
from training.fit import fit, noted
from training.horizons import horizons
from training.labels import label
from training.tuning import Search

Floats = NDArray[np.float64]
NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True)
class Replay:
    """What was said at one cutoff, by a `bundle` that knew nothing later.

    `predictions` are every model's for the main horizons, a table of `SCHEMA`; `beside` our own for other horizons
    and for the 80 % interval, a table of `LEVELS`; `plan` is what the book's policy learnt, and `tiers`
    what it says of every customer.
    """

    predictions: pl.DataFrame
    beside: pl.DataFrame
    bundle: Bundle
    plan: Plan
    tiers: Mapping[str, str]

    @property
    def whole(self) -> pl.DataFrame:
        """All of it, a table of `LEVELS`."""
        return pl.concat([at_level(self.predictions, MAIN_LEVEL), self.beside])


def replay(
    book: Book,
    histories: Histories,
    cutoff: int,
    search: Search,
    advance: Callable[[str], None],
    facts: Mapping[str, Any] = NOTHING,
) -> Replay:
    """Every model's predictions at `cutoff` (µs) beside the labels.

    The models see nothing that was not known at the cutoff; only the labels look further. `facts` of the customers
    are put on record in the bundle.
    """
    day = local_date(cutoff, book.time_zone)
    known = histories.known_by(cutoff)
    bundle = noted(fit(book, known, cutoff, search, lambda step: advance(f"{day}, {step}")), facts)
    advance(f"{day}, scoring everybody")
    ours = scores(known, cutoff, bundle)
    parts: list[pl.DataFrame] = []
    for target, days in horizons(book).items():
        advance(f"{day}, asking the baselines for {target}")
        parts += _said_by_all(Question(book, known, cutoff, target, days), ours[target], histories)
    beside = list(_said_beside(book, known, cutoff, ours, histories))
    found = gather([known], cutoff, bundle, needed(book, bundle))
    plan = fit_plan(found, book, bundle, cutoff)
    return Replay(
        predictions=pl.concat(parts),
        beside=pl.concat(beside) if beside else pl.DataFrame(schema=LEVELS),
        bundle=bundle,
        plan=plan,
        tiers=_tiers(plan, found),
    )


def _tiers(plan: Plan, found: Gathered) -> dict[str, str]:
    places = plan.rule.places(found.columns).tolist()
    return {customer: TIERS[place] for customer, place in zip(found.customers, places, strict=True)}


def _said_by_all(question: Question, ours: Forecast, histories: Histories) -> Iterator[pl.DataFrame]:
    truth = _truth(question, histories)
    if not ours.says_nothing:
        yield answers_between(question, OURS, ours.prediction, (ours.low, ours.high), truth)
    for baseline in baselines_of(question.book, question.target):
        yield answers(question, baseline.name, baseline.forecast(question), truth)


def _said_beside(
    book: Book, known: Histories, cutoff: int, ours: Forecasts, histories: Histories
) -> Iterator[pl.DataFrame]:
    """Our 80 % intervals, and our answers for the other horizons whose windows have ended."""
    for target, main in horizons(book).items():
        forecast = ours[target]
        if not np.isnan(forecast.low_80).all():
            question = Question(book, known, cutoff, target, main)
            ends, truth = (forecast.low_80, forecast.high_80), _truth(question, histories)
            yield at_level(answers_between(question, OURS, forecast.prediction, ends, truth), 0.8)
        for days in (days for days in forecast.by_horizon if days != main and not forecast.says_nothing):
            question = Question(book, known, cutoff, target, days)
            if _has_ended(question, histories):
                said = answers(question, OURS, forecast.by_horizon[days], _truth(question, histories))
                yield at_level(said, MAIN_LEVEL)


def _truth(question: Question, histories: Histories) -> Floats:
    return label(histories, question.cutoff, question.target, question.horizon_days, question.book)


def _has_ended(question: Question, histories: Histories) -> bool:
    zone = question.book.time_zone
    end = local_date(add_days(question.cutoff, question.horizon_days, zone), zone)
    return end <= local_date(int(histories.time.max()), zone)
