"""The past replayed: train on what was known then, score everybody, and lay it beside what happened."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.book import Book
from data.clock import local_date
from data.histories import Histories
from evaluation.baselines import baselines_of
from evaluation.comparison import OURS, judge
from evaluation.grade import grade
from evaluation.question import Question
from evaluation.results import Results
from evaluation.scoring import Forecast, scores
from training.bundle import Bundle
from training.fit import fit
from training.labels import label
from training.lesson import horizons
from training.target import Search

Floats = NDArray[np.float64]

SCHEMA: dict[str, pl.DataType] = {
    "book": pl.String(),
    "customer_id": pl.String(),
    "cutoff": pl.String(),
    "horizon_days": pl.Int32(),
    "target": pl.String(),
    "model": pl.String(),
    "prediction": pl.Float64(),
    "low": pl.Float64(),
    "high": pl.Float64(),
    "label": pl.Float64(),
}
"""The columns of `predictions.parquet`. `cutoff` is an ISO date; `low` and `high` are the 90 % interval, null
where a model gives none; money in the book's currency, probabilities from 0 to 1."""


def backtest(
    book: Book,
    histories: Histories,
    cutoffs: Sequence[int],
    search: Search,
    advance: Callable[[str], None],
) -> Results:
    """Replays `cutoffs` (µs UTC), the judged one first, and measures what the models said there.

    `advance` is told of each step.
    """
    replays = [replay(book, histories, cutoff, search, advance) for cutoff in cutoffs]
    advance("measuring")
    (predictions, bundle), *earlier = replays
    rolling = pl.concat([table for table, _ in earlier]) if earlier else None
    judgement = judge(predictions, search.seed)
    return Results(
        book=book,
        predictions=predictions,
        rolling=rolling,
        judgement=judgement if rolling is None else judgement.joined(judge(rolling, search.seed)),
        grade=grade(predictions, search.seed),
        degraded=bundle.degraded,
        seed=search.seed,
    )


def replay(
    book: Book, histories: Histories, cutoff: int, search: Search, advance: Callable[[str], None]
) -> tuple[pl.DataFrame, Bundle]:
    """Every model's predictions at `cutoff` (µs) beside the labels, a table of `SCHEMA`, and our bundle.

    The models see nothing that was not known at the cutoff; only the labels look further.
    """
    day = local_date(cutoff, book.time_zone)
    known = histories.known_by(cutoff)
    bundle = fit(book, known, cutoff, search, lambda step: advance(f"{day}, {step}"))
    advance(f"{day}, scoring everybody")
    ours = scores(known, cutoff, bundle)
    parts = []
    for target, days in horizons(book).items():
        advance(f"{day}, asking the baselines for {target}")
        question = Question(book, known, cutoff, target, days)
        truth = label(histories, cutoff, target, days, book)
        forecasts = {OURS: ours[target], **dict(_baseline_forecasts(question))}
        parts += [answers(question, model, forecast, truth) for model, forecast in forecasts.items()]
    return pl.concat(parts), bundle


def _baseline_forecasts(question: Question) -> Iterator[tuple[str, Forecast]]:
    for baseline in baselines_of(question.book, question.target):
        yield baseline.name, Forecast.without_interval(baseline.forecast(question))


def answers(question: Question, model: str, forecast: Forecast, truth: Floats) -> pl.DataFrame:
    """A model's answers for those who are asked, beside the `truth` (n,): a table of `SCHEMA`."""
    asked = np.flatnonzero(question.asked)
    ids = question.known.customer_ids
    columns = {
        "book": question.book.name,
        "customer_id": [ids[int(customer)] for customer in asked],
        "cutoff": question.date,
        "horizon_days": question.horizon_days,
        "target": question.target,
        "model": model,
        "prediction": forecast.prediction[asked],
        "low": forecast.low[asked],
        "high": forecast.high[asked],
        "label": truth[asked],
    }
    return pl.DataFrame(columns, schema=SCHEMA).with_columns(pl.col("low", "high").fill_nan(None))
