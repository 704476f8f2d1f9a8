"""Drawings of how a feature's contribution depends on its value."""

import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from evaluation.canvas import FAINT, MARK, RULE, canvas, dots, svg
from evaluation.dependence import Dependence
from evaluation.views.ruler import Ruler, ruler_for
from features.feature import Feature, Words
from features.nouns import noun_of
from serving.figures import percent, plain

if TYPE_CHECKING:
    from matplotlib.axes import Axes

Floats = NDArray[np.float64]

APART = -0.18
"""Where those without a value stand, beside an axis from 0 to 1."""

SPREAD = 0.035
"""How far dots of one place are spread, that they do not hide each other."""

MOST_HIDDEN = 0.01
"""The share of contributions that may stand beyond either end of the drawing, at its edge."""

LONGEST_NAME = 12


@dataclass(frozen=True)
class Drawing:
    """A drawing and what it shows."""

    words: Words
    drawing: str


def drawing_of(seen: Dependence, currency: str, most_dots: int) -> Drawing:
    """Faint dots of at most so many customers, taken evenly, and in front of them the means."""
    meaning = seen.feature.meaning
    title = meaning.en.partition(";")[0]
    words = Words(title[0].upper() + title[1:], meaning.zh.partition("；")[0])
    return Drawing(words, dependence_plot(seen, currency, most_dots))


def dependence_plot(seen: Dependence, currency: str, most_dots: int) -> str:
    """The contribution over the value; levels side by side, those without a value apart on the left."""
    figure, axes = canvas(3.3, 2.5)
    axes.axhline(0.0, color=RULE, linewidth=1)
    _heights(axes, seen, currency)
    ticks = _levels(axes, seen, most_dots) if seen.is_category else _values(axes, seen, currency, most_dots)
    if seen.missing:
        _apart(axes, seen, most_dots)
        ticks = [(APART, "none"), *ticks]
        axes.axvline(APART / 2, color=RULE, linewidth=1, linestyle=(0, (2.0, 2.0)))
    axes.set_xticks([place for place, _ in ticks], [name for _, name in ticks])
    if seen.is_category and sum(len(name) for _, name in ticks) > 2 * LONGEST_NAME:
        axes.tick_params(axis="x", labelrotation=28)
    axes.set_xlim(1.5 * APART if seen.missing else -0.06, 1.06)
    return svg(figure, f"dependence of {seen.target} on {seen.feature.name}")


def _values(axes: "Axes", seen: Dependence, currency: str, most_dots: int) -> list[tuple[float, str]]:
    known = ~np.isnan(seen.values)
    if not known.any():
        return []
    values, contributions = seen.values[known], seen.contributions[known]
    ruler = ruler_for(values)
    shown = _evenly(len(values), most_dots)
    x = ruler.at(values[shown])
    _dots(axes, np.clip(x, 0.0, 1.0), contributions[shown])
    means = np.clip(ruler.at(np.array([step.value for step in seen.steps])), 0.0, 1.0)
    told = [step.contribution for step in seen.steps]
    axes.plot(means, told, color=MARK, linewidth=2, marker="o", markersize=4, markeredgewidth=0)
    axes.set_xlabel(_unit(seen.feature, currency))
    return _ticks(seen.feature, ruler)


def _levels(axes: "Axes", seen: Dependence, most_dots: int) -> list[tuple[float, str]]:
    places = np.linspace(0.0, 1.0, 2 * len(seen.steps) + 1)[1::2]
    shown = _evenly(len(seen.values), most_dots)
    ticks = []
    for place, step in zip(places.tolist(), seen.steps, strict=True):
        rows = shown[seen.values[shown] == step.value]
        _dots(axes, _beside(place, len(rows)), seen.contributions[rows])
        _bar(axes, place, step.contribution)
        ticks.append((place, step.name if len(step.name) <= LONGEST_NAME else f"{step.name[: LONGEST_NAME - 1]}…"))
    return ticks


def _apart(axes: "Axes", seen: Dependence, most_dots: int) -> None:
    """Those without a value."""
    lacking = np.flatnonzero(np.isnan(seen.values))
    share = len(lacking) / len(seen.values)
    shown = lacking[_evenly(len(lacking), math.ceil(most_dots * share))]
    _dots(axes, _beside(APART, len(shown)), seen.contributions[shown])
    if seen.missing:
        _bar(axes, APART, seen.missing.contribution)


def _dots(axes: "Axes", x: Floats, y: Floats) -> None:
    dots(axes, x, np.clip(y, *axes.get_ylim()), FAINT, size=3.2, alpha=0.6)


def _bar(axes: "Axes", place: float, mean: float) -> None:
    axes.plot([place - 0.05, place + 0.05], [mean, mean], color=MARK, linewidth=2.6, solid_capstyle="round")


def _beside(place: float, count: int) -> Floats:
    """So many places around one, spread as evenly as the golden ratio does."""
    turns = np.arange(count) * ((math.sqrt(5.0) - 1.0) / 2.0) % 1.0
    return np.asarray(place + SPREAD * (2.0 * turns - 1.0))


def _evenly(count: int, most: int) -> NDArray[np.int64]:
    return np.linspace(0, count - 1, min(count, most)).astype(np.int64)


def _heights(axes: "Axes", seen: Dependence, currency: str) -> None:
    """The axis of contributions holds nearly all dots and every mean."""
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    steps = (*seen.steps, *((seen.missing,) if seen.missing else ()))
    means = [step.contribution for step in steps]
    low, high = np.quantile(seen.contributions, [MOST_HIDDEN, 1.0 - MOST_HIDDEN])
    low, high = min(low, 0.0, *means), max(high, 0.0, *means)
    room = 0.06 * (high - low) or 1.0
    axes.set_ylim(low - room, high + room)
    money = seen.target == "lifetime_value"
    axes.yaxis.set_major_locator(MaxNLocator(5))
    axes.yaxis.set_major_formatter(FuncFormatter(partial(_signed, 1.0 if money else 100.0)))
    axes.set_ylabel(currency if money else "percentage points")


def _signed(scale: float, value: float, _: object) -> str:
    told = plain(abs(scale * value))
    return told if told == "0" else f"{'−' if value < 0 else '+'}{told}"


def _unit(feature: Feature, currency: str) -> str:
    if feature.unit == "money":
        return currency
    return "" if feature.unit == "share" else noun_of(feature).many.en.strip()


def _ticks(feature: Feature, ruler: Ruler) -> list[tuple[float, str]]:
    values = ruler.ticks()
    told = [percent(value) if feature.unit == "share" else plain(value).replace("-", "−") for value in values]
    return list(zip(ruler.at(np.array(values)).tolist(), told, strict=True))
