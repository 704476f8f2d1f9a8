"""Instants and local days: all instants are int64 microseconds UTC since 1970-01-01.

Every conversion between UTC and local time in the whole service happens here, so that a batch of
events and a single inline event land on the same local day, whatever library read them.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
import numpy.typing as npt

from data.errors import BookError

SECOND = 1_000_000
DAY = 86_400 * SECOND
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
FIRST_YEAR, END_YEAR = 1900, 2200
EARLIEST = (date(FIRST_YEAR, 1, 1) - EPOCH.date()).days * DAY
LATEST = (date(END_YEAR, 1, 1) - EPOCH.date()).days * DAY
REMEMBERED = 1_024
"""So many conversions of a kind are remembered: a request asks for those of its cutoff again and again."""
_TABLE_DAYS = (date(2100, 1, 1) - EPOCH.date()).days

Instants = npt.NDArray[np.int64]


def instant_of(moment: datetime) -> int:
    """An aware datetime as an instant; ValueError for one without an offset."""
    if moment.tzinfo is None:
        raise ValueError("a time without an offset is no instant")
    return (moment - EPOCH) // MICROSECOND


def moment_of(instant: int, time_zone: str) -> datetime:
    """An instant as a datetime in the given zone."""
    moment = EPOCH + timedelta(microseconds=int(instant))
    return moment if time_zone == "UTC" else moment.astimezone(ZoneInfo(time_zone))


@lru_cache(maxsize=REMEMBERED)
def end_of_day(day: date, time_zone: str) -> int:
    """The last microsecond of that local day."""
    return start_of_day(day + timedelta(days=1), time_zone) - 1


def start_of_day(day: date, time_zone: str) -> int:
    """The first microsecond of that local day."""
    return _from_local(datetime.combine(day, time.min), time_zone)


def parse_cutoff(text: str, time_zone: str) -> int:
    """`2017-10-01` is the end of that local day, an ISO time with offset that instant; else BookError."""
    try:
        if len(text) == len("2017-10-01"):
            return end_of_day(date.fromisoformat(text), time_zone)
        return instant_of(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise BookError(
            f"cutoff: expected a date such as 2017-10-01 (the end of that day in {time_zone}) or a time with "
            f'an offset such as 2017-10-01T12:00:00+02:00, got "{text}"'
        ) from error


@lru_cache(maxsize=REMEMBERED)
def add_days(instant: int, days: int, time_zone: str) -> int:
    """The instant with the same local wall clock `days` calendar days later (or earlier)."""
    local = moment_of(instant, time_zone).replace(tzinfo=None)
    return _from_local(local + timedelta(days=days), time_zone)


def local_days(instants: Instants, time_zone: str) -> npt.NDArray[np.int32]:
    """The local calendar day number (days since 1970-01-01) of each instant."""
    local = instants + _offsets_at(instants, time_zone)
    days: npt.NDArray[np.int32] = np.floor_divide(local, DAY).astype(np.int32)
    return days


@lru_cache(maxsize=REMEMBERED)
def local_day(instant: int, time_zone: str) -> int:
    """The local calendar day number of one instant."""
    return (local_date(instant, time_zone) - EPOCH.date()).days


@lru_cache(maxsize=REMEMBERED)
def local_date(instant: int, time_zone: str) -> date:
    """The local calendar date of one instant."""
    return moment_of(instant, time_zone).date()


def through_day(instants: Instants, time_zone: str) -> Instants:
    """The last microsecond of the local day of each instant."""
    tomorrows = local_days(instants, time_zone).astype(np.int64) + 1
    return from_local(tomorrows * DAY, time_zone) - 1


@lru_cache(maxsize=REMEMBERED)
def isoformat(instant: int, time_zone: str) -> str:
    """The instant as local ISO 8601 text with its offset."""
    return moment_of(instant, time_zone).isoformat()


def from_local(local: Instants, time_zone: str) -> Instants:
    """Local wall-clock microseconds as instants.

    As in PEP 495 with fold=0: an hour that happens twice means its first pass, and an hour that the
    clock skips is read with the offset before the change.
    """
    table = _offset_table(time_zone)
    day = np.floor_divide(local, DAY)
    inside = (day >= 1) & (day < _TABLE_DAYS - 2)
    near = np.where(inside, day, 1)
    offsets = table[near]
    steady = inside
    for step in (-1, 1, 2):
        steady = steady & (table[near + step] == offsets)
    instants = local - offsets
    for index in np.flatnonzero(~steady):
        moment = datetime(1970, 1, 1) + timedelta(microseconds=int(local[index]))  # noqa: DTZ001
        instants[index] = _from_local(moment, time_zone)
    return instants


def _from_local(moment: datetime, time_zone: str) -> int:
    return instant_of(moment.replace(tzinfo=ZoneInfo(time_zone), fold=0))


def _offsets_at(instants: Instants, time_zone: str) -> Instants:
    table = _offset_table(time_zone)
    day = np.floor_divide(instants, DAY)
    inside = (day >= 0) & (day < _TABLE_DAYS)
    near = np.where(inside, day, 0)
    offsets = table[near]
    steady = inside & (table[near + 1] == offsets)
    for index in np.flatnonzero(~steady):
        offsets[index] = _offset_at(int(instants[index]), time_zone)
    return offsets


@lru_cache(maxsize=16)
def _offset_table(time_zone: str) -> Instants:
    """The offset at every UTC midnight of 1970 to 2100; days whose two ends agree need no other look."""
    zone = ZoneInfo(time_zone)
    midnights = (EPOCH + timedelta(days=day) for day in range(_TABLE_DAYS + 1))
    seconds = [_seconds(midnight.astimezone(zone).utcoffset()) for midnight in midnights]
    table = np.array(seconds, dtype=np.int64) * SECOND
    table.flags.writeable = False
    return table


def _offset_at(instant: int, time_zone: str) -> int:
    return _seconds(moment_of(instant, time_zone).utcoffset()) * SECOND


def _seconds(offset: timedelta | None) -> int:
    return 0 if offset is None else offset // timedelta(seconds=1)
