"""A forest of lifts, and how the excess after each signal fades."""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, WORSE, canvas, in_percent, legend, svg
from evaluation.interval import Estimate
from evaluation.signals.figures import SignalWorth

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500)
ROOM = 1.15  # beyond the outermost end, on the logarithmic axis
COLOURS = {"works": MARK, "lowers": WORSE}


def forest_plot(worths: Sequence[SignalWorth]) -> str:
    """Every signal's lift among equally active customers and against everybody, with intervals, the first on
    top, on a logarithmic axis. None of them is too rare."""
    figure, axes = canvas(9.4, 1.15 + 0.42 * len(worths))
    places = np.arange(len(worths))[::-1].astype(np.float64)
    axes.axvline(1.0, color=FAINT, linewidth=1)
    for place, worth in zip(places, worths, strict=True):
        _bar(axes, place - 0.12, worth.comparable_lift, COLOURS.get(worth.verdict, INK), filled=True)
        _bar(axes, place + 0.18, worth.lift, MUTED, filled=False)
    _ratio_axis(axes, [end for worth in worths for end in (*_ends(worth.lift), *_ends(worth.comparable_lift))])
    axes.set_yticks(places, [worth.signal.words.en for worth in worths])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.set(ylim=(-0.6, len(worths) - 0.4), xlabel="times as often converted; 1 is as often")
    return svg(figure, "forest of lifts")


def fading_plot(worth: SignalWorth) -> str:
    """The measured excess by days since the signal, and the curve through it where there is a half-life."""
    figure, axes = canvas(4.4, 2.8)
    found = worth.half_life
    age = [point.age_days for point in found.points]
    axes.axhline(0.0, color=FAINT, linewidth=1)
    axes.vlines(age, [point.low for point in found.points], [point.high for point in found.points], color=MUTED)
    axes.plot(age, [point.excess for point in found.points], "o", color=INK, markersize=5, label="measured")
    if not found.reason:
        days = np.linspace(0.0, found.reach_days, 200)
        axes.plot(days, found.excess.value * 2.0 ** (-days / found.days.value), color=MARK, linewidth=2, label="fitted")
        axes.axvline(found.days.value, color=MARK, linewidth=1, linestyle=(0, (2.0, 2.0)), label="half-life")
    axes.set(xlim=(0, found.reach_days), xlabel="days since the signal", ylabel="converted beyond others")
    in_percent(axes.yaxis)
    legend(axes, "best")
    return svg(figure, f"fading of {worth.signal.name}")


def _bar(axes: "Axes", place: float, estimate: Estimate, colour: str, *, filled: bool) -> None:
    size, face = (6, colour) if filled else (5, "none")
    axes.hlines(place, estimate.low, estimate.high, color=colour, linewidth=2 if filled else 1)
    axes.plot([estimate.value], [place], "o", color=colour, markerfacecolor=face, markersize=size)


def _ratio_axis(axes: "Axes", ends: Sequence[float]) -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    low, high = min(*ends, 1.0) / ROOM, max(*ends, 1.0) * ROOM
    axes.set_xscale("log")
    axes.set_xlim(low, high)
    axes.xaxis.set_major_locator(FixedLocator([tick for tick in TICKS if low <= tick <= high]))
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda ratio, _: f"{ratio:g}"))
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)


def _ends(estimate: Estimate) -> list[float]:
    """What a logarithmic axis can show of an estimate."""
    return [end for end in (estimate.value, estimate.low, estimate.high) if math.isfinite(end) and end > 0]
