"""A forest of worths: what is lost without each family, and what each adds to the purchases alone."""

from collections.abc import Sequence

import numpy as np

from evaluation.ablation.wording import title
from evaluation.ablation.worth import Worth
from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, canvas, in_percent, svg

OFFSETS = {"left_out": -0.14, "added": 0.18, "reseeded": -0.14}


def forest_plot(worths: Sequence[Worth], target: str) -> str:
    """The worths of one target with their intervals, a line for each family, in the order given."""
    names = list(dict.fromkeys(title(worth) for worth in worths))
    figure, axes = canvas(9.4, 1.1 + 0.3 * len(names))
    axes.axvline(0.0, color=FAINT, linewidth=1)
    for worth in worths:
        place = len(names) - 1 - names.index(title(worth)) - OFFSETS[worth.way]
        separable = worth.low > 0 or worth.high < 0
        colour = MUTED if worth.way == "added" else MARK if separable else INK
        thick = worth.way != "added"
        axes.hlines(place, worth.low, worth.high, color=colour, linewidth=2 if thick else 1)
        face = colour if thick else "none"
        axes.plot([worth.share], [place], "o", color=colour, markerfacecolor=face, markersize=5.5 if thick else 4.5)
    axes.set_yticks(np.arange(len(names))[::-1], names)
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set(ylim=(-0.7, len(names) - 0.3), xlabel="share of what the trees learn")
    in_percent(axes.xaxis)
    return svg(figure, f"worth of families for {target}")
