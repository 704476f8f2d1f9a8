"""Plots as inline SVG, in the colours of the page they stand on."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import FAINT, INK, MARK, MUTED, canvas, in_percent, legend, svg
from evaluation.comparison import OURS

Floats = NDArray[np.float64]

Dashes = str | tuple[int, tuple[float, ...]]

DASHES: dict[str, Dashes] = {
    "pareto_nbd": "-",
    "persistence": (0, (5.0, 2.0)),
    "recency": (0, (1.5, 1.5)),
}

GROUPS = 10
Z = 1.96  # 95 % of a normal distribution


def gain_plot(truth: Floats, forecasts: Mapping[str, Floats], names: Mapping[str, str], caught: str) -> str:
    """How much of what happened the customers with the highest predictions account for, model by model."""
    figure, axes = canvas()
    grid = np.linspace(0.0, 1.0, 101)

    def draw(ranking: Floats, name: str, colour: str, width: float, dashes: Dashes = "-") -> None:
        curve = gain(truth, ranking, grid)
        axes.plot(grid, curve, color=colour, linewidth=width, linestyle=dashes, label=name, zorder=width)

    draw(forecasts[OURS], names[OURS], MARK, 2.4)
    for model in [model for model in DASHES if model in forecasts]:
        draw(forecasts[model], names[model], MUTED, 1.1, DASHES[model])
    draw(truth, "best possible", FAINT, 1.2, (0, (1.0, 1.5)))
    draw(np.zeros(len(truth)), "chance", FAINT, 0.8)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), xlabel="customers, highest prediction first", ylabel=caught)
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    legend(axes, "lower right")
    return svg(figure, f"gain {caught}")


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


def money_plot(truth: Floats, prediction: Floats, currency: str) -> str:
    """Predicted against true mean money of each tenth of the customers, on a logarithmic scale."""
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    figure, axes = canvas()
    groups = _groups(prediction)
    predicted = np.array([prediction[group].mean() for group in groups])
    came = np.array([truth[group].mean() for group in groups])
    doubt = Z * np.array([truth[group].std() / np.sqrt(len(group)) for group in groups])
    floor = _floor(np.concatenate([predicted, came]))
    place = np.arange(1, len(groups) + 1)
    low, high, dot, bar = (np.maximum(ends, floor) for ends in (came - doubt, came + doubt, came, predicted))
    axes.vlines(place, low, high, color=MUTED, linewidth=1)
    axes.plot(place, dot, "o", color=INK, markersize=5, label="what came, with 95 % interval")
    axes.hlines(bar, place - 0.3, place + 0.3, color=MARK, linewidth=2.6, label="predicted")
    axes.set_yscale("log")
    axes.set_ylim(bottom=floor)
    axes.set_xticks(place)
    axes.set(xlabel="tenths of the customers, by prediction", ylabel=f"{currency} per customer")
    axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=9))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.10g}"))
    legend(axes, "upper left")
    return svg(figure, "money")


def reliability_plot(truth: Floats, forecasts: Mapping[str, Floats], names: Mapping[str, str], event: str) -> str:
    """Predicted probability against the share that came true, in ten groups of equal size."""
    figure, axes = canvas()
    top = 0.0
    if "pareto_nbd" in forecasts:
        predicted, came, _, _ = _shares(truth, forecasts["pareto_nbd"])
        axes.plot(predicted, came, "o", color=MUTED, markerfacecolor="none", markersize=5, label=names["pareto_nbd"])
        top = max(top, float(predicted.max()), float(came.max()))
    predicted, came, low, high = _shares(truth, forecasts[OURS])
    axes.vlines(predicted, low, high, color=MARK, linewidth=1)
    axes.plot(predicted, came, "o", color=MARK, markersize=5.5, label=f"{names[OURS]}, with 95 % interval")
    top = min(max(top, float(predicted.max()), float(high.max())) * 1.04, 1.02)
    axes.plot([0, top], [0, top], color=FAINT, linewidth=0.8, zorder=0)
    axes.set(xlim=(0, top), ylim=(0, top), xlabel=f"predicted chance that the customer {event}", ylabel="came true")
    in_percent(axes.xaxis)
    in_percent(axes.yaxis)
    legend(axes, "upper left")
    return svg(figure, f"reliability {event}")


def _groups(prediction: Floats) -> list[NDArray[np.intp]]:
    """Customers in ten groups of equal size, or one each where they are fewer, lowest prediction first."""
    return np.array_split(np.argsort(prediction, kind="stable"), min(GROUPS, len(prediction)))


def _shares(truth: Floats, prediction: Floats) -> tuple[Floats, Floats, Floats, Floats]:
    """(mean prediction, share that came true, its 95 % interval's ends) of each group; Wilson (1927)."""
    groups = _groups(prediction)
    n = np.array([len(group) for group in groups], dtype=np.float64)
    predicted = np.array([prediction[group].mean() for group in groups])
    came = np.array([truth[group].mean() for group in groups])
    centre = (came + Z**2 / (2 * n)) / (1 + Z**2 / n)
    reach = Z / (1 + Z**2 / n) * np.sqrt(came * (1 - came) / n + Z**2 / (4 * n**2))
    return predicted, came, centre - reach, centre + reach


def _floor(amounts: Floats) -> float:
    """Where a logarithmic axis ends below: nothing is drawn on it as zero."""
    positive = amounts[amounts > 0]
    return float(positive.min()) / 3.0 if len(positive) else 0.1
