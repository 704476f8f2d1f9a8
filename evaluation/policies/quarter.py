"""One cutoff of the past: how each policy orders the customers, by what was known then, and what they brought."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.histories.histories import Histories
from data.settings.book import Book
from evaluation.errors import EvaluationError
from evaluation.policies.ranking import LAST, PAST, ordered
from evaluation.question import Question
from evaluation.scoring import BLOCK
from serving.plan import Plan
from serving.recommend import recommend
from serving.tiers.fit import fit as fit_plan
from serving.tiers.fit import needed
from serving.tiers.gather import Gathered, gather
from serving.tiers.inputs import Columns
from serving.tiers.ladder import TIERS
from serving.tiers.policies import POLICIES
from serving.tiers.rule import Places
from training.bundle import Bundle
from training.horizons import horizons
from training.labels import label, population

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

CHECKED = 100
"""So many customers are asked of `recommend` as well, taken evenly."""


@dataclass(frozen=True)
class Ranked:
    """The n `customers` on record at a cutoff (ISO `day`) as policies see them: their `columns` and total past
    `spend`, each (n,); by policy its `places` (n,), and by ranking the `orders` (n,), the first to be chosen first."""

    day: str
    customers: tuple[str, ...]
    columns: Columns
    spend: Floats
    places: Mapping[str, Places]
    orders: Mapping[str, Ints]


@dataclass(frozen=True)
class Quarter:
    """What was said at a cutoff, and the `value` (n,) that everybody brought in the horizon after it."""

    ranked: Ranked
    value: Floats

    @property
    def orders(self) -> Mapping[str, Ints]:
        """The order of customers by ranking, each (n,)."""
        return self.ranked.orders


def quarter(book: Book, histories: Histories, cutoff: int, bundle: Bundle, advance: Callable[[str], None]) -> Quarter:
    """What every policy says at `cutoff` (µs) by a `bundle` that knew nothing later; only `value` looks further."""
    everybody = on_record(histories, cutoff)
    value = label(everybody, cutoff, "lifetime_value", horizons(book)["lifetime_value"], book)
    return Quarter(ranked(book, everybody.known_by(cutoff), cutoff, bundle, advance), value)


def on_record(histories: Histories, cutoff: int) -> Histories:
    """The customers with an event that was known at `cutoff` (µs), with all that they ever did."""
    return histories.select(np.flatnonzero(population(histories, cutoff, "everyone")))


def ranked(book: Book, known: Histories, cutoff: int, bundle: Bundle, advance: Callable[[str], None]) -> Ranked:
    """How every policy, learnt from what was `known` at `cutoff` (µs), places and orders these customers."""
    days = horizons(book)["lifetime_value"]
    question = Question(book, known, cutoff, "lifetime_value", days)
    advance(f"{question.date}, learning the policies of {len(known):,} customers")
    found = gathered(book, known, cutoff, bundle)
    plans = {policy.name: fit_plan(found, book, bundle, cutoff, policy=policy.name) for policy in POLICIES}
    places = {name: plan.rule.places(found.columns) for name, plan in plans.items()}
    advance(f"{question.date}, asking for recommendations")
    for name, plan in plans.items():
        require_one_road(known, cutoff, bundle, plan, places[name])
    spend = question.money_of_last(question.history_days)
    keys = {**places, PAST: np.zeros(len(spend)), LAST: np.negative(question.money_of_last(days))}
    return Ranked(
        day=question.date,
        customers=found.customers,
        columns=found.columns,
        spend=spend,
        places=places,
        orders={name: ordered(key, spend, found.customers) for name, key in keys.items()},
    )


def gathered(book: Book, known: Histories, cutoff: int, bundle: Bundle) -> Gathered:
    """The columns that all policies look at, of everybody."""
    names = dict.fromkeys(name for policy in POLICIES for name in needed(book, bundle, policy.name))
    starts = range(0, len(known), BLOCK)
    blocks = (known.select(np.arange(start, min(start + BLOCK, len(known)))) for start in starts)
    return gather(blocks, cutoff, bundle, tuple(names))


def require_one_road(known: Histories, cutoff: int, bundle: Bundle, plan: Plan, places: Places) -> None:
    """Raises EvaluationError where `recommend` would give a customer another tier than the `places` (n,) judged."""
    rows = np.unique(np.linspace(0, len(known) - 1, min(CHECKED, len(known))).round().astype(np.int64))
    for row, answer in zip(rows, recommend(known.select(rows), cutoff, bundle, plan), strict=True):
        served, judged = answer.tier.name if answer.tier else None, TIERS[places[row]]
        if served != judged:
            raise EvaluationError(
                f"policy {plan.policy}: customer {answer.customer_id} is served as {served} but was judged as "
                f"{judged}; the figures would not be those of what is served, so there are none"
            )
