"""Raw columns of any type as texts and numbers, and conditions on them."""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_, ge, gt, le, lt
from typing import Any

import polars as pl

from data.settings.condition import NUMERIC, Condition, Where


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


def numbers(column: pl.Series, decimal: str = ".") -> tuple[pl.Series, pl.Series]:
    """The column as Float64, and which of its values are no number though they are something.

    In texts `decimal` stands before the decimals; the other of point and comma, a blank or an apostrophe is
    read over where it parts groups of three digits.
    """
    if column.dtype.is_numeric():
        return column.cast(pl.Float64), pl.repeat(value=False, n=len(column), dtype=pl.Boolean, eager=True)
    text = texts(column)
    parsed = _parsed(text, decimal)
    return parsed, text.is_not_null() & parsed.is_null()


def marked_otherwise(column: pl.Series, decimal: str) -> pl.Series:
    """Which values look like numbers whose decimals the other of point and comma marks."""
    other = "," if decimal == "." else "."
    form = rf"^[+-]?[0-9][0-9.,' \u{{a0}}\u{{202f}}]*[{other}][0-9]+$"
    return texts(column).str.contains(form).fill_null(value=False)


def written_with(column: pl.Series, decimal: str) -> pl.Series:
    """The column as text, its fractions with the given mark as everything else of its source."""
    text = texts(column)
    return text.str.replace(".", decimal, literal=True) if column.dtype.is_float() else text


def _parsed(text: pl.Series, decimal: str) -> pl.Series:
    """Float64, null where a text is no number."""
    plain = text if decimal == "." else _with_point(text)
    parsed = plain.cast(pl.Float64, strict=False)
    if parsed.null_count() == text.null_count():
        return parsed
    grouped = text.to_frame("v").select(pl.when(pl.col("v").str.contains(_GROUPED[decimal])).then("v")).to_series()
    ungrouped = grouped.str.replace_all(f"[^0-9{decimal}+-]", "").str.replace(decimal, ".", literal=True)
    both = pl.DataFrame({"one": parsed, "other": ungrouped.cast(pl.Float64, strict=False)})
    return both.select(pl.coalesce("one", "other")).to_series()


def _with_point(text: pl.Series) -> pl.Series:
    """Decimal commas as points; texts that have a point already are left out."""
    free = text.to_frame("v").select(pl.when(~pl.col("v").str.contains(".", literal=True)).then("v")).to_series()
    return free.str.replace_all(",", ".", literal=True)


def _groups(mark: str, decimal: str) -> str:
    """Whole numbers in groups of three, of one kind of mark throughout, and their decimals."""
    marks = (mark, r" \u{a0}\u{2009}\u{202f}", r"'\u{2019}")
    kinds = "|".join(rf"(?:[{each}][0-9]{{3}})+" for each in marks)
    return rf"^[+-]?[1-9][0-9]{{0,2}}(?:{kinds})(?:[{decimal}][0-9]*)?$"


_GROUPED = {".": _groups(",", "."), ",": _groups(".", ",")}


def holds(where: Where, frame: pl.DataFrame, decimal: str = ".") -> pl.Series:
    """Which rows meet every condition; no condition is met by all."""
    everything = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
    return reduce(and_, (_meets(condition, frame[condition.column], decimal) for condition in where), everything)


def _meets(condition: Condition, column: pl.Series, decimal: str) -> pl.Series:
    if condition.op in ("is_missing", "is_present"):
        missing = texts(column).is_null()
        return missing if condition.op == "is_missing" else ~missing
    if condition.op in NUMERIC:
        number = numbers(column, decimal)[0].fill_nan(None)
        return _COMPARE[condition.op](number, condition.value).fill_null(value=False)
    met = _matches(condition.op.removeprefix("not_"), condition.value, column, decimal)
    return ~met if condition.op.startswith("not_") else met


_COMPARE: dict[str, Callable[[Any, Any], pl.Series]] = {"<": lt, "<=": le, ">": gt, ">=": ge}


def _matches(op: str, value: object, column: pl.Series, decimal: str) -> pl.Series:
    """equals, in, starts_with; numbers are compared as numbers, and a missing text is the empty one."""
    if op == "starts_with":
        return texts(column).fill_null("").str.starts_with(str(value))
    values = list(value) if isinstance(value, tuple) else [value]
    if all(isinstance(each, int | float) for each in values):
        return numbers(column, decimal)[0].is_in(pl.Series(values, dtype=pl.Float64)).fill_null(value=False)
    return texts(column).fill_null("").is_in([str(each) for each in values])
