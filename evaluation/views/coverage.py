"""How often the intervals held what came, group by group, and what they look like."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, WORSE, canvas, in_percent, legend_above, svg
from evaluation.comparison import OURS, MetricRow
from evaluation.results import Results
from evaluation.views import captions
from serving.tiers.ladder import TIERS

Floats = NDArray[np.float64]

GROUPS: dict[str, str] = {
    "": "Everybody",
    **{f"_tier_{tier}": tier.capitalize() for tier in TIERS},
    "_buying_high": "Most likely to buy",
    "_buying_middle": "In the middle",
    "_buying_low": "Least likely to buy",
    "_buyers": "Who did buy",
}
LEVELS = (90, 80)
NAME = re.compile(r"coverage_(\d+)(.*)")
MOST_DRAWN = 60


@dataclass(frozen=True)
class Line:
    """A group's row: how many they are, and their coverage at 90 % and 80 %, None where it was not measured."""

    name: str
    n: int
    at: tuple[MetricRow | None, ...]


@dataclass(frozen=True)
class Intervals:
    """How the intervals did: each group's coverage, the plots with how to read them, and (level in percent, mean
    width in currency)."""

    lines: tuple[Line, ...]
    plots: tuple[tuple[str, str], ...]
    widths: tuple[tuple[int, float], ...]


def intervals(results: Results) -> Intervals | None:
    """Those of the judged cutoff; None where the model gave none."""
    day = results.predictions["cutoff"][0]
    rows = [row for row in results.judgement.metrics if row.cutoff == day]
    found = tuple(lines(rows))
    if not found:
        return None
    wide = results.predictions.filter(pl.col("low").is_not_null(), model=OURS, target="lifetime_value")
    examples = examples_plot(wide, results.book.currency)
    return Intervals(
        lines=found,
        plots=((coverage_plot(found), captions.COVERAGE), (examples, captions.EXAMPLES)),
        widths=tuple((level, row.value) for level in LEVELS for row in rows if row.metric == f"width_{level}"),
    )


def lines(rows: Sequence[MetricRow]) -> Iterator[Line]:
    """The coverage rows of one cutoff, group by group."""
    found = {match.groups(): row for row in rows if (match := NAME.fullmatch(row.metric))}
    for group, name in GROUPS.items():
        at = tuple(found.get((str(level), group)) for level in LEVELS)
        measured = [row for row in at if row is not None]
        if measured:
            yield Line(name, measured[0].n, at)


def coverage_plot(groups: Sequence[Line]) -> str:
    """A dot for each group and level with its 95 % interval, against the level itself."""
    figure, axes = canvas(5.4, 0.9 + 0.34 * len(groups))
    for place, level in enumerate(LEVELS):
        colour, shift = (MARK, MUTED)[place], (0.13, -0.13)[place]
        drawn = [(len(groups) - 1 - i + shift, row) for i, line in enumerate(groups) if (row := line.at[place])]
        axes.axvline(level / 100, color=colour, linewidth=0.9, linestyle=(0, (4.0, 2.0)))
        heights = [height for height, _ in drawn]
        axes.hlines(heights, [row.low for _, row in drawn], [row.high for _, row in drawn], color=colour, linewidth=1.2)
        axes.plot(
            [row.value for _, row in drawn], heights, "o", color=colour, markersize=5, label=f"{level} % interval"
        )
    axes.set_yticks(np.arange(len(groups))[::-1], [line.name for line in groups])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set(ylim=(-0.6, len(groups) - 0.4), xlabel="customers whose money fell into the interval")
    axes.set_xlim(right=1.005)
    in_percent(axes.xaxis)
    legend_above(axes)
    return svg(figure, "coverage")


def examples_plot(wide: pl.DataFrame, currency: str) -> str:
    """Sixty customers, evenly from the lowest prediction to the highest: prediction, interval and what came.

    `wide` holds the columns prediction, low, high and label of everybody with an interval.
    """
    from matplotlib.ticker import NullLocator

    rows = wide.sort("prediction", maintain_order=True)
    rows = rows[np.unique(np.linspace(0, len(rows) - 1, MOST_DRAWN).astype(np.int64))]
    value, low, high, came = (rows[name].to_numpy() for name in ("prediction", "low", "high", "label"))
    held = (low <= came) & (came <= high)
    figure, axes = canvas()
    place = np.arange(len(rows))
    axes.vlines(place, low, high, color=FAINT, linewidth=1.6)
    axes.plot(place, value, "_", color=MARK, markersize=5, markeredgewidth=1.6, label="predicted")
    axes.plot(place[held], came[held], "o", color=INK, markersize=2.8, label="came, inside")
    axes.plot(place[~held], came[~held], "o", color=WORSE, markersize=4.2, label="came, outside")
    axes.set_yscale("symlog", linthresh=_threshold(value))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(lambda amount, _: f"{amount:,.10g}")
    axes.set_xticks([])
    axes.set(xlabel=f"{len(rows)} customers, lowest prediction first", ylabel=currency)
    legend_above(axes)
    return svg(figure, "examples")


def _threshold(value: Floats) -> float:
    """Below this size amounts are drawn on a plain scale: near a fifth of the median prediction."""
    typical = float(np.median(np.abs(value))) / 5.0
    return float(10.0 ** np.round(np.log10(typical))) if typical > 0 else 1.0
