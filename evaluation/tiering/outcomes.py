"""What customers did in a window: bought again, left, brought money, answered a survey."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.clock import add_days
from data.events import ROLES
from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.question import owners
from training.horizons import horizons
from training.labels import label, population

Floats = NDArray[np.float64]
Name = Literal["repurchase", "churn", "value", "nps", "csat"]

SURVEY = ROLES.index("survey")
LEAST, MOST = 0.0, 10.0
PROMOTER, DETRACTOR = 9.0, 6.0
"""Reichheld (2003): answers from 9 promote, answers up to 6 detract."""


@dataclass(frozen=True)
class Outcomes:
    """Of n customers in the horizons that begin at a moment, each (n,).

    Who were `buyers` at its beginning, `bought` in the horizon of value, and were `silent` in that of churn (1 or 0);
    the `money` they brought (currency); their survey `answers` from 0 to 10, how many of them promote less how many
    detract, `net`, and the sum of them, `score`.
    """

    buyers: Floats
    bought: Floats
    silent: Floats
    money: Floats
    answers: Floats
    net: Floats
    score: Floats

    def with_buyers(self, buyers: Floats) -> "Outcomes":
        """The same, asked of other buyers (n,)."""
        return replace(self, buyers=buyers)


@dataclass(frozen=True)
class Metric:
    """A figure of a group: the sum of `part` over its customers by that of `whole`."""

    name: Name
    part: Callable[[Outcomes], Floats]
    whole: Callable[[Outcomes], Floats]


METRICS = (
    Metric("repurchase", lambda seen: seen.bought * seen.buyers, lambda seen: seen.buyers),
    Metric("churn", lambda seen: seen.silent * seen.buyers, lambda seen: seen.buyers),
    Metric("value", lambda seen: seen.money, lambda seen: np.ones(len(seen.money))),
    Metric("nps", lambda seen: seen.net, lambda seen: seen.answers),
    Metric("csat", lambda seen: seen.score, lambda seen: seen.answers),
)


def outcomes(book: Book, histories: Histories, start: int) -> Outcomes:
    """What came in the horizons of value and churn that begin at `start` (µs UTC); answers count in that of value."""
    days = horizons(book)
    silent = label(histories, start, "churn", days["churn"], book)
    within = label(histories, start, "churn", days["lifetime_value"], book)
    return Outcomes(
        buyers=population(histories, start, "buyers").astype(np.float64),
        bought=1.0 - within,
        silent=silent,
        money=label(histories, start, "lifetime_value", days["lifetime_value"], book),
        **_answers(histories, start, add_days(start, days["lifetime_value"], book.time_zone)),
    )


def _answers(histories: Histories, start: int, end: int) -> dict[str, Floats]:
    """Answers outside of 0 to 10 are no answers to such a question."""
    score = histories.quantity
    inside = (histories.role == SURVEY) & (histories.time > start) & (histories.time <= end)
    given = np.flatnonzero(inside & (score >= LEAST) & (score <= MOST))
    who, score = owners(histories)[given], score[given]
    net = (score >= PROMOTER).astype(np.float64) - (score <= DETRACTOR)
    n = len(histories)
    return {
        "answers": np.bincount(who, minlength=n).astype(np.float64),
        "net": np.bincount(who, net, n).astype(np.float64),
        "score": np.bincount(who, score, n).astype(np.float64),
    }
