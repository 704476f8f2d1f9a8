"""A feature's value as a fact: what was seen of the customer, beside what is typical of the book."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from data.clock import DAY, local_date
from features.feature import Feature, Words
from features.missing import AGE, missing
from features.nouns import DAYS, noun_of
from features.roles import ROLE_WORDS
from serving.figures import percent, plain, said
from serving.numerals import Language, money_numerals
from serving.reasons.sentences import Pieces, pieces_of
from training.bundle import Bundle

NEARNESS = 0.1
"""(ours) A value this near to the typical one is called neither high nor low."""

STAGES = (
    Words("none", "无"),
    Words("inquiry", "询盘"),
    Words("quote request", "请求报价"),
    Words("sample", "样品"),
)
STAGED = "stage_since_last_order"
"""The feature whose numbers are these stages."""

LATE = ("mean_days_late", "last_days_late", "worst_days_late_365d")
"""The features that are told as so many days late or early; less than a day is called neither."""

PUNCTUAL = Words("on the due date", "按期")
TOO_LATE = Words("{days} late", "逾期 {days}")
EARLY = Words("{days} early", "提前 {days}")

LAST_CLAUSE = re.compile("（[^（）]*）$")


@dataclass(frozen=True)
class Moment:
    """The cutoff (µs UTC) and where its days are counted."""

    cutoff: int
    time_zone: str

    def before(self, days: float) -> str:
        """The day so long before the cutoff."""
        return local_date(self.cutoff - round(days * DAY), self.time_zone).isoformat()


@dataclass(frozen=True, slots=True)
class Teller:
    """Puts the value of one feature into words, in one language; whatever can be is looked up once.

    `turn` is where `high` turns into `low`, nan where the words are always `plain`; `typical` nan where the book
    has no typical value. `zero` stands for all that prints as `nothing`, "" where nought has no words of its own;
    `missing` for a value that cannot be told.
    """

    name: str
    unit: str
    high: str
    low: str
    plain: str
    zero: str
    nothing: str
    missing: str
    turn: float
    near: float
    typical: float
    usual: str
    beside: str
    figure: Callable[[float], str]
    dated: bool
    pieces: Pieces

    @property
    def typical_told(self) -> float | None:
        """The typical value as data."""
        return None if math.isnan(self.typical) else self.typical

    def told(self, value: float) -> float | str | None:
        """The customer's value as data: the name of a level, null where there is none."""
        if math.isnan(value):
            return None
        return self.figure(value) if self.unit == "category" else value

    def fact(self, value: float, moment: Moment) -> str:
        """The fact, without a full stop; `value` is nan where the customer has none."""
        pieces = self.pieces
        if math.isnan(value):
            return self.plain + pieces.colon + self.missing + self.beside
        if self.unit == "pattern":
            return self._words(value)
        shown = self.figure(value)
        usual = shown == self.usual
        beside = pieces.like if usual else self.beside
        if self.zero and shown == self.nothing:
            return self.zero + beside
        words = self.plain if usual else self._words(value)
        return words + pieces.colon + (self._when(value, shown, moment) if self.dated else shown) + beside

    def _words(self, value: float) -> str:
        """High, low, or plain where neither would be true."""
        near = max(self.near, NEARNESS * max(abs(value), abs(self.turn)))
        if math.isnan(self.turn) or abs(value - self.turn) <= near:
            return self.plain
        return self.high if value > self.turn else self.low

    def _when(self, value: float, days: str, moment: Moment) -> str:
        """The day, and how far away it is."""
        days_away = math.floor(value)
        form = self.pieces.ago if days_away > 0 else self.pieces.ahead if days_away < 0 else self.pieces.today
        return form.format(days=days.removeprefix("-"), date=moment.before(value))


def teller_of(bundle: Bundle, column: int, language: Language, level_names: Mapping[int, str]) -> Teller:
    """The teller of a column of a bundle's features; `level_names` are the texts behind the hashes of levels."""
    feature = bundle.spec.feature(bundle.spec.names[column])
    typical = math.nan if feature.unit == "category" else float(bundle.typical[column])
    figure = _figure_of(feature, bundle, language, level_names)
    usual = "" if math.isnan(typical) or feature.unit == "pattern" else figure(typical)
    pieces = pieces_of(language)
    return Teller(
        name=feature.name,
        unit=feature.unit,
        high=said(feature.high, language),
        low=said(feature.low, language),
        plain=said(_plainly(feature), language),
        zero="" if feature.zero is None else said(feature.zero, language),
        nothing="" if feature.zero is None else figure(0.0),
        missing=said(missing(feature), language),
        turn=typical if feature.turn is None else feature.turn,
        near=1.0 if feature.name in LATE else 0.0,
        typical=typical,
        usual=usual,
        beside=pieces.beside.format(typical=usual) if usual else "",
        figure=figure,
        dated=_is_dated(feature),
        pieces=pieces,
    )


def _is_dated(feature: Feature) -> bool:
    """Whether the value says how long ago a day was."""
    return feature.name.endswith(AGE) or (feature.family, feature.unit) == ("profile", "days")


def _plainly(feature: Feature) -> Words:
    """The meaning without its last clause, which says how the value is counted or when there is one; of an age,
    what it is the age of."""
    meaning, _, clause = feature.meaning.en.partition(";")
    words = Words(meaning, LAST_CLAUSE.sub("", feature.meaning.zh)) if clause else feature.meaning
    if not feature.name.endswith(AGE):
        return words
    en = words.en.removeprefix("Days since ")
    return Words(en[:1].upper() + en[1:], words.zh.removeprefix("距").removesuffix("的天数"))


def _figure_of(
    feature: Feature, bundle: Bundle, language: Language, level_names: Mapping[int, str]
) -> Callable[[float], str]:
    """How values of the feature are written, with their unit."""
    if feature.unit == "category":
        return partial(_level, _names_of(feature, bundle, language, level_names))
    if feature.name == STAGED:
        return partial(_level, dict(enumerate(said(stage, language) for stage in STAGES)))
    if feature.unit == "money":
        numerals = money_numerals(bundle.currency, language)
        return lambda value: numerals.told(numerals.units(value))
    if feature.unit == "share":
        return percent
    if feature.name in LATE:
        return partial(_late, language)
    noun = noun_of(feature)
    written = _days if _is_dated(feature) else _rounded if feature.unit == "days" else plain
    return partial(_counted, written, said(noun.one, language), said(noun.many, language))


def _counted(written: Callable[[float], str], one: str, many: str, value: float) -> str:
    number = written(value)
    return number + (one if number == "1" else many)


def _late(language: Language, value: float) -> str:
    """How far a payment was from the day it was due."""
    days = _counted(_rounded, said(DAYS.one, language), said(DAYS.many, language), abs(value))
    return said(PUNCTUAL if value == 0 else TOO_LATE if value > 0 else EARLY, language).format(days=days)


def _days(value: float) -> str:
    """Whole days that have passed."""
    return f"{math.floor(value):,}"


def _rounded(value: float) -> str:
    return plain(float(round(value)) if abs(value) >= 10 else value)


def _level(names: Mapping[int, str], code: float) -> str:
    return names.get(int(code), f"#{code:.0f}")


def _names_of(
    feature: Feature, bundle: Bundle, language: Language, level_names: Mapping[int, str]
) -> Mapping[int, str]:
    levels = bundle.spec.levels(feature.name)
    if levels is None:
        return {code: said(words, language) for code, words in enumerate(ROLE_WORDS)}
    return {code: level_names[level] for code, level in enumerate(levels) if level in level_names}
