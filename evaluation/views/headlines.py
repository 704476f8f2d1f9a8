"""The few figures that anybody should know after one look."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation import wording
from evaluation.comparison import OURS, Asked, MetricRow
from evaluation.views.gain import gain

Floats = NDArray[np.float64]
Question = tuple[Asked, Floats, Mapping[str, Floats]]

BEST, MOST_LIKELY = 0.2, 0.1


@dataclass(frozen=True)
class Headline:
    """A figure and what it says."""

    figure: str
    told: str


def headlines(asked: Iterable[Question], rows: Sequence[MetricRow], currency: str) -> Iterator[Headline]:
    """What is worth saying first of the questions of the judged cutoff, and of its intervals; nothing of a question
    where nothing came true."""
    for question, truth, forecasts in asked:
        if truth.sum() <= 0 or OURS not in forecasts:
            continue
        if question.target == "lifetime_value":
            yield from _of_value(truth, forecasts[OURS], currency)
        else:
            yield _of_chance(question, truth, forecasts[OURS])
    for row in rows:
        if row.metric == "coverage_90":
            yield Headline(f"{row.value:.1%}", "of customers brought an amount inside their 90\u00a0% interval")


def _of_value(truth: Floats, prediction: Floats, currency: str) -> Iterator[Headline]:
    met, best = (float(gain(truth, by, np.array([BEST]))[0]) for by in (prediction, truth))
    yield Headline(
        f"{met:.0%}",
        f"of all money came from the fifth of customers predicted highest; a perfect order would have met {best:.0%}",
    )
    total, came = float(prediction.sum()), float(truth.sum())
    yield Headline(
        f"{total / came - 1:+.1%}".replace("-", "−"),
        f"is how far the predicted {currency} {_short(total)} lie from the {currency} {_short(came)} that came",
    )


def _of_chance(asked: Asked, truth: Floats, prediction: Floats) -> Headline:
    words = wording.TARGETS[asked.target]
    share = float(gain(truth, prediction, np.array([MOST_LIKELY]))[0]) * truth.mean() / MOST_LIKELY
    return Headline(f"{share:.0%}", words.headline.format(all=truth.mean()))


def _short(amount: float) -> str:
    """`1.24 m`, `88,340`."""
    return f"{amount / 1e6:,.2f}\u00a0m" if abs(amount) >= 1e6 else f"{amount:,.0f}"
