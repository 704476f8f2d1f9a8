"""The frame of a simulated world: how many customers, from when to when, and where chance comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import numpy as np

TIME_ZONE = "Asia/Shanghai"  # the exporter's; it has had no daylight saving since 1991
UTC_OFFSET_HOURS = 8
HORIZONS = (30, 90, 180)
CHUNK = 2_000

# Every part of a chunk draws from its own stream, so that a change in one leaves the others as they were.
STREAMS = (
    "latent",
    "service",
    "states",
    "orders",
    "credit notes",
    "payments",
    "contacts",
    "touches",
    "stages",
    "surveys",
    "names",
    "profile",
    "times",
)


@dataclass(frozen=True, slots=True)
class World:
    """`customers` companies from `first` to `last` day, both counted in `TIME_ZONE`.

    Customers come in chunks of `chunk`; a chunk depends on the seed, its number and its size alone, so the
    order in which chunks are made, and by how many workers, changes nothing.
    """

    customers: int
    seed: int
    first: date = date(2021, 1, 1)
    last: date = date(2024, 12, 31)
    chunk: int = CHUNK

    @property
    def days(self) -> int:
        """The number of simulated days; day 0 is `first`."""
        return (self.last - self.first).days + 1

    @property
    def chunks(self) -> int:
        """The number of chunks."""
        return -(-self.customers // self.chunk)

    def members(self, chunk: int) -> range:
        """The numbers of a chunk's customers in the whole world."""
        return range(chunk * self.chunk, min((chunk + 1) * self.chunk, self.customers))

    def generator(self, chunk: int, stream: str) -> np.random.Generator:
        """The chance of one part of one chunk."""
        return np.random.default_rng([self.seed, chunk, STREAMS.index(stream)])

    def day_of(self, day: date) -> int:
        """The number of a date."""
        return (day - self.first).days

    def date_of(self, number: int) -> date:
        """The date of a day's number."""
        return self.first + timedelta(days=number)

    def month_ends(self) -> list[int]:
        """The last day of every month of the world, ascending."""
        tomorrows = ((number, self.date_of(number + 1)) for number in range(self.days))
        return [number for number, tomorrow in tomorrows if tomorrow.day == 1]

    def quarter_starts(self) -> list[int]:
        """The first day of every quarter of the world and of the longest horizon after it, ascending."""
        return [number for number in range(self.days + max(HORIZONS) + 1) if _opens_quarter(self.date_of(number))]

    def quarters(self) -> Iterator[tuple[int, int]]:
        """First and last day of every quarter that begins within the world."""
        for start, following in pairwise(self.quarter_starts()):
            if start < self.days:
                yield start, following - 1

    @property
    def epoch(self) -> int:
        """The first instant of day 0, in µs UTC."""
        midnight = datetime(self.first.year, self.first.month, self.first.day, tzinfo=UTC)
        return int(midnight.timestamp() - UTC_OFFSET_HOURS * 3600) * 1_000_000

    @property
    def epoch_day(self) -> int:
        """The days from 1970-01-01 to day 0."""
        return (self.first - date(1970, 1, 1)).days


def _opens_quarter(day: date) -> bool:
    return day.day == 1 and day.month % 3 == 1
