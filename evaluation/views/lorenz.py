"""How unequally the money is spread: the Lorenz curve of what was predicted and of what came."""

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import FAINT, INK, MARK, canvas, in_percent, legend, svg

Floats = NDArray[np.float64]


def lorenz(money: Floats) -> tuple[Floats, Floats]:
    """(share of the customers, share of the money they hold), each (n + 1,), lowest amounts first; Lorenz (1905).

    From (0, 0) to (1, 1) and convex; with negative amounts it dips below 0 first. nan money without a positive sum.
    """
    people = np.linspace(0.0, 1.0, len(money) + 1)
    total = money.sum()
    if total <= 0:
        return people, np.full(len(people), np.nan)
    return people, np.append(0.0, np.cumsum(np.sort(money)) / total)


def top_share(money: Floats, share: float) -> float:
    """The share of all money that the highest `share` of the customers hold."""
    people, held = lorenz(money)
    return 1.0 - float(np.interp(1.0 - share, people, held))


def lorenz_plot(truth: Floats, prediction: Floats, currency: str) -> str:
    """Both curves, each with the customers in its own order."""
    figure, axes = canvas()
    axes.plot(*_thinned(truth), color=INK, linewidth=1.3, linestyle=(0, (4.0, 2.0)), label="what came")
    axes.plot(*_thinned(prediction), color=MARK, linewidth=2.4, label="predicted")
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=0.8, label="all customers alike")
    axes.set(
        xlim=(0, 1), xlabel="customers, lowest first, each curve in its own order", ylabel=f"share of all {currency}"
    )
    axes.set_ylim(top=1.02)
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    legend(axes, "upper left")
    return svg(figure, "lorenz")


def _thinned(money: Floats) -> tuple[Floats, Floats]:
    """The curve at 201 points: a drawing needs no more."""
    people, held = lorenz(money)
    grid = np.linspace(0.0, 1.0, 201)
    return grid, np.interp(grid, people, held)
