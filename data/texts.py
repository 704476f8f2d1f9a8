"""Raw columns of any type as texts and numbers, and conditions on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, ge, gt, le, lt
from typing import Any

import polars as pl

from data.condition import NUMERIC, Condition, Where


def texts(column: pl.Series) -> pl.Series:
    """The column as text without outer blanks: whole floats without a point, nothing as null."""
    if column.dtype.is_float():
        whole = (column == column.floor()) & (column.abs() < 2.0**53)
        frame = column.fill_nan(None).to_frame("v").with_columns(whole=whole)
        integer = pl.col("v").cast(pl.Int64, strict=False).cast(pl.String)
        return frame.select(pl.when("whole").then(integer).otherwise(pl.col("v").cast(pl.String))).to_series()
    if column.dtype.is_integer():
        return column.cast(pl.String)
    if column.dtype == pl.Binary:
        column = column.cast(pl.String, strict=False)
    text = column.cast(pl.String).str.strip_chars()
    return text.to_frame("v").select(pl.when(pl.col("v") != "").then("v")).to_series()


def numbers(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The column as Float64, and which of its values are no number though they are something."""
    if column.dtype.is_numeric():
        return column.cast(pl.Float64), pl.repeat(value=False, n=len(column), dtype=pl.Boolean, eager=True)
    text = texts(column)
    parsed = text.cast(pl.Float64, strict=False)
    return parsed, text.is_not_null() & parsed.is_null()


def holds(where: Where, frame: pl.DataFrame) -> pl.Series:
    """Which rows meet every condition; no condition is met by all."""
    everything = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    return reduce(and_, (_meets(condition, frame[condition.column]) for condition in where), everything)


def _meets(condition: Condition, column: pl.Series) -> pl.Series:
    if condition.op in ("is_missing", "is_present"):
        missing = texts(column).is_null()
        return missing if condition.op == "is_missing" else ~missing
    if condition.op in NUMERIC:
        number = numbers(column)[0].fill_nan(None)
        return _COMPARE[condition.op](number, condition.value).fill_null(value=False)
    met = _matches(condition.op.removeprefix("not_"), condition.value, column)
    return ~met if condition.op.startswith("not_") else met


_COMPARE: dict[str, Callable[[Any, Any], pl.Series]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _matches(op: str, value: object, column: pl.Series) -> pl.Series:
    """equals, in, starts_with; numbers are compared as numbers, and a missing text is the empty one."""
    if op == "starts_with":
        return texts(column).fill_null("").str.starts_with(str(value))
    values = list(value) if isinstance(value, tuple) else [value]
    if all(isinstance(each, int | float) for each in values):
        return numbers(column)[0].is_in(pl.Series(values, dtype=pl.Float64)).fill_null(value=False)
    return texts(column).fill_null("").is_in([str(each) for each in values])
