"""Profile rows as facts: one value of one column of one customer, when it became known and until when it holds."""

from __future__ import annotations

import polars as pl

from data import events as why
from data.clock import DAY, start_of_day, through_day
from data.histories.profiles import ALWAYS_KNOWN, FOR_EVER
from data.nul import holds_nul, in_text
from data.reading.mapping import rejected
from data.reading.measures import nothing
from data.reading.texts import numbers, texts
from data.reading.times import parse_times
from data.settings.book import Book
from data.settings.source import ProfileSource

FACT_SCHEMA = pl.Schema(
    {
        "customer_id": pl.String,
        "column": pl.String,
        "known_time": pl.Int64,
        "expires": pl.Int64,
        "value": pl.String,
        "source": pl.String,
        "row": pl.Int64,
    }
)
NO_FACTS = pl.DataFrame(schema=FACT_SCHEMA)
PRESENCE = ""  # the column of the fact that a customer exists
NO_KNOWN_TIME = "known_time is missing"
BAD_EXPIRES = "expires is not a date"


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
            "expires": _expires(frame, source, zone),
        }
    )
    tests = [
        pl.when(pl.col("customer_id").is_null()).then(pl.lit(why.NO_CUSTOMER)),
        pl.when(in_text(pl.col("customer_id"))).then(pl.lit(holds_nul("customer_id"))),
    ]
    if source.expires is not None:
        told = told.with_columns(ends=texts(frame[source.expires]).is_not_null())
        tests.append(pl.when(pl.col("ends") & pl.col("expires").is_null()).then(pl.lit(BAD_EXPIRES)))
    if source.known_time is not None:
        told = told.with_columns(given=texts(frame[source.known_time]).is_not_null())
        tests.append(pl.when(~pl.col("given")).then(pl.lit(NO_KNOWN_TIME)))
        tests.append(pl.when(pl.col("known_time").is_null()).then(pl.lit(why.BAD_KNOWN_TIME)))
    for name, column in source.columns.items():
        value, bad = _value(frame[column.column or name], column.kind, source, zone)
        told = told.with_columns(value.alias(f"value {name}"), bad.alias(f"bad {name}"))
        tests.append(pl.when(f"bad {name}").then(pl.lit(f"{name} is not a {column.kind}")))
        tests.append(pl.when(in_text(pl.col(f"value {name}"))).then(pl.lit(holds_nul(name))))
    reason = told.select(pl.coalesce(tests).alias("reason")).to_series()
    facts = _long(told.filter(reason.is_null()), list(source.columns))
    named = facts.with_columns(source=pl.lit(source.name)).select(FACT_SCHEMA.names())
    return named.cast(dict(FACT_SCHEMA.items())), rejected(frame, reason)


def once(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts without those that repeat another, as all of a large source need not be kept to settle them."""
    moment = pl.when(pl.col("column") != PRESENCE).then("known_time")
    same = ["customer_id", "column", "value", "expires", "moment"]
    ordered = facts.with_columns(moment=moment).sort("known_time", "row")
    return ordered.unique(same, keep="first", maintain_order=True).drop("moment")


def settled(facts: pl.DataFrame, book: Book) -> pl.DataFrame:
    """What the facts state, by customer, column and time, whatever order they came in.

    Of two values of one time the lesser counts (then the one that holds longer). A statement that repeats the one
    before is left out, unless it holds longer or shorter.
    """
    number = pl.col("value").cast(pl.Float64, strict=False)
    ordered = facts.with_columns(expires=_lapse(book), number=number).sort(
        ["customer_id", "column", "known_time", "number", "value", "expires", "row"],
        descending=[False, False, False, False, False, True, False],
    )
    same = ["customer_id", "column"]
    stated = ordered.unique([*same, "known_time"], keep="first", maintain_order=True)
    news = pl.any_horizontal(pl.col(name).ne_missing(pl.col(name).shift()) for name in (*same, "value", "expires"))
    return stated.filter(news).select(FACT_SCHEMA.names())


def _lapse(book: Book) -> pl.Expr:
    """The last instant at which a value holds: its row's own, else by the days that its column is valid."""
    days = pl.col("column").replace_strict(book.valid_days, default=None, return_dtype=pl.Int64)
    dated = pl.when(pl.col("known_time") != ALWAYS_KNOWN).then(pl.col("known_time") + days * DAY)
    return pl.coalesce("expires", dated, pl.lit(FOR_EVER)).alias("expires")


def _known(frame: pl.DataFrame, source: ProfileSource, book: Book) -> pl.Series:
    zone = source.time_zone or book.time_zone
    if source.known_time is not None:
        return parse_times(frame[source.known_time], source.time_format, zone)
    assert source.known_from is not None
    return pl.repeat(start_of_day(source.known_from, zone), frame.height, dtype=pl.Int64, eager=True)


def _expires(frame: pl.DataFrame, source: ProfileSource, zone: str) -> pl.Series:
    """The end of the last day on which the values of each row hold, null where it names none."""
    if source.expires is None:
        return nothing(frame, pl.Int64)
    last = parse_times(frame[source.expires], source.time_format, zone)
    ends = pl.Series(through_day(last.fill_null(0).to_numpy(), zone))
    return ends.zip_with(last.is_not_null(), nothing(frame, pl.Int64))


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
        "expires",
        "row",
        pl.lit("").alias(PRESENCE),
        *(pl.col(f"value {n}").alias(n) for n in names),
    )
    long = values.unpivot(
        index=["customer_id", "known_time", "expires", "row"], variable_name="column", value_name="value"
    )
    holding = pl.when(pl.col("column") != PRESENCE).then("expires").alias("expires")
    return long.filter(pl.col("value").is_not_null()).with_columns(holding)
