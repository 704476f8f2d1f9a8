"""Forecasts that anybody could make: what a model has to beat before its cleverness counts."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import local_day
from data.events import PURCHASE
from data.settings.book import Book
from evaluation.purchases import pareto_churn, pareto_value, purchases_of
from evaluation.question import Flags, Floats, Question, owners
from training.labels import audience, converts, label, population

BUCKETS = 10
NEVER = BUCKETS
WEEKS_A_MONTH = 365.25 / 12 / 7


def zero(question: Question) -> Floats:
    """Nothing will happen, to nobody."""
    return np.zeros(len(question.known))


def same_money_again(question: Question) -> Floats:
    """The value of the last window as long as the horizon, or of a shorter history, scaled."""
    window = min(question.horizon_days, question.history_days)
    return question.money_of_last(window) * (question.horizon_days / window)


def monthly_average(question: Question) -> Floats:
    """Average monthly purchase × months of the horizon × overall retention; 0 for who never bought.

    Purchases count with what the book's value leaves of them. Months count from the first purchase to the cutoff,
    one at least; retention is the share of earlier buyers who bought in the last ended window.
    """
    purchases = purchases_of(question)
    months = np.maximum(np.nan_to_num(purchases.age) / WEEKS_A_MONTH, 1.0)
    spend = np.where(purchases.bought, question.money_of_last(question.history_days), 0.0)
    return spend / months * (question.horizon_days / 7 / WEEKS_A_MONTH) * _retention(question)


def churn_by_recency(question: Question) -> Floats:
    """The share silent in the last ended window among buyers then as long silent as this one is now."""
    return _rate_by_recency(question, question.known.role == PURCHASE)


def conversion_by_recency(question: Question) -> Floats:
    """The share that converted in the last ended window among people whose last conversion was then as long
    ago as this one's is now; those without any are a group of their own."""
    return _rate_by_recency(question, converts(question.known, question.book))


def own_past_rate(question: Question) -> Floats:
    """1 − exp(−rate × horizon); rate = days with a conversion / days since first seen, a horizon at least."""
    known, today = question.known, local_day(question.cutoff, question.book.time_zone)
    who, happened = owners(known), converts(known, question.book)
    pairs = np.unique(np.stack([who[happened], known.day[happened]]), axis=1)
    first_day = np.full(len(known), today)
    np.minimum.at(first_day, who, known.day)
    seen = np.maximum(today - first_day + 1, question.horizon_days)
    rate = np.bincount(pairs[0], minlength=len(known)) / seen
    return np.asarray(-np.expm1(-rate * question.horizon_days))


def pareto_conversion(question: Question) -> Floats:
    """Of a purchase, where any purchase converts; who never bought gets the measured rate of such people."""
    conversion = 1.0 - pareto_churn(question)
    return np.where(np.isnan(conversion), conversion_by_recency(question), conversion)


def _always(book: Book) -> bool:  # noqa: ARG001
    return True


def _any_purchase_converts(book: Book) -> bool:
    return not book.targets.conversion.types


@dataclass(frozen=True)
class Baseline:
    """`forecast(question)` answers for every known customer, shape (n,), in the target's unit."""

    name: str
    target: str
    meaning: str
    forecast: Callable[[Question], Floats]
    speaks: Callable[[Book], bool] = _always


BASELINES: tuple[Baseline, ...] = (
    Baseline("zero", "lifetime_value", "nobody buys anything", zero),
    Baseline(
        "persistence",
        "lifetime_value",
        "everybody is worth what they were in the last such window",
        same_money_again,
    ),
    Baseline(
        "monthly_average",
        "lifetime_value",
        "average monthly purchase × months × overall retention",
        monthly_average,
    ),
    Baseline("pareto_nbd", "lifetime_value", "Pareto/NBD purchases × Gamma-Gamma spend", pareto_value),
    Baseline("zero", "conversion", "nobody converts", zero),
    Baseline("persistence", "conversion", "everybody converts at their own past rate", own_past_rate),
    Baseline(
        "recency",
        "conversion",
        "the past rate of people whose last conversion was as long ago",
        conversion_by_recency,
    ),
    Baseline(
        "pareto_nbd",
        "conversion",
        "Pareto/NBD chance of a purchase",
        pareto_conversion,
        _any_purchase_converts,
    ),
    Baseline("zero", "churn", "nobody leaves", zero),
    Baseline("persistence", "churn", "the past rate of buyers who had been silent as long", churn_by_recency),
    Baseline("pareto_nbd", "churn", "Pareto/NBD chance of no purchase", pareto_churn),
)


def baselines_of(book: Book, target: str) -> tuple[Baseline, ...]:
    """The baselines that have an answer for the target."""
    return tuple(baseline for baseline in BASELINES if baseline.target == target and baseline.speaks(book))


def _rate_by_recency(question: Question, events: Flags) -> Floats:
    window, origin = question.ended_window
    asked = population(question.known, origin, audience(question.book, question.target))
    happened = label(question.known, origin, question.target, window, question.book)[asked]
    then = question.days_since(origin, events)[asked]
    edges = _edges(then)
    people = np.bincount(_bucket(then, edges), minlength=BUCKETS + 1)
    hits = np.bincount(_bucket(then, edges), happened, minlength=BUCKETS + 1)
    rates = _stretched((hits + 0.5) / (people + 1.0), question, window)
    return rates[_bucket(question.days_since(question.cutoff, events), edges)]


def _edges(days: Floats) -> Floats:
    """Upper ends of about equally large buckets, none of them empty; the last bucket has no end."""
    finite = days[~np.isnan(days)]
    if not len(finite):
        return finite
    tenths = np.quantile(finite, np.arange(1, BUCKETS) / BUCKETS, method="inverted_cdf")
    return np.unique(tenths[tenths < finite.max()])


def _bucket(days: Floats, edges: Floats) -> NDArray[np.int64]:
    return np.where(np.isnan(days), NEVER, np.searchsorted(edges, days))


def _stretched(rates: Floats, question: Question, window: int) -> Floats:
    """Rates of the horizon from those of a shorter window, as if every day were alike."""
    windows = question.horizon_days / window
    return rates**windows if question.target == "churn" else 1.0 - (1.0 - rates) ** windows


def _retention(question: Question) -> float:
    window, origin = question.ended_window
    buyers = population(question.known, origin, "buyers")
    left = label(question.known, origin, "churn", window, question.book)[buyers]
    return float(1.0 - left.mean()) if len(left) else 1.0
