"""Figures by tier, differences after moves, flows between tiers, and how far chances can be trusted."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, WORSE, canvas, in_percent, svg
from evaluation.comparison import OURS
from evaluation.interval import Estimate
from evaluation.tiering import wording
from evaluation.tiering.flows import FROM
from evaluation.tiering.outcomes import Name
from evaluation.tiering.result import Tiering
from evaluation.tiering.told import EVENTS, Told
from evaluation.views.reliability import reliability_plot
from serving.tiers.ladder import TIERS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.axis import Axis

COLOURS = {"up": MARK, "stayed": INK, "down": WORSE}
SHADES = (1.0, 0.75, 0.5, 0.25)
GAP = 0.03
BAR = 0.06


def metric_plot(found: Tiering, name: Name) -> str:
    """A figure of every tier, with its 95 % interval."""
    rows = [(row.tier, row.figures[name], MARK) for row in found.effects]
    return _dots(rows, wording.METRICS[name], name, found.currency)


def change_plot(found: Tiering, name: Name) -> str:
    """After less before, of who moved up, stayed and moved down, with 95 % intervals."""
    rows = [
        (wording.DIRECTIONS[row.direction].lower(), row.difference[name], COLOURS[row.direction]) for row in found.moves
    ]
    return _dots(rows, f"{wording.METRICS[name]}: after less before", name, found.currency, zero=True)


def flows_plot(found: Tiering) -> str:
    """Bands from the tiers of the first review to those of the last, as wide as their customers are many."""
    figure, axes = canvas(7.4, 4.2)
    table = np.array(found.flows, dtype=np.float64)
    total = max(table.sum(), 1.0)
    left, right = _stack(table.sum(axis=1) / total), _stack(table.sum(axis=0) / total)
    starts, ends = left.copy(), right.copy()
    for here in range(len(FROM)):
        for there in range(len(TIERS)):
            width = table[here, there] / total
            colour = FAINT if here in (there, len(TIERS)) else MARK if there < here else WORSE
            _band(axes, starts[here], ends[there], width, colour)
            starts[here] -= width
            ends[there] -= width
    for side, tops, sums, names in ((0.0, left, table.sum(axis=1), FROM), (1.0, right, table.sum(axis=0), TIERS)):
        _bars(axes, side, tops, sums, total, names)
    axes.set(xlim=(-0.42, 1.42), ylim=(-GAP * len(FROM), 1.06))
    axes.axis("off")
    axes.text(0.0, 1.05, found.reviews[0].date, ha="center", va="bottom", color=MUTED, fontsize=9)
    axes.text(1.0, 1.05, found.reviews[-1].date, ha="center", va="bottom", color=MUTED, fontsize=9)
    return svg(figure, "flows between tiers")


def values_plot(found: Tiering) -> str:
    """The mean money of the horizon after each review, by tier; on a logarithmic axis where all of it is above 0."""
    figure, axes = canvas(7.4, 3.2)
    dates = [review.date for review in found.reviews]
    for place, tier in enumerate(TIERS):
        values = [review.value[place] for review in found.reviews]
        axes.plot(range(len(dates)), values, "o-", color=MARK, alpha=SHADES[place], markersize=4, linewidth=1.8)
        known = [index for index, value in enumerate(values) if not np.isnan(value)]
        if known:
            axes.text(len(dates) - 0.8, values[known[-1]], tier, va="center", color=INK, fontsize=9)
    every = max(1, -(-len(dates) // 6))
    axes.set_xticks(range(0, len(dates), every), dates[::every])
    axes.set(xlim=(-0.4, len(dates) + 0.4), ylabel=f"mean value, {found.currency}")
    if all(value > 0 for review in found.reviews for value in review.value if not np.isnan(value)):
        axes.set(yscale="log", ylabel=f"mean value, {found.currency}, logarithmic")
    _thousands(axes.yaxis)
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    return svg(figure, "value of tiers over time")


def reliability_plots(found: Told) -> list[str]:
    """Told and came true, for rising, staying and falling."""
    names = {OURS: "Tierwise"}
    return [
        reliability_plot(found.happened(event), {OURS: found.chance(event)}, names, wording.EVENTS[event])
        for event in EVENTS
        if len(found)
    ]


def _dots(
    rows: Sequence[tuple[str, Estimate, str]], label: str, name: Name, currency: str, *, zero: bool = False
) -> str:
    figure, axes = canvas(3.5, 0.95 + 0.36 * len(rows))
    scale = 100.0 if name == "nps" else 1.0
    for place, (_, seen, colour) in enumerate(reversed(rows)):
        axes.hlines(place, scale * seen.low, scale * seen.high, color=colour, linewidth=2)
        axes.plot([scale * seen.value], [place], "o", color=colour, markersize=6)
    axes.set_yticks(range(len(rows)), [title for title, _, _ in reversed(rows)])
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    if zero:
        axes.axvline(0.0, color=FAINT, linewidth=1)
    axes.set(ylim=(-0.6, len(rows) - 0.4), xlabel=f"{label}, {currency}" if name == "value" else label)
    if name in ("repurchase", "churn"):
        in_percent(axes.xaxis)
    elif name == "value":
        _thousands(axes.xaxis)
    return svg(figure, f"{label} by {'move' if zero else 'tier'}")


def _stack(shares: np.ndarray) -> np.ndarray:
    """The top of each bar, the first uppermost, a gap between each two."""
    above = np.concatenate([[0.0], np.cumsum(shares)[:-1]])
    return np.asarray(1.0 - above - GAP * np.arange(len(shares)))


def _band(axes: "Axes", start: float, end: float, width: float, colour: str) -> None:
    if not width:
        return
    x = np.linspace(BAR / 2, 1 - BAR / 2, 60)
    bend = 0.5 - 0.5 * np.cos(np.pi * np.linspace(0.0, 1.0, 60))
    top = start + (end - start) * bend
    axes.fill_between(x, top - width, top, color=colour, alpha=0.4, linewidth=0)


def _bars(axes: "Axes", side: float, tops: np.ndarray, sums: np.ndarray, total: float, names: Sequence[str]) -> None:
    for top, count, name in zip(tops, sums, names, strict=True):
        height = count / total
        if not count:
            continue
        axes.fill_between([side - BAR / 2, side + BAR / 2], top - height, top, color=INK, linewidth=0)
        place, align = (side - BAR, "right") if side < 0.5 else (side + BAR, "left")
        axes.text(place, top - height / 2, f"{name} {int(count):,}", ha=align, va="center", color=INK, fontsize=9)


def _thousands(axis: "Axis") -> None:
    from matplotlib.ticker import FuncFormatter, MaxNLocator, NullFormatter

    if axis.get_scale() == "linear":
        axis.set_major_locator(MaxNLocator(5))
    axis.set_minor_formatter(NullFormatter())
    axis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}".replace("-", "−")))
