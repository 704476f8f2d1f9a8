"""Instants and local days, across changes of the clock."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.clock import (
    DAY,
    add_days,
    end_of_day,
    from_local,
    instant_of,
    isoformat,
    local_date,
    local_day,
    local_days,
    parse_cutoff,
    start_of_day,
)
from data.errors import BookError

HOUR = DAY // 24
zones = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe"])
instants = st.integers(-2 * 10**15, 6 * 10**15)


def test_a_date_as_cutoff_is_the_last_microsecond_of_the_local_day() -> None:
    cutoff = parse_cutoff("2017-10-01", "America/New_York")
    assert isoformat(cutoff, "America/New_York") == "2017-10-01T23:59:59.999999-04:00"
    assert cutoff == end_of_day(date(2017, 10, 1), "America/New_York")


def test_a_cutoff_with_an_offset_is_that_instant_in_every_zone() -> None:
    text = "2017-10-01T12:00:00+02:00"
    expected = instant_of(datetime(2017, 10, 1, 10, tzinfo=UTC))
    assert parse_cutoff(text, "Asia/Shanghai") == parse_cutoff(text, "UTC") == expected


@pytest.mark.parametrize("text", ["", "tomorrow", "2017-02-30", "2017-10-01T12:00:00", "01.10.2017", "9999-12-31"])
def test_an_unreadable_cutoff_is_told_with_an_example(text: str) -> None:
    with pytest.raises(BookError, match="expected a date such as 2017-10-01"):
        parse_cutoff(text, "Europe/Berlin")


@pytest.mark.parametrize(("day", "hours"), [(date(2021, 3, 28), 23), (date(2021, 10, 31), 25), (date(2021, 6, 1), 24)])
def test_days_of_a_clock_change_are_shorter_or_longer(day: date, hours: int) -> None:
    first, last = start_of_day(day, "Europe/Berlin"), end_of_day(day, "Europe/Berlin")
    assert last - first + 1 == hours * HOUR


def test_adding_days_keeps_the_wall_clock() -> None:
    noon = instant_of(datetime(2021, 3, 27, 12, tzinfo=ZoneInfo("Europe/Berlin")))
    later = add_days(noon, 1, "Europe/Berlin")
    assert isoformat(later, "Europe/Berlin") == "2021-03-28T12:00:00+02:00"
    assert later - noon == 23 * HOUR
    assert add_days(later, -1, "Europe/Berlin") == noon


def test_the_end_of_a_day_plus_days_is_the_end_of_a_day() -> None:
    start = end_of_day(date(2021, 3, 1), "Europe/Berlin")
    assert add_days(start, 90, "Europe/Berlin") == end_of_day(date(2021, 5, 30), "Europe/Berlin")


@given(st.lists(instants, max_size=20), zones)
def test_days_in_bulk_are_the_days_one_by_one(chosen: list[int], zone: str) -> None:
    bulk = local_days(np.array(chosen, np.int64), zone)
    assert bulk.dtype == np.int32
    assert bulk.tolist() == [local_day(instant, zone) for instant in chosen]


def test_days_are_right_at_every_quarter_hour_around_clock_changes() -> None:
    for zone in ("Europe/Berlin", "America/New_York", "Australia/Lord_Howe"):
        around = [instant_of(datetime(2021, month, 1, tzinfo=UTC)) for month in (3, 4, 10, 11)]
        steps = np.concatenate([first + np.arange(0, 33 * DAY, HOUR // 4) for first in around])
        epoch = date(1970, 1, 1)
        expected = [(local_date(int(step), zone) - epoch).days for step in steps]
        assert local_days(steps, zone).tolist() == expected


@given(st.lists(instants, max_size=20), zones)
def test_wall_clock_times_come_back_as_the_instants_they_were(chosen: list[int], zone: str) -> None:
    zone_info = ZoneInfo(zone)
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    moments = [(epoch + timedelta(microseconds=each)).astimezone(zone_info) for each in chosen]
    unambiguous = [moment for moment in moments if moment.fold == 0]
    wall = [int((m.replace(tzinfo=UTC) - epoch) / timedelta(microseconds=1)) for m in unambiguous]
    expected = [(m - epoch) // timedelta(microseconds=1) for m in unambiguous]
    assert from_local(np.array(wall, np.int64), zone).tolist() == expected


def test_a_repeated_hour_is_its_first_pass_and_a_skipped_one_keeps_the_old_offset() -> None:
    wall = [datetime(2021, 10, 31, 2, 30, tzinfo=UTC), datetime(2021, 3, 28, 2, 30, tzinfo=UTC)]
    found = from_local(np.array([instant_of(each) for each in wall]), "Europe/Berlin")
    assert isoformat(int(found[0]), "Europe/Berlin") == "2021-10-31T02:30:00+02:00"
    assert isoformat(int(found[1]), "Europe/Berlin") == "2021-03-28T03:30:00+02:00"


def test_a_time_without_an_offset_is_no_instant() -> None:
    with pytest.raises(ValueError, match="without an offset"):
        instant_of(datetime(2021, 1, 1))  # noqa: DTZ001
