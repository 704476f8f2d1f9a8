"""A course of values as a line without axes."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT, EDGE = 160.0, 36.0, 4.0
LEAST = 1e-300
"""A span so small is none."""


@dataclass(frozen=True, slots=True)
class Spark:
    """The points of the line, as SVG takes them, and the place of the last one; stretches without a value break it."""

    lines: tuple[str, ...]
    x: float
    y: float


def spark(values: Sequence[float | None], *, top: float | None = None) -> Spark | None:
    """The line of some values from the earliest to the latest; None where there is none.

    It starts at nothing or below, and reaches `top`, by default the largest value.
    """
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = min(0.0, *known), max(top if top is not None else 0.0, *known)
    step = (WIDTH - 2 * EDGE) / max(1, len(values) - 1)
    reach = (HEIGHT - 2 * EDGE) / (high - low if high - low > LEAST else 1.0)
    places = [
        None if value is None else (EDGE + place * step, HEIGHT - EDGE - (value - low) * reach)
        for place, value in enumerate(values)
    ]
    last = next(place for place in reversed(places) if place)
    return Spark(tuple(_stretches(places)), round(last[0], 1), round(last[1], 1))


def _stretches(places: Sequence[tuple[float, float] | None]) -> list[str]:
    lines, current = [], list[str]()
    for place in (*places, None):
        if place is not None:
            current.append(f"{place[0]:.1f},{place[1]:.1f}")
        elif current:
            lines.append(" ".join(current))
            current = []
    return lines
