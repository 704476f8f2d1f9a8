"""Figures as the pages print them."""

from serving.figures import WHOLE_FROM, Language, money, percent, span
from serving.pages.words import WORDS

NOTHING = "–"


def chance(share: float | None) -> str:
    """A probability; a dash where there is none."""
    return NOTHING if share is None else percent(share)


def coin(value: float, currency: str, language: Language) -> str:
    """Money without cents where it is large or nothing: estimates claim no more."""
    return span(value, value or WHOLE_FROM, currency, language)[0]


def coins(value: float | None, currency: str, language: Language) -> str:
    """Money to the cent; a dash where there is none."""
    return NOTHING if value is None else money(value, currency, language)


def word(name: str, language: Language) -> str:
    """One of the pages' words."""
    words = WORDS[name]
    return words.zh if language == "zh" else words.en
