"""Whether a task is called for, and why."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from data.settings.signals import Wording
from features.feature import Words
from features.spec import FEATURES
from serving.figures import Language, figure, percent, said
from serving.playbook.case import Case
from serving.playbook.conditions import Cause, FactCause, GroupCause, Range
from serving.playbook.texts import ASKED, fields_of
from serving.reasons.parts import ReasonGroup
from serving.reasons.sentences import SCORES

STRONGEST = 2
"""(ours) How many groups of a direction count as the strongest reasons of a score."""

LEAST_SHARE = 0.05
"""(ours) A group that moves a score by less than this share of it calls for nothing."""

LIKELY_TO_LEAVE = Words(
    "{chance} likely to buy nothing in the next {days} days",
    "未来 {days} 天内不再购买的概率为 {chance}",
)
MOVES = Words("{fact}; {shown} on {name}", "{fact}；{name} {shown}")


class Called(NamedTuple):
    """Why a task is called for, and the money that the reason moves (None for a fact)."""

    because: str
    moved: float | None


@dataclass(frozen=True, slots=True)
class Text:
    """Words in one language with figures of a customer in them; `columns` are where those features stand."""

    template: str
    columns: Mapping[str, int]
    language: Language
    currency: str

    @classmethod
    def of(cls, words: Wording, columns: Mapping[str, int], currency: str, language: Language) -> "Text":
        template = words.zh if language == "zh" else words.en
        named = {name: columns.get(name, -1) for name in fields_of(template) if name not in ASKED}
        return cls(template, named, language, currency)

    def can_be_told(self, features: Sequence[float]) -> bool:
        """Whether every feature that the words name has a value."""
        return all(column >= 0 and not math.isnan(features[column]) for column in self.columns.values())

    def told(self, case: Case) -> str:
        """The words about a customer, of whom they can be told."""
        if "{" not in self.template:
            return self.template
        values = {
            name: _figure(name, case.features[column], self.currency, self.language)
            for name, column in self.columns.items()
        }
        chance = "" if case.churn is None else percent(case.churn)
        return self.template.format(**values, chance=chance, days=case.horizon_days)


class Bounds(NamedTuple):
    """A feature's column and the ends between which its value has to lie; an unknown value lies nowhere."""

    column: int
    low: float
    high: float


def bounds_of(wanted: Range, columns: Mapping[str, int]) -> Bounds:
    """The bounds of a range; a feature that the spec lacks lies nowhere."""
    if wanted.feature not in columns:
        return Bounds(0, math.inf, -math.inf)
    low = -math.inf if wanted.at_least is None else wanted.at_least
    high = math.inf if wanted.at_most is None else wanted.at_most
    return Bounds(columns[wanted.feature], low, high)


Calling = Callable[[Case], Called | None]


def calling(
    cause: Cause, columns: Mapping[str, int], urgent: float | None, currency: str, language: Language
) -> Calling:
    """Tells of a customer whether the cause holds; `urgent` is the churn of the tier from which on there is a risk."""
    if isinstance(cause, FactCause):
        (column, low, high), text = bounds_of(cause, columns), Text.of(cause.words, columns, currency, language)
        return lambda case: (
            Called(text.told(case), None)
            if low <= case.features[column] <= high and text.can_be_told(case.features)
            else None
        )
    if isinstance(cause, GroupCause):
        return lambda case: _by_group(case, cause, language)
    return lambda case: _by_churn(case, urgent, language)


def _by_churn(case: Case, urgent: float | None, language: Language) -> Called | None:
    if case.churn is None or urgent is None or case.churn < urgent:
        return None
    told = said(LIKELY_TO_LEAVE, language).format(chance=percent(case.churn), days=case.horizon_days)
    return Called(told, case.churn * case.value)


def _by_group(case: Case, cause: GroupCause, language: Language) -> Called | None:
    """The group if it is one of the strongest of its direction: the reason itself, and the money that it moves."""
    reasons, score = case.reasons.get(cause.score), case.score(cause.score)
    if reasons is None or score is None:
        return None
    sign = 1.0 if cause.direction == "raises" else -1.0
    alike = [group for group in reasons.groups if group.contribution * sign > 0][:STRONGEST]
    group = next((group for group in alike if group.group == cause.group), None)
    if group is None or abs(group.contribution) < LEAST_SHARE * abs(score):
        return None
    money = abs(group.contribution) * (1.0 if cause.score == "lifetime_value" else max(0.0, case.value))
    return Called(_moves(group, cause.score, language), money)


def _moves(group: ReasonGroup, score: str, language: Language) -> str:
    return said(MOVES, language).format(fact=_fact(group), shown=group.shown, name=said(SCORES[score], language))


def _fact(group: ReasonGroup) -> str:
    """The strongest thing seen that goes the way of its group."""
    agreeing = (reason.fact for reason in group.features if reason.contribution * group.contribution > 0)
    fact = next(agreeing, group.title)
    return fact[0].lower() + fact[1:]


def _figure(name: str, value: float, currency: str, language: Language) -> str:
    """A feature as people speak of it; an age in whole days, the first one from the start."""
    whole = max(1.0, round(value)) if name.endswith("_age_days") else value
    return figure(whole, FEATURES[name].unit, currency, language)
