"""The canvas of every plot: inline SVG in the colours of the page it stands on."""

import io
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis
    from matplotlib.figure import Figure
    from numpy.typing import ArrayLike

# Stand-ins that give way to the page's CSS variables, so that one drawing serves light and dark.
INK, MUTED, FAINT, RULE, MARK, WORSE = "#000001", "#000002", "#000003", "#000004", "#000005", "#000006"
VARIABLES = {INK: "--ink", MUTED: "--muted", FAINT: "--faint", RULE: "--rule", MARK: "--mark", WORSE: "--worse"}

# What an SVG in a page must not bring along: a prolog, rules for every element, fonts, ids used twice.
UNWANTED = (
    r"^.*?(?=<svg)",
    r"<metadata>.*?</metadata>",
    r"<style.*?</style>",
    r"font-family: [^;]*; ",
    r' id="[\w.]+_\d+"',
    r'(?<=1999/xlink") width="[\d.]+pt" height="[\d.]+pt"',
)


def canvas(width: float = 5.4, height: float = 3.7) -> "tuple[Figure, Axes]":
    """A figure of so many inches with one set of axes."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout="constrained")
    axes = figure.add_subplot()
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(RULE)
    axes.tick_params(which="both", color=RULE, labelcolor=MUTED, labelsize=9, length=3)
    axes.xaxis.label.set(color=MUTED, size=9.5)
    axes.yaxis.label.set(color=MUTED, size=9.5)
    return figure, axes


def in_percent(axis: "Axis") -> None:
    """Writes shares of one as percent."""
    from matplotlib.ticker import PercentFormatter

    axis.set_major_formatter(PercentFormatter(1.0, decimals=0))


def dots(axes: "Axes", x: "ArrayLike", y: "ArrayLike", colour: str, size: float, alpha: float) -> None:
    """Many dots as one path of strokes without length and with round ends, a fraction of the text of as many marks."""
    import numpy as np
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    places = np.repeat(np.column_stack([x, y]), 2, axis=0)
    if not len(places):
        return
    path = Path(places, [Path.MOVETO, Path.LINETO] * (len(places) // 2))
    path.should_simplify = False
    axes.add_patch(
        PathPatch(
            path, fill=False, edgecolor=colour, linewidth=size, alpha=alpha, capstyle="round", snap=False, clip_on=False
        )
    )


def legend(axes: "Axes", place: Literal["lower right", "upper left", "upper right", "best"]) -> None:
    """Names the lines."""
    axes.legend(loc=place, frameon=False, fontsize=9, labelcolor=INK, handlelength=2.2)


def legend_above(axes: "Axes") -> None:
    """Names the lines in one row above what is drawn."""
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(0.0, 1.0),
        ncols=4,
        frameon=False,
        fontsize=9,
        labelcolor=INK,
        handlelength=1.6,
    )


def svg(figure: "Figure", salt: str) -> str:
    """The drawing alone: text in the font of the page, ids of its own, nothing of when it was made."""
    from matplotlib import rc_context

    file = io.StringIO()
    with rc_context({"svg.fonttype": "none", "svg.hashsalt": salt}):
        figure.savefig(file, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    text = file.getvalue()
    for unwanted in UNWANTED:
        text = re.sub(unwanted, "", text, flags=re.DOTALL)
    for colour, variable in VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    return text.strip()
