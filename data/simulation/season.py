"""The seasons of trade with China: how much of its usual pace buying has on each day, in each region."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

# The first day of the Chinese year, as published by the calendar of the Purple Mountain Observatory.
NEW_YEARS = (
    date(2021, 2, 12),
    date(2022, 2, 1),
    date(2023, 1, 22),
    date(2024, 2, 10),
    date(2025, 1, 29),
    date(2026, 2, 17),
)
REGIONS = ("Europe", "North America", "Asia", "Middle East and Africa", "South America")

RUSH = (45, 12, 1.35)  # orders are brought forward from 45 to 12 days before the new year
CLOSED = (8, 16, 0.30)  # factories stand still from 8 days before to 16 days after it
AUGUST = (0.45, 0.85, 0.90, 0.80, 1.0)  # by region
AUTUMN = (1.20, 1.30, 1.05, 1.05, 1.10)  # September to mid-November, for Christmas
WEEKEND = 0.35


def season_table(first: date, days: int) -> NDArray[np.float64]:
    """The factor on every move towards an order, shape (days, regions)."""
    calendar = [first + timedelta(days=number) for number in range(days)]
    return np.array([[_factor(day, region) for region in range(len(REGIONS))] for day in calendar])


def _factor(day: date, region: int) -> float:
    return _new_year(day) * _month(day, region) * (WEEKEND if day.weekday() >= 5 else 1.0)


def _new_year(day: date) -> float:
    for new_year in NEW_YEARS:
        after = (day - new_year).days
        if -CLOSED[0] <= after <= CLOSED[1]:
            return CLOSED[2]
        if -RUSH[0] <= after <= -RUSH[1]:
            return RUSH[2]
    return 1.0


def _month(day: date, region: int) -> float:
    if day.month == 8:
        return AUGUST[region]
    return AUTUMN[region] if (9, 1) <= (day.month, day.day) <= (11, 15) else 1.0
