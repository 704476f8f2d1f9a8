"""Profile rows as facts: one value of one column of one customer, with the time it became known."""

from __future__ import annotations

import polars as pl

from data import events as why
from data.book import Book
from data.clock import start_of_day
from data.mapping import rejected
from data.source import ProfileSource
from data.texts import numbers, texts
from data.times import parse_times

FACT_SCHEMA = pl.Schema(
    {
        "customer_id": pl.String,
        "column": pl.String,
        "known_time": pl.Int64,
        "value": pl.String,
        "source": pl.String,
        "row": pl.Int64,
    }
)
PRESENCE = ""  # the column of the fact that a customer exists
NO_KNOWN_TIME = "known_time is missing"


def facts_of(
    frame: pl.DataFrame, source: ProfileSource, book: Book, first_row: int
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The facts of the rows that are in order, and the rejected rows as line, reason, raw."""
    zone = source.time_zone or book.time_zone
    told = pl.DataFrame(
        {
            "customer_id": texts(frame[source.customer_id]),
            "known_time": _known(frame, source, book),
            "row": pl.int_range(first_row, first_row + frame.height, eager=True),
        }
    )
    tests = [pl.when(pl.col("customer_id").is_null()).then(pl.lit(why.NO_CUSTOMER))]
    if source.known_time is not None:
        given = told.with_columns(given=texts(frame[source.known_time]).is_not_null())
        told = given
        tests.append(pl.when(~pl.col("given")).then(pl.lit(NO_KNOWN_TIME)))
        tests.append(pl.when(pl.col("known_time").is_null()).then(pl.lit(why.BAD_KNOWN_TIME)))
    for name, column in source.columns.items():
        value, bad = _value(frame[column.column or name], column.kind, source, zone)
        told = told.with_columns(value.alias(f"value {name}"), bad.alias(f"bad {name}"))
        tests.append(pl.when(f"bad {name}").then(pl.lit(f"{name} is not a {column.kind}")))
    reason = told.select(pl.coalesce(tests).alias("reason")).to_series()
    facts = _long(told.filter(reason.is_null()), list(source.columns))
    named = facts.with_columns(source=pl.lit(source.name)).select(FACT_SCHEMA.names())
    return named.cast(dict(FACT_SCHEMA.items())), rejected(frame, reason)


def first_known(facts: pl.DataFrame) -> pl.DataFrame:
    """Of each customer's column the fact known first; among those of one time, the least value."""
    ordered = facts.sort("customer_id", "column", "known_time", "value", "row")
    return ordered.unique(["customer_id", "column"], keep="first", maintain_order=True)


def profile_table(facts: pl.DataFrame, book: Book) -> pl.DataFrame:
    """One row a customer: customer_id, and for every declared column its value and `<column>.known_time`."""
    table = facts.filter(pl.col("column") == PRESENCE).select("customer_id")
    for name, kind in book.profile_kinds.items():
        own = facts.filter(pl.col("column") == name)
        dtype = {"number": pl.Float64, "date": pl.Int64}.get(kind, pl.String)
        values = own.select(
            "customer_id",
            pl.col("value").cast(dtype).alias(name),
            pl.col("known_time").alias(f"{name}.known_time"),
        )
        table = table.join(values, on="customer_id", how="left", maintain_order="left")
    return table.sort("customer_id")


def _known(frame: pl.DataFrame, source: ProfileSource, book: Book) -> pl.Series:
    zone = source.time_zone or book.time_zone
    if source.known_time is not None:
        return parse_times(frame[source.known_time], source.time_format, zone)
    assert source.known_from is not None
    return pl.repeat(start_of_day(source.known_from, zone), frame.height, dtype=pl.Int64, eager=True)


def _value(column: pl.Series, kind: str, source: ProfileSource, zone: str) -> tuple[pl.Series, pl.Series]:
    """A column's values as texts (a date as its instant), and which of them do not fit the kind."""
    text = texts(column)
    if kind == "number":
        number, bad = numbers(column, source.decimal)
        return texts(number), bad | number.is_infinite().fill_null(value=False)
    if kind == "date":
        instants = parse_times(column, source.time_format, zone)
        return instants.cast(pl.String), instants.is_null() & text.is_not_null()
    return text, pl.repeat(value=False, n=len(column), dtype=pl.Boolean, eager=True)


def _long(told: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    values = told.select(
        "customer_id",
        "known_time",
        "row",
        pl.lit("").alias(PRESENCE),
        *(pl.col(f"value {n}").alias(n) for n in names),
    )
    long = values.unpivot(index=["customer_id", "known_time", "row"], variable_name="column", value_name="value")
    return long.filter(pl.col("value").is_not_null())
