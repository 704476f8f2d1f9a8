"""A feature's value as a fact: what was seen of the customer, beside what is typical of the book."""

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from data.clock import DAY, local_date
from features.feature import Feature, Words
from features.nouns import noun_of
from features.roles import ROLE_WORDS
from serving.figures import percent, plain, said
from serving.numerals import Language, money_numerals
from serving.reasons.sentences import Pieces, pieces_of
from training.bundle import Bundle

NEARNESS = 0.1
"""(ours) A value this near to the typical one is called neither high nor low."""

AGE = "_age_days"
"""How the names of features end that say how long ago something was."""

STAGES = (
    Words("none yet", "尚无"),
    Words("inquiry", "询盘"),
    Words("quote request", "请求报价"),
    Words("sample", "样品"),
)
STAGED = "stage_since_last_order"
"""The feature whose numbers are these stages."""

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
    has no typical value.
    """

    name: str
    unit: str
    high: str
    low: str
    plain: str
    turn: float
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
            return self.plain + pieces.colon + (pieces.none_so_far + self.beside if self.usual else pieces.not_recorded)
        if self.unit == "pattern":
            return self._words(value)
        shown = self.figure(value)
        beside = pieces.like if shown == self.usual else self.beside
        if self.dated:
            shown = pieces.ago.format(days=shown, date=moment.before(value))
        return self._words(value) + pieces.colon + shown + beside

    def _words(self, value: float) -> str:
        """High, low, or plain where neither would be true."""
        if math.isnan(self.turn) or abs(value - self.turn) <= NEARNESS * max(abs(value), abs(self.turn)):
            return self.plain
        return self.high if value > self.turn else self.low


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
        turn=typical if feature.turn is None else feature.turn,
        typical=typical,
        usual=usual,
        beside=pieces.beside.format(typical=usual) if usual else "",
        figure=figure,
        dated=feature.name.endswith(AGE),
        pieces=pieces,
    )


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
    noun = noun_of(feature)
    written = _days if feature.name.endswith(AGE) else _rounded if feature.unit == "days" else plain
    return partial(_counted, written, said(noun.one, language), said(noun.many, language))


def _counted(written: Callable[[float], str], one: str, many: str, value: float) -> str:
    number = written(value)
    return number + (one if number == "1" else many)


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
