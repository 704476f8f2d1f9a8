"""Does a predicted chance come true as often as it says?"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import FAINT, MARK, MUTED, canvas, in_percent, legend, svg
from evaluation.comparison import OURS
from evaluation.views.tenths import Z, tenths

Floats = NDArray[np.float64]


def reliability_plot(truth: Floats, forecasts: Mapping[str, Floats], names: Mapping[str, str], event: str) -> str:
    """Predicted probability against the share that came true, in ten groups of equal size."""
    figure, axes = canvas()
    top = 0.0
    if "pareto_nbd" in forecasts:
        predicted, came, _, _ = shares(truth, forecasts["pareto_nbd"])
        axes.plot(predicted, came, "o", color=MUTED, markerfacecolor="none", markersize=5, label=names["pareto_nbd"])
        top = max(top, float(predicted.max()), float(came.max()))
    predicted, came, low, high = shares(truth, forecasts[OURS])
    axes.vlines(predicted, low, high, color=MARK, linewidth=1)
    axes.plot(predicted, came, "o", color=MARK, markersize=5.5, label=f"{names[OURS]}, with 95 % interval")
    top = min(max(top, float(predicted.max()), float(high.max())) * 1.04, 1.02)
    axes.plot([0, top], [0, top], color=FAINT, linewidth=0.8, zorder=0)
    axes.set(xlim=(0, top), ylim=(0, top), xlabel=f"predicted chance that the customer {event}", ylabel="came true")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    legend(axes, "upper left")
    return svg(figure, f"reliability {event}")


def shares(truth: Floats, prediction: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(mean prediction, share that came true, its 95 % interval's ends) of each group; Wilson (1927)."""
    groups = tenths(prediction)
    n = np.array([len(group) for group in groups], dtype=np.float64)
    predicted = np.array([prediction[group].mean() for group in groups])
    came = np.array([truth[group].mean() for group in groups])
    centre = (came + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * np.sqrt(came * (1 - came) / n + Z**2 / (4 * n**2))
    return predicted, came, centre - reach, centre + reach
