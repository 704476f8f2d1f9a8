"""The tables of predictions: what a model said of each customer, beside what came."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluation.question import Question

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

LEVELS: dict[str, pl.DataType] = {**SCHEMA, "level": pl.Float64()}
"""The columns of `rolling.parquet`: the same for other cutoffs, horizons and levels of the interval, 0.9 or 0.8.
A question whose interval is told at both levels stands there twice, with the same prediction and label."""

MAIN_LEVEL = 0.9


def answers(question: Question, model: str, prediction: Floats, truth: Floats) -> pl.DataFrame:
    """A model's answers (n,) without an interval, for those who are asked, beside the `truth` (n,)."""
    nothing = np.full(len(prediction), np.nan)
    return answers_between(question, model, prediction, (nothing, nothing), truth)


def answers_between(
    question: Question, model: str, prediction: Floats, ends: tuple[Floats, Floats], truth: Floats
) -> pl.DataFrame:
    """A model's answers (n,) with both `ends` of their interval, nan where there is none: a table of `SCHEMA`."""
    asked = np.flatnonzero(question.asked)
    ids = question.known.customer_ids
    columns = {
        "book": question.book.name,
        "customer_id": [ids[int(customer)] for customer in asked],
        "cutoff": question.date,
        "horizon_days": question.horizon_days,
        "target": question.target,
        "model": model,
        "prediction": prediction[asked],
        "low": ends[0][asked],
        "high": ends[1][asked],
        "label": truth[asked],
    }
    return pl.DataFrame(columns, schema=SCHEMA).with_columns(pl.col("low", "high").fill_nan(None))


def at_level(table: pl.DataFrame, level: float) -> pl.DataFrame:
    """A table of `SCHEMA` as one of `LEVELS`, its intervals being of this level."""
    return table.with_columns(pl.lit(level, pl.Float64()).alias("level"))


def of_main_level(rolling: pl.DataFrame) -> pl.DataFrame:
    """Each question of a table of `LEVELS` once, a table of `SCHEMA`."""
    return rolling.filter(pl.col("level") == MAIN_LEVEL).drop("level")
