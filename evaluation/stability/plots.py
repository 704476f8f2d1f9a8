"""Moves and flaps month by month, the money that is captured, and the changes that were followed."""

import math

import numpy as np

from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, canvas, in_percent, legend_above, svg
from evaluation.stability import wording
from evaluation.stability.result import LEAST_FOLLOWED, WHO, Stability, Who

COLOURS: dict[Who, str] = {"ours": MARK, "memoryless": MUTED}
HEIGHT = 0.36


def motion_plot(found: Stability) -> str:
    """A pair of bars a month: moves, and the part of them that was taken back soon in full colour."""
    figure, axes = canvas(9.4, 3.2)
    for turn, who in enumerate(WHO):
        months = found.of(who)[1:]
        place = np.arange(len(months)) + (turn - 0.5) * HEIGHT * 1.08
        name, colour = wording.NAMES[who].lower(), COLOURS[who]
        moves, flaps = ([getattr(month, what) for month in months] for what in ("moves", "flaps"))
        axes.bar(place, moves, HEIGHT, color=colour, alpha=0.3, linewidth=0, label=f"moves {name}")
        axes.bar(place, flaps, HEIGHT, color=colour, linewidth=0, label=f"flaps {name}")
    dates = [month.date[:7] for month in found.of("ours")[1:]]
    every = max(1, math.ceil(len(dates) / 12))
    axes.set_xticks(np.arange(len(dates))[::every], dates[::every])
    axes.set(ylabel="customers")
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    legend_above(axes)
    return svg(figure, "moves and flaps")


def captured_plot(found: Stability) -> str:
    """The share of the money of the horizon after each review that diamond and gold brought."""
    figure, axes = canvas(5.4, 3.0)
    for who in reversed(WHO):
        months = [month for month in found.of(who) if not math.isnan(month.captured)]
        dashes = "-" if who == "ours" else (0, (4.0, 2.0))
        shares = [month.captured for month in months]
        axes.plot(range(len(months)), shares, "o", linestyle=dashes, color=COLOURS[who], markersize=4.5,
                  label=wording.NAMES[who].lower())  # fmt: skip
    dates = [month.date[:7] for month in found.of("ours") if not math.isnan(month.captured)]
    every = max(1, math.ceil(len(dates) / 6))
    axes.set_xticks(np.arange(len(dates))[::every], dates[::every])
    axes.set(ylim=(0.0, 1.0), ylabel="share of all money")
    in_percent(axes.yaxis)
    legend_above(axes)
    return svg(figure, "captured by diamond and gold")


def followed_plot(found: Stability) -> str:
    """The share of changes for good that each policy followed, with 95 % intervals, by how far the value changed."""
    names = list(wording.CHANGES)
    figure, axes = canvas(5.4, 3.0)
    axes.axvline(LEAST_FOLLOWED, color=FAINT, linewidth=1, linestyle=(0, (2.0, 2.0)))
    for turn, who in enumerate(WHO):
        rows = [row for row in found.followed if row.who == who and row.n]
        place = [len(names) - 1 - names.index(row.change) + 0.12 - 0.24 * turn for row in rows]
        colour = COLOURS[who]
        axes.hlines(place, [r.share.low for r in rows], [r.share.high for r in rows], color=colour, linewidth=2)
        axes.plot([r.share.value for r in rows], place, "o", color=colour, label=wording.NAMES[who].lower())
    axes.set_yticks(range(len(names)), [_named(name) for name in reversed(names)])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.set(xlim=(0.0, 1.02), ylim=(-0.6, len(names) - 0.4), xlabel="followed within two months")
    in_percent(axes.xaxis)
    legend_above(axes)
    return svg(figure, "changes for good")


def _named(change: str) -> str:
    return "all" if change == "all" else f"value {change}"
