"""How far a probability tells customers apart: the chances predicted for those it happened to, and for the others."""

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import INK, MARK, MUTED, canvas, in_percent, legend, svg

Floats = NDArray[np.float64]

BINS = 20


def spread_plot(truth: Floats, prediction: Floats, event: str) -> str:
    """The distribution of the predicted chance in either group, each group adding up to 100 %."""
    from matplotlib.ticker import MaxNLocator

    figure, axes = canvas()
    edges = np.linspace(0.0, max(float(prediction.max()), 1e-6), BINS + 1)
    for outcome, colour, filled, name in ((1.0, MARK, True, "came true"), (0.0, INK, False, "did not")):
        shares = spread(prediction[truth == outcome], edges)
        if filled:
            axes.stairs(shares, edges, fill=True, color=colour, alpha=0.35, label=name)
        else:
            axes.stairs(shares, edges, color=colour, linewidth=1.3, label=name)
    axes.axvline(float(truth.mean()), color=MUTED, linewidth=0.9, linestyle=(0, (4.0, 2.0)), label="share of everybody")
    axes.set(xlim=(0, edges[-1]), xlabel=f"predicted chance that the customer {event}", ylabel="share of the group")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    axes.yaxis.set_major_locator(MaxNLocator(6, steps=[1, 2, 5, 10], min_n_ticks=3))
    legend(axes, "best")
    return svg(figure, f"spread {event}")


def spread(chances: Floats, edges: Floats) -> Floats:
    """The share of the chances between each two edges, shape (edges - 1,); zeros where nobody is."""
    counts, _ = np.histogram(chances, edges)
    return counts / max(len(chances), 1)
