"""Customers by when they first bought: what was expected of each cohort, and what it brought."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl
from numpy.typing import NDArray

from data.clock import local_date
from data.events import PURCHASE
from data.histories.histories import Histories
from evaluation.comparison import OURS
from evaluation.interval import standard_error
from evaluation.question import owners
from evaluation.replay import Replay

Floats = NDArray[np.float64]

MOST_MONTHS = 12
"""A book whose customers first bought within so many months is told by month, a longer one by quarter."""


@dataclass(frozen=True)
class Cohort:
    """The `n` customers who first bought in a month (`2017-01`) or quarter (`2017-Q1`): their mean money predicted
    and true, and the standard `error` of the true mean."""

    name: str
    n: int
    predicted: float
    true: float
    error: float


def first_purchases(known: Histories, time_zone: str) -> dict[str, date]:
    """The local day of each customer's first purchase, for those who have one."""
    buying = np.flatnonzero(known.role == PURCHASE)
    customers, firsts = np.unique(owners(known)[buying], return_index=True)
    return {
        known.customer_ids[customer]: local_date(int(known.time[buying[first]]), time_zone)
        for customer, first in zip(customers.tolist(), firsts.tolist(), strict=True)
    }


def cohorts(replayed: Replay, first_bought: Mapping[str, date]) -> Iterator[Cohort]:
    """The cohorts in the order of time; each customer whose value was asked is in one of them."""
    rows = replayed.predictions.filter(model=OURS, target="lifetime_value")
    days = [first_bought[customer] for customer in rows["customer_id"]]
    by_month = len({_month(day) for day in days}) <= MOST_MONTHS
    names = pl.Series([_month(day) if by_month else _quarter(day) for day in days], dtype=pl.String)
    for (name,), members in rows.with_columns(cohort=names).sort("cohort").group_by("cohort", maintain_order=True):
        true = members["label"].to_numpy()
        yield Cohort(
            name=str(name),
            n=len(members),
            predicted=float(members["prediction"].to_numpy().mean()),
            true=float(true.mean()),
            error=standard_error(true),
        )


def _month(day: date) -> str:
    return f"{day:%Y-%m}"


def _quarter(day: date) -> str:
    return f"{day.year}-Q{(day.month + 2) // 3}"
