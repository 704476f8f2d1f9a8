"""What each signal of a book is worth, in figures with their intervals and in a verdict."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from data.clock import local_date
from data.histories.histories import Histories
from data.settings.book import Book
from data.settings.signals import Signal
from evaluation.comparison import DRAWS
from evaluation.errors import EvaluationError
from evaluation.interval import Estimate, interval
from evaluation.signals.cases import Cases, Firing, Floats, cases_of
from evaluation.signals.fading import Wake, fade, half_lives, reach_of
from evaluation.signals.figures import (
    UNKNOWN,
    Converts,
    Fires,
    HalfLife,
    Measured,
    Point,
    SignalWorth,
    Verdict,
)
from evaluation.signals.lift import Compared, Shown, comparable_lift, compared, lift
from evaluation.signals.sample import Sample, samples
from training.labels import audience

LEAST_CUSTOMERS = 30
LEAST_CONVERSIONS = 5
LEAST_LIFT = 1.1  # (ours) bands of activity leave some of it inside, which makes a few percent by itself
POINTS = 8


def require_signals(book: Book) -> None:
    """Raises EvaluationError for a book without any signal."""
    if not book.all_signals:
        raise EvaluationError(
            f'book {book.name} watches for no signal: add a line such as signal_set = "trade" to {book.file}, '
            f"or rows of its own under [[signals]]"
        )


def measure(
    book: Book, histories: Histories, cutoffs: Sequence[int], seed: int, advance: Callable[[str], None]
) -> Measured:
    """Measures every signal of the book at `cutoffs` (µs UTC, ascending), pooled; `advance` is told each step.

    Conversion is the book's own, within its main horizon. The same histories and seed give the same figures.
    """
    days = book.targets.conversion.main
    cases = cases_of(book, histories, cutoffs, days, advance)
    advance(f"drawing customers {DRAWS} times")
    return Measured(
        book=book,
        cutoffs=tuple(local_date(cutoff, book.time_zone).isoformat() for cutoff in cutoffs),
        horizon_days=days,
        population=audience(book, "conversion"),
        signals=worths(book.all_signals, cases, seed),
        seed=seed,
    )


def worths(signals: Sequence[Signal], cases: Cases, seed: int, draws: int = DRAWS) -> tuple[SignalWorth, ...]:
    """What each signal is worth on these cases, which hold them in the same order."""
    traces = [_Trace.of(cases, place, signal) for place, signal in enumerate(signals)]
    for sample in samples(cases, seed, draws):
        for trace in traces:
            trace.follow(sample)
    return tuple(trace.worth(cases) for trace in traces)


@dataclass(frozen=True)
class _Trace:
    """A signal on its way through the samples: what it measures on each, the true one first."""

    signal: Signal
    place: int
    shown: Shown
    wake: Wake
    lifts: list[tuple[float, float]]
    excesses: list[tuple[Floats, Floats]]
    compared: list[Compared]

    @classmethod
    def of(cls, cases: Cases, place: int, signal: Signal) -> "_Trace":
        wake = Wake.of(cases, cases.age[place], reach_of(signal.days))
        return cls(signal, place, Shown.of(cases, cases.now[place]), wake, [], [], [])

    def follow(self, sample: Sample) -> None:
        if not self.compared:
            self.compared.append(compared(sample, self.shown))
        self.lifts.append((lift(sample, self.shown), comparable_lift(sample, self.shown)))
        self.excesses.append(self.wake.excess(sample))

    def worth(self, cases: Cases) -> SignalWorth:
        converts = _converts(cases, self.shown, self.compared[0])
        reason = _too_rare(converts)
        plain, comparable = (Estimate(*interval(np.array(column))) for column in zip(*self.lifts, strict=True))
        if reason:
            plain, comparable = _point(plain), UNKNOWN
        verdict = "too_rare" if reason else _verdict(comparable)
        return SignalWorth(
            signal=self.signal,
            fires=_fires(cases.firing, self.place, converts),
            converts=converts,
            lift=plain,
            comparable_lift=comparable,
            half_life=self._half_life(verdict),
            verdict=verdict,
            reason=reason,
        )

    def _half_life(self, verdict: Verdict) -> HalfLife:
        excess, count = (np.array(part) for part in zip(*self.excesses, strict=True))
        reach = self.wake.reach
        if verdict == "too_rare":
            return HalfLife(UNKNOWN, UNKNOWN, reach, "too few cases", ())
        points = _points(excess, count)
        if verdict == "no_separable_lift":
            return HalfLife(UNKNOWN, UNKNOWN, reach, "no separable lift, so nothing that could fade", points)
        start, days = (Estimate(*interval(column)) for column in fade(excess, count))
        reason = _no_half_life(start, days, reach)
        return HalfLife(UNKNOWN if reason else days, UNKNOWN if reason else start, reach, reason, points)


def _fires(firing: Firing, place: int, converts: Converts) -> Fires:
    ever, times = int(firing.ever[place]), int(firing.times[place])
    return Fires(
        customers=firing.customers,
        ever_customers=ever,
        ever_share=_ratio(ever, firing.customers),
        times=times,
        customer_months=firing.months,
        times_per_1000_customer_months=1000 * _ratio(times, firing.months),
        share_shown=_ratio(converts.shown, converts.asked),
    )


def _converts(cases: Cases, shown: Shown, compared: Compared) -> Converts:
    asked, asked_converted = len(cases.customer), int(cases.converted.sum())
    count, converted = len(shown.rows), int(shown.converted.sum())
    return Converts(
        asked=asked,
        asked_converted=asked_converted,
        asked_rate=_ratio(asked_converted, asked),
        shown=count,
        shown_customers=len(np.unique(cases.customer[shown.rows])),
        shown_converted=converted,
        shown_rate=_ratio(converted, count),
        compared=compared,
    )


def _too_rare(converts: Converts) -> str | None:
    """Why no interval would be honest, or None."""
    expected = converts.shown * converts.asked_rate if converts.shown else 0.0
    if not converts.shown:
        return "nobody showed it at a measured cutoff"
    if converts.shown_customers < LEAST_CUSTOMERS:
        return f"{converts.shown_customers} different customers showed it; at least {LEAST_CUSTOMERS} are needed"
    if not converts.shown_converted:
        return f"none of {converts.shown:,} cases that showed it converted, which leaves no interval to draw"
    if max(converts.shown_converted, expected) < LEAST_CONVERSIONS:
        return f"{converts.shown_converted} cases that showed it converted; at least {LEAST_CONVERSIONS} are needed"
    return _no_peers(converts.compared)


def _no_peers(compared: Compared) -> str | None:
    """Why too few equally active customers stand on the other side, or None."""
    if min(compared.with_it, compared.without_it) < LEAST_CUSTOMERS:
        return (
            f"{compared.with_it:,} cases that showed it and {compared.without_it:,} that did not were equally active; "
            f"at least {LEAST_CUSTOMERS} of each are needed"
        )
    if compared.without_it_converted < LEAST_CONVERSIONS:
        return (
            f"{compared.without_it_converted} equally active cases without it converted; "
            f"at least {LEAST_CONVERSIONS} are needed"
        )
    return None


def _point(estimate: Estimate) -> Estimate:
    return Estimate(estimate.value, np.nan, np.nan)


def _verdict(comparable: Estimate) -> Verdict:
    if comparable.low > 1.0 and comparable.value >= LEAST_LIFT:
        return "works"
    lowers = comparable.high < 1.0 and comparable.value <= 1 / LEAST_LIFT
    return "lowers" if lowers else "no_separable_lift"


def _no_half_life(start: Estimate, days: Estimate, reach: int) -> str | None:
    """Why no half-life can be told, or None."""
    shortest, longest = half_lives(reach)[[0, -1]]
    if not start.low > 0.0 and not start.high < 0.0:
        return "the excess right after it is not separable from none"
    if days.high >= longest:
        return f"no end of the fading in sight within {reach} days"
    if days.low <= shortest:
        return "it may be gone within a day, too fast to be timed"
    return None


def _points(excess: Floats, count: Floats) -> tuple[Point, ...]:
    """Up to eight groups of days with about as many customer-cutoffs each."""
    ages = np.arange(len(count[0])) + 0.5
    total = float(count[0].sum())
    groups = np.minimum(np.floor(POINTS * (np.cumsum(count[0]) - count[0] / 2) / max(total, 1.0)), POINTS - 1)
    found = []
    for group in np.unique(groups):
        inside = groups == group
        n = count[:, inside].sum(axis=1)
        if n[0] >= LEAST_CUSTOMERS:
            beyond = np.divide(excess[:, inside].sum(axis=1), n, out=np.full(len(n), np.nan), where=n > 0)
            age = float(np.average(ages[inside], weights=count[0, inside]))
            found.append(Point(age, *interval(beyond), int(n[0])))
    return tuple(found)


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else np.nan
