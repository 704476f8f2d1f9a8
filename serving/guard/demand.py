"""Whether more is asked of a service than it can answer."""

import math
from collections.abc import Callable

MEMORY_SECONDS = 3.0
EXCESS = 1.3
"""(ours) Demand is remembered for about three seconds; a third more than is answered is too much."""


class Demand:
    """Counts what is asked and what is answered, recent things more than old ones.

    Callers who wait for their answers before they ask again, however many, never ask for more than is answered;
    then a queue is only patience. Those who ask regardless make every queue grow: that is overload.
    """

    def __init__(self, burst: int, clock: Callable[[], float]) -> None:
        self._burst = burst
        self._clock = clock
        self._at = clock()
        self._asked = 0.0
        self._answered = 0.0

    def asked(self) -> None:
        """Notes that somebody asks."""
        self._fade()
        self._asked += 1.0

    def answered(self) -> None:
        """Notes that somebody was answered."""
        self._fade()
        self._answered += 1.0

    @property
    def is_too_much(self) -> bool:
        """Whether much more was asked than was answered, beyond a burst."""
        return self._asked > EXCESS * self._answered + self._burst

    def _fade(self) -> None:
        now = self._clock()
        kept = math.exp((self._at - now) / MEMORY_SECONDS)
        self._asked, self._answered, self._at = kept * self._asked, kept * self._answered, now
