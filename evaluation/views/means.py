"""Predicted against true mean money, group by group."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import INK, MARK, MUTED, RULE, canvas, legend, svg
from evaluation.cohorts import Cohort
from evaluation.interval import standard_error
from evaluation.tiers import TierView
from evaluation.views.tenths import Z, tenths

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Means:
    """Mean money of some groups, predicted and true, with the standard error of the true mean; shape (g,) each."""

    predicted: Floats
    true: Floats
    error: Floats

    @property
    def low(self) -> Floats:
        """The lower end of the 95 % interval of the true means."""
        return self.true - Z * self.error

    @property
    def high(self) -> Floats:
        """The upper end."""
        return self.true + Z * self.error


def tenths_plot(truth: Floats, prediction: Floats, currency: str) -> str:
    """The tenths of the customers by prediction, on a logarithmic scale."""
    groups = tenths(prediction)
    means = Means(
        predicted=np.array([prediction[group].mean() for group in groups]),
        true=np.array([truth[group].mean() for group in groups]),
        error=np.array([standard_error(truth[group]) for group in groups]),
    )
    places = [str(place) for place in range(1, len(groups) + 1)]
    return _logarithmic(means, places, "tenths of the customers, by prediction", currency, "money")


def tiers_plot(tiers: Sequence[TierView], names: Sequence[str], currency: str) -> str:
    """The tiers, on a logarithmic scale."""
    return _logarithmic(_means_of(tiers), names, "", currency, "tiers")


def cohorts_plot(cohorts: Sequence[Cohort], currency: str) -> str:
    """The cohorts in the order of time, on a plain scale."""
    figure, axes = canvas()
    means = _means_of(cohorts)
    _draw(axes, means, means.low, [_short(cohort.name, place) for place, cohort in enumerate(cohorts)])
    ends = np.concatenate([means.low, means.high, means.true, means.predicted])
    top = float(np.nanmax(ends))
    axes.set(xlabel="first purchase", ylabel=f"{currency} per customer")
    axes.set_ylim(min(0.0, float(np.nanmin(ends))), 1.25 * top if top > 0 else 1.0)
    axes.grid(axis="y", color=RULE, linewidth=0.5)
    axes.set_axisbelow(True)
    legend(axes, "upper right")
    return svg(figure, "cohorts")


def _means_of(groups: Sequence[TierView] | Sequence[Cohort]) -> Means:
    return Means(
        np.array([group.predicted for group in groups]),
        np.array([group.true for group in groups]),
        np.array([group.error for group in groups]),
    )


def _logarithmic(means: Means, names: Sequence[str], label: str, currency: str, salt: str) -> str:
    from matplotlib.ticker import FuncFormatter, LogLocator, NullLocator

    figure, axes = canvas()
    amounts = np.concatenate([means.predicted, means.true])
    floor = _floor(amounts)
    axes.set(xlabel=label, ylabel=f"{currency} per customer")
    if (amounts < 0).any():
        axes.set_yscale("symlog", linthresh=floor)
        _draw(axes, means, means.low, names)
    else:
        kept = Means(np.maximum(means.predicted, floor), np.maximum(means.true, floor), means.error)
        axes.set_yscale("log")
        axes.set_ylim(floor, 1.5 * float(np.nanmax([*amounts, *means.high, 2 * floor])))
        _draw(axes, kept, np.maximum(means.low, floor), names)
        axes.yaxis.set_major_locator(LogLocator(subs=(1.0, 2.0, 5.0), numticks=9))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda amount, _: f"{amount:,.10g}"))
    legend(axes, "best")
    return svg(figure, salt)


def _draw(axes: "Axes", means: Means, low: Floats, names: Sequence[str]) -> None:
    place = np.arange(len(names))
    axes.vlines(place, low, np.maximum(means.high, low), color=MUTED, linewidth=1)
    axes.plot(place, means.true, "o", color=INK, markersize=5, label="what came, with 95 % interval")
    axes.hlines(means.predicted, place - 0.3, place + 0.3, color=MARK, linewidth=2.6, label="predicted")
    axes.set_xticks(place, names)
    axes.set_xlim(-0.6, len(names) - 0.4)


def _floor(amounts: Floats) -> float:
    """Where a logarithmic axis ends below: nothing is drawn on it as zero."""
    positive = np.abs(amounts[amounts != 0])
    return float(positive.min()) / 2.0 if len(positive) else 0.1


def _short(name: str, place: int) -> str:
    """`2017-04` as `Apr`, `2017-Q2` as `Q2`; the year stands below the first of the axis and of each year."""
    year, part = name.split("-")
    told = part if part.startswith("Q") else f"{date(int(year), int(part), 1):%b}"
    return f"{told}\n{year}" if place == 0 or part in {"01", "Q1"} else told
