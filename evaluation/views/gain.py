"""How soon the customers with the highest predictions are met: gain, and lift over chance."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import FAINT, MARK, MUTED, canvas, in_percent, legend, svg
from evaluation.comparison import OURS

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]
Dashes = str | tuple[int, tuple[float, ...]]

DASHES: dict[str, Dashes] = {
    "pareto_nbd": "-",
    "persistence": (0, (5.0, 2.0)),
    "recency": (0, (1.5, 1.5)),
}
"""The baselines that are drawn, and how."""

LEAST_SHARE = 0.05
"""Where the lift begins: the first few customers alone tell little."""


def gain_plot(truth: Floats, forecasts: Mapping[str, Floats], names: Mapping[str, str], caught: str) -> str:
    """How much of what happened the customers with the highest predictions account for, model by model."""
    figure, axes = canvas()
    grid = np.linspace(0.0, 1.0, 101)
    _lines(axes, grid, {model: gain(truth, ranking, grid) for model, ranking in forecasts.items()}, names)
    axes.plot(
        grid, gain(truth, truth, grid), color=FAINT, linewidth=1.2, linestyle=(0, (1.0, 1.5)), label="best possible"
    )
    axes.plot(grid, grid, color=FAINT, linewidth=0.8, label="chance")
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="customers, highest prediction first", ylabel=caught)
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    legend(axes, "lower right")
    return svg(figure, f"gain {caught}")


def lift_plot(truth: Floats, forecasts: Mapping[str, Floats], names: Mapping[str, str], times: str) -> str:
    """How many times as much as by chance the customers with the highest predictions account for."""
    figure, axes = canvas()
    grid = np.linspace(LEAST_SHARE, 1.0, 96)
    _lines(axes, grid, {model: gain(truth, ranking, grid) / grid for model, ranking in forecasts.items()}, names)
    axes.axhline(1.0, color=FAINT, linewidth=0.8, label="chance")
    axes.set(xlim=(0, 1), xlabel="customers, highest prediction first", ylabel=times)
    axes.set_ylim(bottom=0.0)
    in_percent(axes.xaxis)
    legend(axes, "best")
    return svg(figure, f"lift {times}")


def gain(truth: Floats, prediction: Floats, grid: Floats) -> Floats:
    """The share of Σ truth that each share in `grid` of the customers, highest predictions first, holds.

    Customers with the same prediction share their truth. nan where nothing came true.
    """
    if truth.sum() <= 0:
        return np.full(len(grid), np.nan)
    order = np.argsort(-prediction, kind="stable")
    placed = prediction[order]
    ends = np.flatnonzero(np.append(placed[1:] != placed[:-1], True)) + 1
    held = np.cumsum(truth[order])[ends - 1] / truth.sum()
    return np.asarray(np.interp(grid, np.append(0.0, ends / len(truth)), np.append(0.0, held)))


def _lines(axes: "Axes", grid: Floats, curves: Mapping[str, Floats], names: Mapping[str, str]) -> None:
    """Ours in front, then the baselines that have a dash."""
    axes.plot(grid, curves[OURS], color=MARK, linewidth=2.4, label=names[OURS], zorder=3)
    for model, dashes in DASHES.items():
        if model in curves:
            axes.plot(grid, curves[model], color=MUTED, linewidth=1.1, linestyle=dashes, label=names[model])
