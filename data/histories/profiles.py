"""Values of declared profile columns, as numbers."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from data.clock import EARLIEST, LATEST, instant_of, start_of_day
from data.errors import SourceError, did_you_mean, listed
from data.events import is_instant
from data.hashing import hash_text
from data.settings.book import Book

PROFILE_DTYPES: dict[str, np.dtype[Any]] = {
    "category": np.dtype(np.uint64),
    "text": np.dtype(np.uint64),
    "number": np.dtype(np.float64),
    "date": np.dtype(np.int64),
}
NO_DATE = int(np.iinfo(np.int64).min)
ALWAYS_KNOWN = int(np.iinfo(np.int64).min)
NEVER_KNOWN = FOR_EVER = int(np.iinfo(np.int64).max)
MISSING: dict[np.dtype[Any], int | float] = {
    np.dtype(np.uint64): 0,
    np.dtype(np.float64): math.nan,
    np.dtype(np.int64): NO_DATE,
}
"""The value of a profile array that says nothing."""


def profile_array(values: Iterable[object], kind: str, time_zone: str, count: int) -> npt.NDArray[Any]:
    """The values of one column as an array: stable hashes, float64, or instants; SourceError for a misfit."""
    numbers = (profile_number(value, kind, time_zone) for value in values)
    return np.fromiter(numbers, PROFILE_DTYPES[kind], count)


def profile_number(value: object, kind: str, time_zone: str) -> int | float:
    """One value as stored: a category or text by its hash, a date (or its ISO text) as an instant."""
    if kind in ("category", "text"):
        return hash_text(profile_text(value))
    if kind == "number":
        return _number(value)
    return _instant(value, time_zone)


def missing(values: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which values of a profile array are missing."""
    if values.dtype == np.float64:
        return np.asarray(np.isnan(values), np.bool_)
    return np.asarray(values == MISSING[values.dtype], np.bool_)


def profile_text(value: object) -> str | None:
    """A category or text as it is hashed: whole numbers without a point, nothing as None."""
    if value is None or isinstance(value, str):
        return value or None
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(value: object) -> float:
    if value is None or value == "":
        return math.nan
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError) as error:
        raise SourceError("profile: expected a number") from error
    if not math.isfinite(number):
        raise SourceError("profile: expected a finite number")
    return number


def _instant(value: object, time_zone: str) -> int:
    if value is None or value == "":
        return NO_DATE
    if isinstance(value, str):
        value = _parsed(value)
    if isinstance(value, datetime) and is_instant(value):
        return instant_of(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        instant = start_of_day(value, time_zone)
        if EARLIEST <= instant < LATEST:
            return instant
    raise SourceError("profile: expected a date such as 2017-10-01, or a time with an offset, 1900 to 2199")


def _parsed(text: str) -> date | datetime:
    try:
        return date.fromisoformat(text) if len(text) == len("2017-10-01") else datetime.fromisoformat(text)
    except ValueError as error:
        raise SourceError("profile: expected a date such as 2017-10-01, or a time with an offset") from error


def declared(book: Book, columns: Sequence[str]) -> None:
    """SourceError for a column that the book does not declare."""
    for name in columns:
        if name not in book.profile_kinds:
            known = listed(book.profile_kinds)
            raise SourceError(
                f'profile: book {book.name} declares no column "{name}"; it declares {known}'
                f"{did_you_mean(name, book.profile_kinds)}"
            )
