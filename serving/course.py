"""The course of a customer's scores: what the current model says at the ends of the last months."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from data.clock import end_of_day, isoformat, local_date
from data.histories.histories import Histories
from features.build import build_features
from serving.plan import Plan
from serving.tiers.assign import tiers_alone
from training.bundle import Bundle
from training.labels import population


@dataclass(frozen=True, slots=True)
class Moment:
    """The scores at a month's end (local ISO time): money and two probabilities, and what the plan alone makes of them.

    All are null where nothing was on record by then; each is null where a recommendation has none.
    """

    cutoff: str
    lifetime_value: float | None
    conversion: float | None
    churn: float | None
    tier: str | None

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def course(
    histories: Histories, cutoff: int, bundle: Bundle, plan: Plan | None, months: int = 12
) -> list[tuple[Moment, ...]]:
    """The moments of every customer of `histories`, in their order: the ends of the last `months` months that lie at
    or before `cutoff` (µs UTC), the earliest first.

    Pure. One pass of features and one of the models for all moments and customers. The current model looks back, so
    that the moments are comparable with one another; at those before its training it had learnt what came later.
    """
    count, zone = len(histories), bundle.spec.time_zone
    ends = month_ends(cutoff, months, zone)
    if not count:
        return []
    features = build_features(histories, ends, bundle.spec).reshape(len(ends) * count, -1)
    known = np.concatenate([population(histories, end, "everyone") for end in ends]).tolist()
    scores = bundle.predict(features)
    tiers: Sequence[str | None] = tiers_alone(plan, scores, features, bundle) if plan else [None] * len(features)
    values = zip(scores.lifetime_value.tolist(), scores.conversion.tolist(), scores.churn.tolist(), strict=True)
    told = [
        (*map(_or_null, three), tier) if seen else (None,) * 4
        for three, tier, seen in zip(values, tiers, known, strict=True)
    ]
    days = [isoformat(end, zone) for end in ends]
    return [
        tuple(Moment(day, *told[place * count + row]) for place, day in enumerate(days))  # type: ignore[arg-type]
        for row in range(count)
    ]


def month_ends(cutoff: int, months: int, time_zone: str) -> list[int]:
    """The last instants (µs UTC) of the last local months that were over at `cutoff`, ascending."""
    day = local_date(cutoff, time_zone)
    first = day.replace(day=1)
    last = first - timedelta(days=1)
    tomorrow = day + timedelta(days=1)
    if tomorrow.day == 1 and end_of_day(day, time_zone) <= cutoff:
        last = day
    ends = []
    for _ in range(months):
        ends.append(end_of_day(last, time_zone))
        last = last.replace(day=1) - timedelta(days=1)
    return ends[::-1]


def _or_null(value: float) -> float | None:
    return None if math.isnan(value) else value
