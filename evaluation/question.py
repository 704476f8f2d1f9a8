"""What a forecaster is asked, and what it may look at while answering."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from data.clock import DAY, add_days, local_date, local_day
from data.histories.histories import Histories
from data.settings.book import Book
from training.labels import audience, label, population

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Question:
    """The `target` of `book` in `(cutoff, cutoff + horizon_days]`, asked at `cutoff` (µs UTC).

    `known` holds what was known then and nothing later; answers have one entry per customer of it.
    """

    book: Book
    known: Histories
    cutoff: int
    target: str
    horizon_days: int

    @property
    def date(self) -> str:
        """The cutoff's local date, ISO 8601."""
        return local_date(self.cutoff, self.book.time_zone).isoformat()

    @cached_property
    def asked(self) -> Flags:
        """Whose answers count, shape (n,)."""
        return population(self.known, self.cutoff, audience(self.book, self.target))

    @property
    def history_days(self) -> int:
        """The calendar days from the first event to the cutoff, both counted."""
        zone = self.book.time_zone
        return local_day(self.cutoff, zone) - local_day(int(self.known.time.min()), zone) + 1

    @property
    def ended_window(self) -> tuple[int, int]:
        """(days, start in µs) of the last window that ended by the cutoff: the horizon, or a third of the
        history where the horizon is longer than that."""
        days = max(min(self.horizon_days, self.history_days // 3), 1)
        return days, add_days(self.cutoff, -days, self.book.time_zone)

    def money_of_last(self, days: int) -> Floats:
        """Money of the last `days` days up to the cutoff, counted as the book counts value, shape (n,)."""
        start = add_days(self.cutoff, -days, self.book.time_zone)
        return label(self.known, start, "lifetime_value", days, self.book)

    def days_since(self, moment: int, events: Flags) -> Floats:
        """Days to `moment` from each customer's last of `events` (m,) known by then, shape (n,), or nan."""
        seen = events & (self.known.time <= moment) & (self.known.known_time <= moment)
        last = np.full(len(self.known), np.nan)
        last[owners(self.known)[seen]] = self.known.time[seen]
        return (moment - last) / DAY


def owners(histories: Histories) -> NDArray[np.int64]:
    """The position of the customer that each event belongs to, shape (m,)."""
    return np.repeat(np.arange(len(histories)), np.diff(histories.offsets))
