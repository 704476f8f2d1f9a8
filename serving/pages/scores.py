"""One customer's scores, each with its interval, its course and its waterfall; and what else is known."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from data.histories.histories import Histories
from serving.course import Moment
from serving.engine import Engine
from serving.figures import Language, percent, said, span
from serving.pages.drawing.fall import Fall, fall
from serving.pages.drawing.spark import Spark, spark
from serving.pages.tone import chance, coin, coins, word
from serving.pages.words import COLUMNS
from serving.reasons.parts import Reasons
from serving.recommendation import Money, Recommendation
from serving.tiers.ladder import TIERS
from training.labels import TARGETS

MONTHS = 12
TRACK = 100.0


@dataclass(frozen=True, slots=True)
class Range:
    """Where the value and its intervals stand on a track of 100; texts tell the ends, the wider one where it adds
    anything."""

    low: float
    width: float
    low_80: float
    width_80: float
    value: float
    text_80: str
    text_90: str | None


@dataclass(frozen=True, slots=True)
class Score:
    """One of the three scores: printed, its horizon, other horizons, its course, and the waterfall of its reasons."""

    name: str
    shown: str
    days: int
    others: tuple[tuple[int, str], ...]
    spark: Spark | None
    first: str
    last: str
    range: Range | None
    reasons: Reasons | None
    fall: Fall | None


@dataclass(frozen=True, slots=True)
class Chance:
    """The chance of a tier at the next review."""

    tier: str
    share: float
    shown: str


def scores(answer: Recommendation, moments: Sequence[Moment], language: Language) -> list[Score]:
    """The three scores of a customer, whose last `moments` are the course."""
    return [_score(name, answer, moments, language) for name in TARGETS]


def chances(answer: Recommendation) -> list[Chance]:
    """The tiers of the next review, the highest first."""
    told = (answer.tier.probabilities if answer.tier else None) or {}
    return [Chance(tier, 100 * told[tier], percent(told[tier])) for tier in TIERS if told.get(tier, 0.0) >= 0.005]


def facts(engine: Engine, history: Histories, language: Language) -> Iterator[tuple[str, str]]:
    """What is known of the customer at the end of the records: column and value in words."""
    cutoff = engine.latest_cutoff
    for name, kind in engine.book.profile_kinds.items():
        value = history.profile[name].as_known(cutoff, cutoff)[0][0]
        if kind in ("category", "text"):
            text = engine.profile_words[name].get(int(value), "") if value else ""
        elif kind == "date":
            text = engine.local_day(int(value))
        else:
            text = "" if value != value else f"{value:,.10g}"  # noqa: PLR0124
        if text:
            yield said(COLUMNS[name], language) if name in COLUMNS else name.replace("_", " "), text


def _score(name: str, answer: Recommendation, moments: Sequence[Moment], language: Language) -> Score:
    told = getattr(answer, name)
    reasons = answer.reasons.get(name)
    values = [*(getattr(moment, name) for moment in moments), told.value]
    money = isinstance(told, Money)
    currency = answer.lifetime_value.currency

    def shown(value: float | None) -> str:
        return coins(value, currency, language) if money else chance(value)

    def rough(value: float | None) -> str:
        return coin(value, currency, language) if money and value is not None else chance(value)

    known = next((value for value in values if value is not None), None)
    return Score(
        name=name,
        shown=shown(told.value),
        days=told.horizon_days,
        others=tuple(
            (each.horizon_days, rough(each.value))
            for each in told.by_horizon
            if each.value is not None and each.horizon_days != told.horizon_days
        ),
        spark=spark(values),
        first=rough(known),
        last=rough(told.value),
        range=_range(told, language) if money else None,
        reasons=reasons,
        fall=_fall(reasons, told.value) if reasons else None,
    )


def _fall(reasons: Reasons, score: float | None) -> Fall | None:
    if score is None:
        return None
    return fall(reasons.base_value, [group.contribution for group in reasons.groups], score)


def _range(value: Money, language: Language) -> Range | None:
    if None in (value.low, value.high, value.low_80, value.high_80):
        return None
    low, high, low_80, high_80 = map(float, (value.low, value.high, value.low_80, value.high_80))  # type: ignore[arg-type]
    start, end = min(0.0, low, value.value), max(high, value.value) or 1.0
    scale = TRACK / (end - start or 1.0)
    text_80, text_90 = _ends(value, language)
    return Range(
        low=round((low - start) * scale, 2),
        width=round(max(0.6, (high - low) * scale), 2),
        low_80=round((low_80 - start) * scale, 2),
        width_80=round(max(0.6, (high_80 - low_80) * scale), 2),
        value=round((value.value - start) * scale, 2),
        text_80=text_80,
        text_90=text_90,
    )


def _ends(value: Money, language: Language) -> tuple[str, str | None]:
    """Both intervals in words; where most customers bring nothing, and few very much, that is said instead."""
    low, high, low_80, high_80 = map(float, (value.low, value.high, value.low_80, value.high_80))  # type: ignore[arg-type]
    seldom = word("seldom_more", language)
    if low <= 0 < high <= value.value:
        return seldom.format(tenths=9), None
    told_80, told_90 = span(low_80, high_80, value.currency, language), span(low, high, value.currency, language)
    text_90 = word("range_90", language).format(low=told_90[0], high=told_90[1])
    if low_80 <= 0 < high_80 <= value.value:
        return seldom.format(tenths=8), text_90
    return word("range_80", language).format(low=told_80[0], high=told_80[1]), text_90
