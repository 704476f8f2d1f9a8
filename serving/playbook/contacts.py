"""What has lately passed between us and one customer."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.events import ROLES
from data.histories.histories import Histories

Places = NDArray[np.int64]

NEVER = -(2**31)

TOUCH = ROLES.index("touch")
MEETING = ROLES.index("meeting")
ACTS = np.isin(
    np.array(ROLES),
    ["response", "visit", "content", "inquiry", "meeting", "quote", "sample", "purchase", "support", "survey"],
)
"""By role, whether the customer did something that shows interest; a payment or a return is not meant."""


@dataclass(frozen=True, slots=True)
class Contacts:
    """As of the local day number `today`: the days of all our touches, ascending, how many of the last ones came after
    the customer's last act, and the day of the last touch or meeting."""

    today: int
    touches: tuple[int, ...] = ()
    unanswered: int = 0
    last_contact: int | None = None

    @property
    def last_contact_age(self) -> int | None:
        """Days since the last touch or meeting."""
        return None if self.last_contact is None else self.today - self.last_contact

    def touched_within(self, days: int) -> int:
        """How many touches fell in the last so many calendar days, today's included."""
        return len(self.touches) - bisect_right(self.touches, self.today - days)

    def room_from(self, touches: int, days: int) -> int:
        """The first day from now on with fewer than `touches` in the `days` days that end with it, if none is added."""
        if len(self.touches) < touches:
            return self.today
        return max(self.today, self.touches[-touches] + days)

    def given_up(self, attempts: int, days: int, wait_days: int) -> int | None:
        """The day of the last of `attempts` touches within `days` days that the customer, who has done nothing since
        the first, had `wait_days` days to answer; None where there are none."""
        tried = self.touches[len(self.touches) - self.unanswered :]
        for first, last in zip(tried, tried[attempts - 1 :], strict=False):
            if last - first < days and self.today - last >= wait_days:
                return last
        return None


def contacts_of(histories: Histories, cutoff: int, today: int) -> Iterator[Contacts]:
    """Those of every customer, in their order: what had happened and was known at `cutoff` (µs UTC), a moment of the
    local day `today`."""
    seen = (histories.time <= cutoff) & (histories.known_time <= cutoff)
    touching = np.flatnonzero(seen & (histories.role == TOUCH))
    touches = np.searchsorted(touching, histories.offsets)
    acts = _last(np.flatnonzero(seen & ACTS[histories.role]), histories)
    meetings = _last(np.flatnonzero(seen & (histories.role == MEETING)), histories)
    answered = np.maximum(np.searchsorted(touching, acts, side="right"), touches[:-1])
    days = histories.day[touching].tolist()
    met = np.where(meetings < 0, NEVER, histories.day[meetings] if histories.events else NEVER).tolist()
    ends = touches.tolist()
    for row, first_unanswered in enumerate(answered.tolist()):
        first, end = ends[row], ends[row + 1]
        last = max(days[end - 1] if end > first else NEVER, met[row])
        yield Contacts(today, tuple(days[first:end]), end - first_unanswered, None if last == NEVER else last)


def _last(places: Places, histories: Histories) -> Places:
    """The last of these places among the events of every customer; −1 where there is none."""
    if not len(places):
        return np.full(len(histories), -1)
    last = places[np.searchsorted(places, histories.offsets[1:]) - 1]
    inside = (last >= histories.offsets[:-1]) & (last < histories.offsets[1:])
    return np.where(inside, last, -1)
