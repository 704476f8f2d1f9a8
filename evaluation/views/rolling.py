"""The same question at several moments of the past: does the model keep its rank, its level and its doubt?"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation import wording
from evaluation.canvas import FAINT, MARK, MUTED, canvas, legend_above, svg
from evaluation.comparison import OURS, MetricRow
from evaluation.views.gain import DASHES
from evaluation.views.standings import BETTER

DRAWN: dict[str, tuple[str, ...]] = {
    "lifetime_value": ("normalized_gini", "bias", "coverage_90", "coverage_80"),
    "conversion": ("auc", "expected_calibration_error"),
    "churn": ("auc", "expected_calibration_error"),
}
IDEAL = {"bias": 1.0, "coverage_90": 0.9, "coverage_80": 0.8}


@dataclass(frozen=True)
class Part:
    """One target over the cutoffs: a drawing for each metric that was measured at all of them."""

    title: str
    plots: tuple[str, ...]


def parts(rows: Sequence[MetricRow]) -> Iterator[Part]:
    """A part for every target; `rows` are those of the main horizons at all cutoffs."""
    for target, words in wording.TARGETS.items():
        asked = [row for row in rows if row.target == target]
        measured = {row.metric for row in asked}
        if asked:
            yield Part(words.title, tuple(_plot(asked, name) for name in DRAWN[target] if name in measured))


def _plot(rows: Sequence[MetricRow], metric: str) -> str:
    """Ours with its 95 % interval, and the baselines, cutoff by cutoff."""
    figure, axes = canvas(5.4, 2.6)
    cutoffs = sorted({row.cutoff for row in rows})
    for model in (OURS, *DASHES):
        found = sorted((row for row in rows if (row.model, row.metric) == (model, metric)), key=lambda row: row.cutoff)
        place = np.array([cutoffs.index(row.cutoff) for row in found])
        values = [row.value for row in found]
        if model == OURS:
            axes.vlines(place, [row.low for row in found], [row.high for row in found], color=MARK, linewidth=1.2)
            axes.plot(place, values, "o-", color=MARK, markersize=5, linewidth=2, label=wording.MODELS[model], zorder=3)
        elif found:
            axes.plot(place, values, color=MUTED, linewidth=1.1, linestyle=DASHES[model], label=wording.MODELS[model])
    if metric in IDEAL:
        axes.axhline(IDEAL[metric], color=FAINT, linewidth=0.8)
    axes.set_xticks(np.arange(len(cutoffs)), cutoffs)
    axes.set_xlim(-0.4, len(cutoffs) - 0.6)
    axes.set(ylabel=_label(metric))
    legend_above(axes)
    return svg(figure, f"{metric} of {rows[0].target} over time")


def _label(metric: str) -> str:
    if metric not in wording.METRICS:
        return f"in the {IDEAL[metric]:.0%} interval ({IDEAL[metric]} is best)"
    return f"{wording.METRICS[metric].title} ({wording.DIRECTIONS[BETTER[metric]]})"
