"""Calendar: a year ago, by calendar days before the cutoff's day, and weekends."""

from features.kernel.arithmetic import orders_between, ratio, spend_between
from features.kernel.columns import AT, NEVER, Floats, Records
from features.kernel.pieces import piece

YEAR = 365
QUARTER = 91
HALF_YEAR = 182
WEEK = 7
SATURDAY = 5
MONDAY_TO_EPOCH = 3  # 1970-01-01 was a Thursday


@piece
def weekend_share(orders: Records, today: int) -> float:
    """The share of orders placed on a Saturday or Sunday; undefined without orders."""
    weekend = 0
    for k in range(len(orders)):
        weekend += (today - orders[k].age + MONDAY_TO_EPOCH) % WEEK >= SATURDAY
    return ratio(weekend, len(orders))


@piece
def coming_season(row: Floats, orders: Records, first_age: int, minor_units: float) -> None:
    """Writes what was bought a year ago in the days that lie ahead; undefined if not known for a year."""
    row[AT.orders_next_91d_last_year] = NEVER
    row[AT.spend_next_91d_last_year] = NEVER
    row[AT.spend_next_182d_last_year] = NEVER
    if first_age >= YEAR - 1:
        quarter = spend_between(orders, YEAR - QUARTER, YEAR - 1)
        half_year = spend_between(orders, YEAR - HALF_YEAR, YEAR - 1)
        row[AT.orders_next_91d_last_year] = orders_between(orders, YEAR - QUARTER, YEAR - 1)
        row[AT.spend_next_91d_last_year] = quarter / minor_units
        row[AT.spend_next_182d_last_year] = half_year / minor_units


@piece
def same_season(row: Floats, orders: Records, first_age: int, minor_units: float) -> None:
    """Writes the last 91 days of a year ago, and this year's against them; undefined if not known then."""
    row[AT.spend_91d_last_year] = NEVER
    row[AT.spend_year_trend_91d] = NEVER
    if first_age >= YEAR + QUARTER - 1:
        then = spend_between(orders, YEAR, YEAR + QUARTER - 1)
        now = spend_between(orders, 0, QUARTER - 1)
        row[AT.spend_91d_last_year] = then / minor_units
        row[AT.spend_year_trend_91d] = ratio(now, now + then)


@piece
def calendar(row: Floats, orders: Records, first_age: int, today: int, minor_units: float) -> None:
    """Writes the family "calendar"; `today` is the cutoff's calendar day since 1970-01-01."""
    coming_season(row, orders, first_age, minor_units)
    same_season(row, orders, first_age, minor_units)
    row[AT.weekend_share] = weekend_share(orders, today)
