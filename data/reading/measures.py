"""The numbers of rows: money, and quantities or the days between two dates."""

from __future__ import annotations

from functools import reduce
from operator import mul

import polars as pl

from data.reading.texts import marked_otherwise, numbers, texts
from data.reading.times import parse_times
from data.settings.source import Amount, Source


def amounts(frame: pl.DataFrame, amount: Amount | None, decimal: str) -> tuple[pl.Series, pl.Series]:
    """Money, and where one of its columns is no number."""
    if amount is None:
        return nothing(frame, pl.Float64), never(frame)
    factors = [numbers(frame[name], decimal) for name in amount.factors]
    product = reduce(mul, (value for value, _ in factors))
    bad = reduce(lambda one, other: one | other, (bad for _, bad in factors))
    return (product * -1 if amount.negate else product), bad


def other_mark(frame: pl.DataFrame, amount: Amount | None, decimal: str) -> pl.Series:
    """Where a column of the money is a number under the other decimal mark alone."""
    found = (marked_otherwise(frame[name], decimal) for name in (amount.factors if amount else ()))
    return reduce(lambda one, other: one | other, found, never(frame))


def quantities(frame: pl.DataFrame, source: Source, zone: str) -> tuple[pl.Series, pl.Series]:
    """A number, or the days between two dates (empty where one is), and where it is unreadable."""
    quantity = source.columns.quantity
    if quantity is None:
        return nothing(frame, pl.Float64), never(frame)
    if isinstance(quantity, str):
        return numbers(frame[quantity], source.decimal)
    given = [frame[quantity.days_from], frame[quantity.days_to]]
    start, end = (_local_dates(parse_times(column, source.time_format, zone), zone) for column in given)
    bad = [day.is_null() & texts(column).is_not_null() for day, column in zip((start, end), given, strict=True)]
    return (end - start).cast(pl.Float64), bad[0] | bad[1]


def _local_dates(instants: pl.Series, zone: str) -> pl.Series:
    """The local calendar days since 1970-01-01 of instants (us UTC)."""
    return instants.cast(pl.Datetime("us", "UTC")).dt.convert_time_zone(zone).dt.date().to_physical()


def nothing(frame: pl.DataFrame, dtype: type[pl.DataType]) -> pl.Series:
    """A column of nulls."""
    return pl.repeat(None, frame.height, dtype=dtype, eager=True)


def never(frame: pl.DataFrame) -> pl.Series:
    """A column of false."""
    return pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
