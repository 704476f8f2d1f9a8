"""What is measured of policies."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.settings.book import Book
from evaluation.interval import interval
from serving.tiers.services import Effect

Floats = NDArray[np.float64]
Span = Literal["pooled", "judged", "care"]
Verdict = Literal["better", "worse", "no separable difference"]

TOPS = (5, 20)
EFFECTS: tuple[Effect, ...] = ("low", "mid", "high")


@dataclass(frozen=True)
class Figure:
    """One measure of one policy with its 95 % bootstrap interval, over all cutoffs (`pooled`), the judged one, or the
    quarters of `care`."""

    span: Span
    measure: str
    policy: str
    value: float
    low: float
    high: float

    @classmethod
    def of(cls, span: Span, measure: str, policy: str, column: Floats) -> "Figure":
        """That of a column (1 + draws,) whose first entry is the value."""
        return cls(span, measure, policy, *interval(column))


@dataclass(frozen=True)
class Difference:
    """`ours` less `other` with its 95 % paired bootstrap interval; more is better."""

    span: Span
    measure: str
    ours: str
    other: str
    value: float
    low: float
    high: float

    @classmethod
    def of(cls, span: Span, measure: str, ours: str, other: str, column: Floats) -> "Difference":
        """That of a column (1 + draws,) whose first entry is the value."""
        return cls(span, measure, ours, other, *interval(column))

    @property
    def verdict(self) -> Verdict | None:
        """What the interval says of ours; None where undefined."""
        if np.isnan(self.low):
            return None
        if self.low <= 0.0 <= self.high:
            return "no separable difference"
        return "better" if self.low > 0.0 else "worse"


@dataclass(frozen=True)
class Replayed:
    """A cutoff (ISO date) and how many customers were on record then."""

    cutoff: str
    customers: int


@dataclass(frozen=True)
class Care:
    """Who should get care, on simulated customers of whom the truth is known, at the ends of `quarters`.

    Measures by top percent: `gain` the expected profit of care for the chosen, `regret` what it lacks of the best
    choice as a share of that, `ratio` that regret over the one of total past spend, `realised` the profit per chosen
    customer as the lots told it, `expected` what was to be expected of those customers; `best` is the best choice's
    gain, by top percent.
    """

    quarters: tuple[Replayed, ...]
    customers: int
    taught: int
    best: dict[str, float]
    figures: tuple[Figure, ...]


@dataclass(frozen=True)
class Proof:
    """Every policy at every cutoff, the judged one first; money in the book's currency.

    Measures: `captured_5` and `captured_20`, shares of the money of the horizon; `profit_low`, `profit_mid` and
    `profit_high` by the assumed effects. `seats` are the customers of each tier but the floor, at the judged cutoff.
    """

    book: Book
    replayed: tuple[Replayed, ...]
    horizon_days: int
    margin: float
    seats: tuple[int, ...]
    figures: tuple[Figure, ...]
    differences: tuple[Difference, ...]
    care: Care | None
    seed: int

    @property
    def spans(self) -> tuple[Span, ...]:
        """What is told: all cutoffs together where there are several, and the judged one."""
        return ("pooled", "judged") if len(self.replayed) > 1 else ("judged",)

    def of(self, span: Span, measure: str) -> dict[str, Figure]:
        """The figures of a measure, by policy."""
        return {row.policy: row for row in self.figures if (row.span, row.measure) == (span, measure)}

    def between(self, span: Span, measure: str, ours: str) -> Iterator[Difference]:
        """The differences of one of ours in a measure."""
        yield from (row for row in self.differences if (row.span, row.measure, row.ours) == (span, measure, ours))
