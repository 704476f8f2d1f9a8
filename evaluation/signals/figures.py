"""The figures of a signal: what is told of it, and on what it rests."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from data.settings.book import Book
from data.settings.signals import Signal
from evaluation.interval import Estimate
from evaluation.signals.lift import Compared

Verdict = Literal["works", "no_separable_lift", "lowers", "too_rare"]


UNKNOWN = Estimate(np.nan, np.nan, np.nan)


@dataclass(frozen=True)
class Fires:
    """How often a signal fired by the last cutoff among `customers` with an event: `ever_customers` of them,
    `times` in all; `share_shown` of the customer-cutoffs asked show it now."""

    customers: int
    ever_customers: int
    ever_share: float
    times: int
    customer_months: float
    times_per_1000_customer_months: float
    share_shown: float


@dataclass(frozen=True)
class Converts:
    """Customer-cutoffs and conversions: of everybody asked, and of those who show the signal (`customers`
    different ones); `compared` is what the comparable lift rests on."""

    asked: int
    asked_converted: int
    asked_rate: float
    shown: int
    shown_customers: int
    shown_converted: int
    shown_rate: float
    compared: Compared


@dataclass(frozen=True)
class Point:
    """The mean excess conversion of `n` customer-cutoffs at a mean age, with its 95 % interval."""

    age_days: float
    excess: float
    low: float
    high: float
    n: int


@dataclass(frozen=True)
class HalfLife:
    """The half-life of the excess conversion, `excess` at age 0, followed for `reach_days`; `days` is nan and
    `reason` says why where it cannot be told. `points` are what was measured."""

    days: Estimate
    excess: Estimate
    reach_days: int
    reason: str | None
    points: tuple[Point, ...]


@dataclass(frozen=True)
class SignalWorth:
    """One signal, measured; `lift` against everybody, `comparable_lift` against equally active customers."""

    signal: Signal
    fires: Fires
    converts: Converts
    lift: Estimate
    comparable_lift: Estimate
    half_life: HalfLife
    verdict: Verdict
    reason: str | None


@dataclass(frozen=True)
class Measured:
    """All signals of a book at `cutoffs` (ISO dates, ascending); `seed` is that of the intervals."""

    book: Book
    cutoffs: tuple[str, ...]
    horizon_days: int
    population: str
    signals: tuple[SignalWorth, ...]
    seed: int
