"""How much of the reasons another seed keeps, and what moves both models beside each other."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from evaluation import wording as words
from evaluation.canvas import FAINT, INK, MARK, MUTED, RULE, WORSE, canvas, dots, in_percent, legend_above, svg
from evaluation.reasons.pairs import Pair
from evaluation.reasons.stability import Stability
from evaluation.reasons.wording import SHARES

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COLOURS = {"lifetime_value": MARK, "conversion": INK, "churn": WORSE}
STEP = 0.22
LEAST = 1e-3
"""Features below this share of the largest size are not drawn."""


def shares_plot(stabilities: Sequence[Stability]) -> str:
    """A row for every share, with a dot and its 95 % interval for every target."""
    figure, axes = canvas(6.6, 0.8 + 0.62 * len(SHARES))
    places = list(range(len(SHARES)))[::-1]
    for turn, seen in enumerate(stabilities):
        rows = [place + STEP * ((len(stabilities) - 1) / 2 - turn) for place in places]
        estimates = [seen.estimates()[name] for name in SHARES]
        colour = COLOURS[seen.target]
        axes.hlines(rows, [e.low for e in estimates], [e.high for e in estimates], color=colour, linewidth=2)
        axes.plot(
            [e.value for e in estimates], rows, "o", color=colour, markersize=6, label=words.TARGETS[seen.target].title
        )
    axes.set_yticks(places, list(SHARES.values()))
    axes.tick_params(axis="y", labelcolor=INK, length=0)
    axes.spines["left"].set_visible(False)
    axes.grid(axis="x", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    axes.set(xlim=(0.0, 1.02), ylim=(-0.6, len(SHARES) - 0.4))
    axes.set_xlabel("share of the customers", color=MUTED)
    in_percent(axes.xaxis)
    legend_above(axes)
    return svg(figure, "what another seed keeps")


def pairs_plot(target: str, pairs: Sequence[Pair]) -> str:
    """The size of every feature and of every group in both models, on logarithmic axes; alike on the diagonal."""
    told = [pair for pair in pairs if pair.target == target]
    largest = max(max(pair.first, pair.second) for pair in told)
    figure, axes = canvas(3.3, 3.0)
    axes.plot([LEAST, 1.3], [LEAST, 1.3], color=RULE, linewidth=1)
    features = [pair for pair in told if not pair.is_group]
    groups = [pair for pair in told if pair.is_group]
    axes.set(xscale="log", yscale="log", xlim=(LEAST / 1.2, 1.3), ylim=(LEAST / 1.2, 1.3))
    dots(axes, *_of(features, largest), FAINT, size=3.6, alpha=0.6)
    axes.plot(*_of(groups, largest), "o", color=MARK, markersize=6, markeredgewidth=0)
    axes.set_xlabel("one seed")
    axes.set_ylabel("the other")
    _percents(axes)
    return svg(figure, f"sizes for {target}")


def _of(pairs: Sequence[Pair], largest: float) -> tuple[list[float], list[float]]:
    """Both sizes as shares of the largest, at least the least that is drawn."""
    sizes = [(max(pair.first / largest, LEAST), max(pair.second / largest, LEAST)) for pair in pairs]
    return [first for first, _ in sizes], [second for _, second in sizes]


def _percents(axes: "Axes") -> None:
    from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_locator(FixedLocator([0.001, 0.01, 0.1, 1.0]))
        axis.set_minor_locator(NullLocator())
        axis.set_major_formatter(FuncFormatter(lambda share, _: f"{100 * share:g}%"))
