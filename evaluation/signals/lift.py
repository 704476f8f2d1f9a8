"""How much more often customers convert who show a signal: than everybody, and than others as active."""

from dataclasses import dataclass

import numpy as np

from evaluation.signals.cases import Cases, Flags, Floats, Ints
from evaluation.signals.sample import Sample, sums


@dataclass(frozen=True)
class Shown:
    """The customer-cutoffs `rows` at which a signal shows, with their stratum and whether they converted."""

    rows: Ints
    stratum: Ints
    converted: Flags

    @classmethod
    def of(cls, cases: Cases, now: Flags) -> "Shown":
        """Where `now` (r,) is true."""
        rows = np.flatnonzero(now)
        return cls(rows, cases.stratum[rows], cases.converted[rows])

    def counts(self, sample: Sample) -> tuple[Floats, Floats]:
        """Customer-cutoffs that show it, and those of them that converted, per stratum of a sample."""
        weights, strata = sample.weights[self.rows], len(sample.asked)
        return (
            sums(self.stratum, weights, strata),
            sums(self.stratum, weights * self.converted, strata),
        )


def lift(sample: Sample, shown: Shown) -> float:
    """P(convert | shows the signal) / P(convert | asked); nan where either is undefined or nobody converts."""
    count, converted = (float(part.sum()) for part in shown.counts(sample))
    asked, anyway = float(sample.asked.sum()), float(sample.converted.sum())
    return (converted / count) / (anyway / asked) if count and anyway else np.nan


def comparable_lift(sample: Sample, shown: Shown) -> float:
    """The Mantel-Haenszel ratio of P(convert) with the signal to P(convert) without it, within the strata.

    Σ a·n₀/N / Σ b·n₁/N over strata of N customer-cutoffs, n₁ with the signal of which a convert, n₀ without it
    of which b do. Greenland and Robins (1985), "Estimation of a common effect parameter from sparse follow-up
    data". nan where nobody comparable without the signal converts.
    """
    with_it, converted = shown.counts(sample)
    asked = np.maximum(sample.asked, 1)
    above = float((converted * (sample.asked - with_it) / asked).sum())
    below = float(((sample.converted - converted) * with_it / asked).sum())
    return above / below if below else np.nan


@dataclass(frozen=True)
class Compared:
    """Comparable customer-cutoffs: those `with_it`, their peers `without_it`, and conversions of these."""

    with_it: int
    without_it: int
    without_it_converted: int


def compared(sample: Sample, shown: Shown) -> Compared:
    """What the comparable lift rests on: the strata that hold customer-cutoffs both with and without it."""
    with_it, converted = shown.counts(sample)
    both = (with_it > 0) & (sample.asked > with_it)
    rest, rest_converted = sample.asked - with_it, sample.converted - converted
    return Compared(int(with_it[both].sum()), int(rest[both].sum()), int(rest_converted[both].sum()))
