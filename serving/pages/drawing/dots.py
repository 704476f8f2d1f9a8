"""Predicted against came: dots beside the line on which both are the same."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.card import Tenth

SIZE, EDGE = 260.0, 30.0


@dataclass(frozen=True, slots=True)
class Dot:
    """A tenth of the customers: where it stands, and from where to where its interval reaches."""

    x: float
    y: float
    top: float
    bottom: float
    tenth: Tenth


@dataclass(frozen=True, slots=True)
class Dots:
    """The dots, and the figures along the axes with their places."""

    dots: tuple[Dot, ...]
    ticks: tuple[tuple[float, float], ...]


def dots(tenths: Sequence[Tenth]) -> Dots:
    """The drawing of shares; both axes reach as far as the largest of them."""
    top = min(1.0, 1.04 * max(max(each.predicted, each.high or each.came) for each in tenths))
    top = next(step for step in (0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0) if step >= top or step == 1.0)
    scale = (SIZE - 2 * EDGE) / top

    def across(share: float) -> float:
        return round(EDGE + share * scale, 1)

    def down(share: float) -> float:
        return round(SIZE - EDGE - share * scale, 1)

    found = [
        Dot(across(each.predicted), down(each.came), down(min(top, each.high)), down(max(0.0, each.low)), each)
        if each.low is not None and each.high is not None
        else Dot(across(each.predicted), down(each.came), down(each.came), down(each.came), each)
        for each in tenths
    ]
    return Dots(tuple(found), tuple((step * top / 4, across(step * top / 4)) for step in range(5)))
