"""A waterfall: bars that start where the one before ended, from the base to the score."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

WIDTH = 100.0
LEAST = 1e-300
"""A span so small is none."""

THINNEST = 0.4
"""What is there is seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar from `x` on, `width` wide (of 100); `kind` is "whole", "up" or "down"."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Fall:
    """The bars of the base, of every part and of the result, and where nothing stands."""

    base: Bar
    parts: tuple[Bar, ...]
    result: Bar
    zero: float


def fall(base: float, parts: Sequence[float], result: float) -> Fall:
    """The waterfall of a sum."""
    ends = list(accumulate(parts, initial=base))
    low, high = min(0.0, result, *ends), max(0.0, result, *ends)
    scale = WIDTH / (high - low if high - low > LEAST else 1.0)

    def bar(start: float, end: float, kind: str) -> Bar:
        left, right = sorted(((start - low) * scale, (end - low) * scale))
        return Bar(round(left, 2), round(max(THINNEST, right - left), 2), kind)

    steps = zip(ends, ends[1:], parts, strict=False)
    return Fall(
        base=bar(0.0, base, "whole"),
        parts=tuple(bar(start, end, "up" if part >= 0 else "down") for start, end, part in steps),
        result=bar(0.0, result, "whole"),
        zero=round(-low * scale, 2),
    )
