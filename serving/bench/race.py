"""Two sides that take turns at the same work."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from statistics import median

TURNS = 5

Work = Callable[[], object]


@dataclass(frozen=True)
class Race:
    """Seconds of each turn of both sides at `what`, for so many `rows`, on so many `threads`."""

    what: str
    rows: int
    threads: int
    ours: tuple[float, ...]
    anchor: tuple[float, ...]

    @property
    def ratios(self) -> tuple[float, ...]:
        """How many times as long the anchor took, turn by turn, ascending."""
        return tuple(sorted(anchor / ours for ours, anchor in zip(self.ours, self.anchor, strict=True)))

    @property
    def rate(self) -> float:
        """Our rows a second in the median turn."""
        return self.rows / median(self.ours)


def race(what: str, rows: int, threads: int, ours: Work, anchor: Work, turns: int = TURNS) -> Race:
    """Lets both do their work once to warm up, and then in turns."""
    ours(), anchor()
    seconds = [(timed(ours), timed(anchor)) for _ in range(turns)]
    return Race(what, rows, threads, tuple(own for own, _ in seconds), tuple(other for _, other in seconds))


def timed(work: Work) -> float:
    """Seconds that the work took."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started
