"""Columns of times, in whatever form a source has them, as instants."""

from __future__ import annotations

import polars as pl

from data.clock import EARLIEST, LATEST, from_local
from data.reading.texts import texts

_NAIVE = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%d %H:%M", "%Y-%m-%d")
_WITH_OFFSET = r"^(.*:\d\d(?:[.,]\d+)?) ?(?:Z|([+-])(\d\d)(?::?(\d\d))?(?::\d\d)?)$"
_MINUTE = 60_000_000


def parse_times(column: pl.Series, time_format: str | None, time_zone: str) -> pl.Series:
    """Int64 instants, null where there is no time from 1900 to 2199 in the given form.

    Without a format, ISO 8601 with or without time and offset; times without an offset are local.
    """
    if column.dtype == pl.Date or isinstance(column.dtype, pl.Datetime):
        return _in_range(_typed(column, time_zone))
    if time_format is not None:
        return _in_range(_typed(texts(column).str.to_datetime(time_format, strict=False, time_unit="us"), time_zone))
    return _in_range(_iso(texts(column), time_zone))


def _typed(column: pl.Series, time_zone: str) -> pl.Series:
    """Dates and datetimes; those with a zone hold UTC."""
    aware = isinstance(column.dtype, pl.Datetime) and column.dtype.time_zone is not None
    physical = column.cast(pl.Datetime("us", "UTC" if aware else None)).to_physical()
    return physical if aware else _from_local(physical, time_zone)


def _iso(text: pl.Series, time_zone: str) -> pl.Series:
    text = text.str.replace("T", " ", literal=True)
    instants = _from_local(_local(text), time_zone)
    rest = instants.is_null() & text.is_not_null()
    return _coalesced(instants, _with_offset(text)) if rest.any() else instants


def _local(text: pl.Series) -> pl.Series:
    """Int64 wall-clock microseconds."""
    found = pl.Series(text.name, [None] * len(text), dtype=pl.Int64) if len(text) else text.cast(pl.Int64)
    for form in _NAIVE:
        if found.null_count() == text.null_count():
            break
        found = _coalesced(found, text.str.to_datetime(form, strict=False, time_unit="us").to_physical())
    return found


def _with_offset(text: pl.Series) -> pl.Series:
    parts = text.str.extract_groups(_WITH_OFFSET).struct.unnest()
    local, sign, hours, minutes = (parts[name] for name in parts.columns)
    size = hours.cast(pl.Int64).fill_null(0) * 60 + minutes.cast(pl.Int64).fill_null(0)
    offset = size * (1 - 2 * (sign == "-").fill_null(value=False).cast(pl.Int64))
    return _local(local.str.replace(",", ".", literal=True)) - offset * _MINUTE


def _from_local(local: pl.Series, time_zone: str) -> pl.Series:
    wall = _in_range(local)
    filled = wall.fill_null(0).to_numpy()
    instants = pl.Series(local.name, from_local(filled, time_zone))
    return _where(wall.is_not_null(), instants)


def _in_range(instants: pl.Series) -> pl.Series:
    return _where((instants >= EARLIEST) & (instants < LATEST), instants)


def _where(mask: pl.Series, values: pl.Series) -> pl.Series:
    return values.to_frame("v").select(pl.when(mask).then("v")).to_series()


def _coalesced(first: pl.Series, second: pl.Series) -> pl.Series:
    return pl.DataFrame({"a": first, "b": second}).select(pl.coalesce("a", "b")).to_series()


def time_form(text: str) -> str:
    """The form of a time without what it says: 9 for a digit, a for a letter."""
    return "".join("9" if each.isdigit() else "a" if each.isalpha() else each for each in text[:40])
