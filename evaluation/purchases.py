"""The forecast of the published buy-till-you-die models, fitted as published."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from data.clock import local_day
from data.events import PURCHASE
from evaluation.question import Flags, Floats, Question, owners
from training.theory.gamma_gamma import GammaGamma
from training.theory.pareto_nbd import ParetoNBD

DAYS_A_WEEK = 7.0


@dataclass(frozen=True)
class Purchases:
    """Arrays of shape (n,), one entry per customer; nan for who never bought, but for `frequency` −1.

    `frequency` is the number of days with a purchase after the first such day, `recency` the weeks from the
    first to the last of them, `age` the weeks from the first to the cutoff, `repeat_spend` the mean money of
    a repeat day (currency; 0 without one). Fader, Hardie and Lee (2005), "RFM and CLV".
    """

    frequency: Floats
    recency: Floats
    age: Floats
    repeat_spend: Floats

    @property
    def bought(self) -> Flags:
        """Who bought at least once, shape (n,)."""
        return self.frequency >= 0

    @property
    def history(self) -> tuple[Floats, Floats, Floats]:
        """(frequency, recency, age) of those who bought."""
        return self.frequency[self.bought], self.recency[self.bought], self.age[self.bought]


def purchases_of(question: Question) -> Purchases:
    """The purchases known at the cutoff, counted by local day."""
    n = len(question.known)
    customers, days, money = _purchase_days(question)
    counts = np.bincount(customers, minlength=n)
    ends = np.cumsum(counts[counts > 0])
    starts = ends - counts[counts > 0]
    first, last, opening = (np.full(n, np.nan) for _ in range(3))
    for column, values in ((first, days[starts]), (last, days[ends - 1]), (opening, money[starts])):
        column[counts > 0] = values
    return Purchases(
        frequency=counts.astype(np.float64) - 1.0,
        recency=(last - first) / DAYS_A_WEEK,
        age=(local_day(question.cutoff, question.book.time_zone) - first) / DAYS_A_WEEK,
        repeat_spend=(np.bincount(customers, money, minlength=n) - opening) / np.maximum(counts - 1, 1),
    )


def pareto_value(question: Question, learnt_from: Question | None = None) -> Floats:
    """Pareto/NBD purchases × Gamma-Gamma spend (currency), shape (n,); 0 for who never bought.

    Where value is net or margin, money is scaled by the share of it that was left so far of what buyers paid.
    Fitted on the customers of the question itself, or on those of `learnt_from`.
    """
    taught, purchases = purchases_of(learnt_from or question), purchases_of(question)
    bought = purchases.bought
    count, spend = purchases.frequency[bought], purchases.repeat_spend[bought]
    orders = ParetoNBD.fit(*taught.history).expected_purchases(*purchases.history, question.horizon_days / DAYS_A_WEEK)
    paid = GammaGamma.fit(taught.frequency[taught.bought], taught.repeat_spend[taught.bought])
    value = np.zeros(len(bought))
    value[bought] = orders * paid.expected_spend(count, spend)
    return value * _left_of_purchases(learnt_from or question, taught.bought)


def pareto_churn(question: Question, learnt_from: Question | None = None) -> Floats:
    """The probability of no purchase in the horizon, alive or not, shape (n,); nan for who never bought.

    Fitted on the customers of the question itself, or on those of `learnt_from`.
    """
    taught, purchases = purchases_of(learnt_from or question), purchases_of(question)
    churn = np.full(len(purchases.bought), np.nan)
    churn[purchases.bought] = ParetoNBD.fit(*taught.history).probability_no_purchase(
        *purchases.history, question.horizon_days / DAYS_A_WEEK
    )
    return churn


def _purchase_days(question: Question) -> tuple[NDArray[np.int64], Floats, Floats]:
    """Customer, day and money of every day with a purchase, ascending by customer and day."""
    known = question.known
    rows = known.role == PURCHASE
    customers, days = owners(known)[rows], known.day[rows]
    begins = np.ones(len(days), dtype=np.bool_)
    begins[1:] = (np.diff(customers) != 0) | (np.diff(days) != 0)
    minor = np.bincount(np.cumsum(begins) - 1, known.amount[rows].astype(np.float64))
    return customers[begins], days[begins].astype(np.float64), minor / 10.0**question.book.minor_digits


def _left_of_purchases(question: Question, bought: Flags) -> float:
    """What value counts of every unit of money that buyers paid; nothing where it cost them more than it brought."""
    known = question.known
    paid = known.amount[known.role == PURCHASE].sum() / 10.0**question.book.minor_digits
    left = question.money_of_last(question.history_days)[bought].sum()
    return max(float(left / paid), 0.0) if paid else 1.0
