"""What was found of the tiers of a book, in one piece."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from evaluation.interval import Estimate
from evaluation.overridden import Overridden
from evaluation.tiering.outcomes import Name
from evaluation.tiering.told import Reliability

Direction = Literal["up", "stayed", "down"]
DIRECTIONS: tuple[Direction, ...] = ("up", "stayed", "down")


@dataclass(frozen=True)
class Effect:
    """What the customers of a tier did in the horizon after their reviews: `cases` (a customer at a review) of so many
    different `customers`, the survey `answers` they gave, every figure with its interval, and their share of all
    money."""

    tier: str
    cases: int
    customers: int
    answers: int
    figures: Mapping[Name, Estimate]
    value_share: Estimate


@dataclass(frozen=True)
class Move:
    """Customers who moved up, moved down, or stayed between two reviews: the figures of the horizon before the later
    one and of the horizon after it, and the difference of the same customers."""

    direction: Direction
    cases: int
    customers: int
    answers_before: int
    answers_after: int
    before: Mapping[Name, Estimate]
    after: Mapping[Name, Estimate]
    difference: Mapping[Name, Estimate]


@dataclass(frozen=True)
class Snapshot:
    """One review: the customers of each tier, and their mean money in the horizon after, the highest tier first; who
    moved since the review before."""

    date: str
    customers: tuple[int, ...]
    value: tuple[float, ...]
    up: int
    down: int
    stayed: int


@dataclass(frozen=True)
class Tiering:
    """The tiers of a book by its own policy, review after review.

    `surveys` are the event types that are answers to surveys; `flows` (tiers + 1, tiers) from the first review to the
    last, the last row of customers new since; `missing_overrides` are of customers who are not in the store.
    """

    book: str
    currency: str
    policy: str
    horizon_days: int
    churn_days: int
    seed: int
    degraded: tuple[str, ...]
    surveys: tuple[str, ...]
    effects: tuple[Effect, ...]
    moves: tuple[Move, ...]
    reviews: tuple[Snapshot, ...]
    flows: tuple[tuple[int, ...], ...]
    reliability: Reliability | None
    overridden: tuple[Overridden, ...]
    missing_overrides: int
