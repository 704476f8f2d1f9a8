"""The chances of the next review's tiers, and what came: reliability, and the skill over "everybody stays"."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from evaluation.interval import Estimate, estimate
from evaluation.reviews.draws import Draws, over
from evaluation.reviews.review import Review, Reviewed
from serving.tiers.ladder import TIERS
from training.metrics import expected_calibration_error

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Event = Literal["rises", "stays", "falls"]
EVENTS: tuple[Event, ...] = ("rises", "stays", "falls")


@dataclass(frozen=True)
class Told:
    """r customers at reviews: which `customer`, at which `place` by the policy alone, the `chances` of every tier at
    the next review (r, tiers), and the place that `came` then, by the plan of then and the policy alone."""

    customer: Ints
    place: Ints
    chances: Floats
    came: Ints

    def __len__(self) -> int:
        return len(self.customer)

    @classmethod
    def joined(cls, parts: list["Told"]) -> "Told":
        """All of them."""
        nothing = cls(np.empty(0, np.int64), np.empty(0, np.int64), np.empty((0, len(TIERS))), np.empty(0, np.int64))
        columns = zip(*((p.customer, p.place, p.chances, p.came) for p in [nothing, *parts]), strict=True)
        customer, place, chances, came = (np.concatenate(column) for column in columns)
        return cls(customer, place, chances, came)

    def chance(self, event: Event) -> Floats:
        """The probability told of an event, shape (r,)."""
        tiers = np.arange(len(TIERS))
        chosen = {"rises": tiers < self.place[:, None], "stays": tiers == self.place[:, None]}
        counted = chosen[event] if event in chosen else tiers > self.place[:, None]
        return np.asarray(np.clip((self.chances * counted).sum(axis=1), 0.0, 1.0))

    def happened(self, event: Event) -> Floats:
        """Whether it came, 1 or 0, shape (r,)."""
        difference = np.sign(self.came - self.place)
        return np.asarray(difference == EVENTS.index(event) - 1, dtype=np.float64)


@dataclass(frozen=True)
class Reliability:
    """Of `n` customers at reviews, `stayed` of whom had the same tier at the next one: the expected calibration error
    of each event and, over tiers, their mean (`tiers`); the Brier `skill` over "everybody stays", 1 for foresight, 0
    for no better, with its interval."""

    n: int
    stayed: float
    calibration: Mapping[str, float]
    skill: Estimate


def told(review: Review, now: Reviewed, following: Review, then: Reviewed, customers: int) -> Told | None:
    """What a plan tells of the customers of a review, and what came; None for a plan that tells no chances."""
    plan, columns = now.plan, review.found.columns
    if plan.chances is None:
        return None
    chances = np.array(plan.chances.shares)[plan.chances.cells(plan.rule, columns, now.alone)]
    came = np.zeros(customers, dtype=np.int64)
    came[following.rows] = then.alone
    return Told(review.rows, now.alone, chances, came[review.rows])


def reliability(found: Told, draws: Draws, customers: int) -> Reliability | None:
    """How reliable the chances were; None where nothing was told."""
    if not len(found):
        return None
    tiers = np.arange(len(TIERS))
    happened = (found.came[:, None] == tiers).astype(np.float64)
    every = [expected_calibration_error(happened[:, tier], found.chances[:, tier]) for tier in tiers]
    calibration = {"tiers": float(np.mean(every))}
    for event in EVENTS:
        calibration[event] = expected_calibration_error(found.happened(event), found.chance(event))
    return Reliability(
        n=len(found),
        stayed=float((found.came == found.place).mean()),
        calibration=calibration,
        skill=_skill(found, happened, draws, customers),
    )


def _skill(found: Told, happened: Floats, draws: Draws, customers: int) -> Estimate:
    """1 − Σ (p − y)² / Σ (stay − y)², over customers, reviews and tiers (Brier 1950)."""
    stays = (found.place[:, None] == np.arange(len(TIERS))).astype(np.float64)
    errors = [((said - happened) ** 2).sum(axis=1) for said in (found.chances, stays)]
    sums = draws.sums(np.stack([np.bincount(found.customer, error, customers) for error in errors]))
    return estimate(1.0 - over(sums[:, 0], sums[:, 1]))
