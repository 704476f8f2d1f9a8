"""Whether time is kept: when events became known, and whether features and labels stay on their side of a cutoff."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from data.clock import DAY, add_days
from data.events import PURCHASE, ROLES
from data.histories.histories import Histories
from features.build import build_features
from training.labels import TARGETS, label
from training.lesson import Lesson

MOST_CUSTOMERS = 2_000
ANYTHING = 10**8

Rule = Literal["windows_ended", "features_keep_to_the_past", "labels_keep_to_the_future"]


@dataclass(frozen=True)
class Known:
    """Of `events` of one role, how many became known more than a day, or 30 days, after they happened, and how many
    before they happened; `longest` is the longest delay in days."""

    role: str
    events: int
    late: int
    very_late: int
    early: int
    longest: float


@dataclass(frozen=True)
class Check:
    """Whether a rule of time holds, over so many `cases`; `broken` names what breaks it."""

    rule: Rule
    cases: int
    broken: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing breaks it."""
        return not self.broken


def known_when(histories: Histories) -> tuple[Known, ...]:
    """How late events became known, role by role."""
    return tuple(_known(histories, code) for code in np.unique(histories.role).tolist())


def _known(histories: Histories, code: int) -> Known:
    rows = histories.role == code
    delay = histories.known_time[rows] - histories.time[rows]
    return Known(
        role=ROLES[code],
        events=int(rows.sum()),
        late=int((delay > DAY).sum()),
        very_late=int((delay > 30 * DAY).sum()),
        early=int((delay < 0).sum()),
        longest=float(delay.max() / DAY),
    )


def checks(lesson: Lesson, histories: Histories, seed: int) -> Iterator[Check]:
    """The rules of time, tried at the snapshots and the training cutoff on some customers of all `histories`."""
    yield _windows_ended(lesson)
    some = np.sort(np.random.default_rng(seed).permutation(len(histories))[:MOST_CUSTOMERS])
    few = histories.select(some)
    moments = sorted({plan.cutoffs[place] for plan in lesson.plans.values() for place in (0, -1)} | {lesson.cutoff})
    yield _features_keep_to_the_past(lesson, few, moments)
    yield _labels_keep_to_the_future(lesson, few, moments)


def _windows_ended(lesson: Lesson) -> Check:
    ends = [
        (target, add_days(cutoff, plan.horizon_days, lesson.book.time_zone))
        for target, plan in lesson.plans.items()
        for cutoff in plan.cutoffs
    ]
    broken = dict.fromkeys(target for target, end in ends if end > lesson.cutoff)
    return Check("windows_ended", len(ends), tuple(broken))


def _features_keep_to_the_past(lesson: Lesson, histories: Histories, moments: list[int]) -> Check:
    """Whether features are the same, to the byte, when all that was not known yet is taken away."""
    changed: dict[str, None] = {}
    for moment in moments:
        (whole,) = build_features(histories, [moment], lesson.spec)
        (past,) = build_features(histories.known_by(moment), [moment], lesson.spec)
        differs = (whole.view(np.int64) != past.view(np.int64)).any(axis=0)
        changed |= dict.fromkeys(np.array(lesson.spec.names)[differs].tolist())
    return Check("features_keep_to_the_past", len(histories) * len(moments), tuple(changed))


def _labels_keep_to_the_future(lesson: Lesson, histories: Histories, moments: list[int]) -> Check:
    """Whether labels are the same when everything up to the cutoff is turned into large purchases."""
    changed: dict[str, None] = {}
    for moment in moments:
        past: NDArray[np.bool_] = histories.time <= moment
        other = replace(
            histories,
            role=np.where(past, PURCHASE, histories.role).astype(histories.role.dtype),
            amount=np.where(past, ANYTHING, histories.amount),
        )
        for target in TARGETS:
            days = lesson.plans[target].horizon_days
            true, turned = (label(given, moment, target, days, lesson.book) for given in (histories, other))
            if not np.array_equal(true, turned):
                changed[target] = None
    return Check("labels_keep_to_the_future", len(histories) * len(moments) * len(TARGETS), tuple(changed))
