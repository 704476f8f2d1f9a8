"""Customers of whom little is known, and what is advised for them."""

from collections.abc import Mapping

import numpy as np

from features.catalog import NAMES
from serving.figures import Language
from serving.playbook.advise import Advice, adviser_of
from serving.playbook.case import Case
from serving.playbook.contacts import Contacts
from serving.playbook.declared import Playbook
from serving.reasons.parts import Reason, ReasonGroup, Reasons

TODAY = 20_000


def contacts(*ages: int, unanswered: int = 0, met: int | None = None) -> Contacts:
    """Touches so many days ago, the oldest first, and the last meeting."""
    last = min((*ages, *(() if met is None else (met,))), default=None)
    return Contacts(TODAY, tuple(TODAY - age for age in ages), unanswered, None if last is None else TODAY - last)


def case(
    tier: str,
    *,
    churn: float | None = 0.1,
    value: float = 1000.0,
    customer_class: str | None = None,
    seen: Mapping[str, float] | None = None,
    reasons: Mapping[str, Reasons] | None = None,
    touched: Contacts | None = None,
) -> Case:
    """A customer of whom nothing is known but this."""
    features = np.full(len(NAMES), np.nan)
    for name, known in (seen or {}).items():
        features[NAMES.index(name)] = known
    return Case(
        tier=tier,
        customer_class=customer_class,
        value=value,
        conversion=0.2,
        churn=churn,
        horizon_days=91,
        features=features.tolist(),
        reasons=reasons or {},
        contacts=touched or contacts(),
    )


def advise(playbook: Playbook, one: Case, language: Language = "en") -> Advice:
    return adviser_of(playbook, NAMES, "EUR", language).advise(one)


def reasons(**contributions: float) -> Reasons:
    """Groups of a score that contribute so much, by falling size, each with one fact."""
    groups = [_group(*item) for item in sorted(contributions.items(), key=lambda item: -abs(item[1]))]
    return Reasons(0.0, "", "", "EUR", "", tuple(groups))


def names(advice: Advice) -> list[str]:
    return [action.name for action in advice.actions]


def _group(name: str, part: float) -> ReasonGroup:
    reason = Reason("f", 1.0, 1.0, "count", part, "", f"{name} seen", "")
    return ReasonGroup(name, name, part, f"{part:+.2f}", "", (reason,), 0.0, "")
