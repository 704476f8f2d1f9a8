"""What each policy captures and gains, how ours differ, and the regret of care, as drawings."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, canvas, in_percent, svg
from evaluation.policies.ranking import LAST, OPTIMUM, OURS, PAST, TOLD
from evaluation.policies.result import Difference, Figure
from evaluation.policies.wording import name, signed_money

if TYPE_CHECKING:
    from matplotlib.axes import Axes

HIGHLIGHTED = (*OURS, OPTIMUM, TOLD)
STEP = 0.3
BEYOND = 2.5
COLOURS = (MARK, INK)


def bars_plot(rows: Mapping[str, Figure], days: int, label: str, salt: str, *, best_first: bool = True) -> str:
    """A bar and its interval for every policy, the best at the top; ours stand out."""
    ordered = sorted(rows.values(), key=lambda row: -row.value if best_first else row.value)
    figure, axes = canvas(5.6, 0.9 + 0.28 * len(ordered))
    places = np.arange(len(ordered))[::-1]
    axes.barh(places, [row.value for row in ordered], height=0.62, color=[_colour(row.policy) for row in ordered])
    axes.hlines(places, [row.low for row in ordered], [row.high for row in ordered], color=INK, linewidth=1.3)
    _rows(axes, [name(row.policy, days) for row in ordered], places)
    axes.set(xlabel=label, xlim=(0.0, None))
    in_percent(axes.xaxis)
    return svg(figure, salt)


def differences_plot(rows: Mapping[str, Sequence[Difference]], days: int, label: str, salt: str, *, money: bool) -> str:
    """By one of ours, a dot and its interval for every other policy, and a line where there is no difference.

    What lies far beyond the others is told at the edge, so that the others can be seen.
    """
    others = [row.other for row in next(iter(rows.values()))]
    figure, axes = canvas(9.4 if money else 5.6, 0.9 + 0.34 * len(others))
    places = np.arange(len(others))[::-1]
    edge = _edge([row for differences in rows.values() for row in differences])
    axes.axvline(0.0, color=MUTED, linewidth=1.2)
    for turn, differences in enumerate(rows.values()):
        heights = places + STEP * (len(rows) - 1) * (0.5 - turn)
        for row, height in zip(differences, heights, strict=True):
            _interval(axes, row, float(height), COLOURS[turn], edge, money=money)
    _rows(axes, [name(other, days) for other in others], places)
    shown = [max(row.low, -edge) for differences in rows.values() for row in differences if np.isfinite(row.low)]
    axes.set(xlabel=label, xlim=(max(1.1 * min([0.0, *shown]) - 0.03 * edge, -edge), edge))
    if money:
        _in_units(axes)
    else:
        axes.xaxis.set_major_formatter(lambda value, _: _points(value))
    return svg(figure, salt)


def _interval(axes: "Axes", row: Difference, height: float, colour: str, edge: float, *, money: bool) -> None:
    if abs(row.value) < edge:
        axes.hlines(height, max(row.low, -edge), min(row.high, edge), color=colour, linewidth=1.8)
        axes.plot([row.value], [height], "o", color=colour, markersize=5.5)
    else:
        side = 1.0 if row.value > 0 else -1.0
        told = signed_money(row.value) if money else _points(row.value)
        axes.plot([side * edge * 0.97], [height], ">" if side > 0 else "<", color=colour, markersize=5)
        align = "right" if side > 0 else "left"
        axes.text(side * edge * 0.93, height, told, color=colour, fontsize=8, ha=align, va="center")


def _edge(rows: Sequence[Difference]) -> float:
    """How far from 0 is drawn: a few times as far as the intervals usually reach, or to the furthest."""
    reach = np.array([max(abs(row.low), abs(row.high)) for row in rows])
    reach = reach[np.isfinite(reach)]
    return float(min(reach.max(), BEYOND * np.median(reach)) * 1.06) if reach.any() else 1.0


def _points(value: float) -> str:
    """A share in points, with a sign."""
    told = f"{100 * value:+.1f}".removesuffix(".0").replace("-", "−")
    return told if told not in ("+0", "−0") else "0"


def bands_plot(
    low: Mapping[str, Figure], mid: Mapping[str, Figure], high: Mapping[str, Figure], days: int, label: str, salt: str
) -> str:
    """A band from the low to the high end of the assumed effects for every policy, and a dot in the middle."""
    ordered = sorted(mid.values(), key=lambda row: -row.value)
    figure, axes = canvas(9.4, 0.9 + 0.29 * len(ordered))
    places = np.arange(len(ordered))[::-1]
    starts = np.array([low[row.policy].value for row in ordered])
    ends = np.array([high[row.policy].value for row in ordered])
    colours = [_colour(row.policy) for row in ordered]
    axes.barh(places, ends - starts, left=starts, height=0.5, color=colours, alpha=0.45)
    axes.plot([row.value for row in ordered], places, "o", color=INK, markersize=5)
    _rows(axes, [name(row.policy, days) for row in ordered], places)
    axes.set(xlabel=label, xlim=(min(0.0, float(starts.min())), None))
    _in_units(axes)
    return svg(figure, salt)


def _colour(policy: str) -> str:
    if policy in HIGHLIGHTED:
        return MARK
    return MUTED if policy in (PAST, LAST) else FAINT


def _rows(axes: "Axes", names: Sequence[str], places: "np.ndarray[tuple[int, ...], np.dtype[np.int64]]") -> None:
    axes.set_yticks(places, [each[:1].upper() + each[1:] for each in names])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set_ylim(-0.6, len(names) - 0.4)


def _in_units(axes: "Axes") -> None:
    axes.xaxis.set_major_formatter(lambda value, _: f"{value:,.0f}".replace("-", "−"))
