"""Numbers as people read them; the same digits in English and in Chinese."""

from dataclasses import replace

import numpy as np

from features.feature import Words
from serving.numerals import Language, money_numerals, percent_numerals, point_numerals

__all__ = [
    "Language",
    "figure",
    "fine_percent",
    "money",
    "percent",
    "plain",
    "points",
    "said",
    "signed_money",
    "span",
    "without_word",
]

LEAST_SHOWN_SHARE = 0.001

FINE_DIGITS = 2
"""Of a percentage that others add up to, and of the percentage points that do."""

WHOLE_FROM = 100.0
"""From this amount on a range is told without cents: its ends are estimates."""

NAMED_UNITS: dict[str, tuple[Words, Words]] = {
    "orders": (Words(" order", " 单"), Words(" orders", " 单")),
    "days": (Words(" day", " 天"), Words(" days", " 天")),
}
"""The word after one and after many; the other units are read without a word."""


def said(words: Words, language: Language) -> str:
    """The words in the reader's language."""
    return words.zh if language == "zh" else words.en


def money(value: float, currency: str, language: Language = "en") -> str:
    """`USD 1,234.50`, `JPY 1,234`, `−USD 7.25`: the ISO code and the currency's own digits."""
    numerals = money_numerals(currency, language)
    return numerals.told(numerals.units(value))


def signed_money(value: float, currency: str, language: Language = "en") -> str:
    """`+USD 812.40`, `−USD 7.25`; what rounds to nothing has no sign."""
    numerals = money_numerals(currency, language)
    return numerals.signed(numerals.units(value))


def points(difference: float, language: Language = "en") -> str:
    """`+0.42 pp`, `−1.20 个百分点`: the difference of two probabilities, signed."""
    numerals = point_numerals(FINE_DIGITS, language)
    return numerals.signed(numerals.units(difference))


def fine_percent(share: float, language: Language = "en") -> str:
    """`1.02%`: as many digits as percentage points have that are added to it."""
    numerals = percent_numerals(FINE_DIGITS, language)
    return numerals.told(numerals.units(share))


def span(low: float, high: float, currency: str, language: Language = "en") -> tuple[str, str]:
    """Both ends of a range of money; cents only where both ends are small."""
    if max(abs(low), abs(high)) < WHOLE_FROM:
        return money(low, currency, language), money(high, currency, language)
    return _whole(low, currency, language), _whole(high, currency, language)


def _whole(value: float, currency: str, language: Language) -> str:
    return replace(money_numerals(currency, language), digits=0, scale=1).told(round(value))


def percent(share: float) -> str:
    """`35%`, `4.2%`, `<0.1%`, `>99.9%`: rounding claims no certainty."""
    if 0 < share < LEAST_SHOWN_SHARE:
        return "<0.1%"
    if 1 - LEAST_SHOWN_SHARE < share < 1:
        return ">99.9%"
    fine = 0 < abs(share) < 0.0995 or 0.9905 < share < 1
    return f"{100 * share:.1f}%" if fine else f"{100 * share:.0f}%"


def plain(value: float) -> str:
    """`7`, `3.2`, `0.45`, `1,234`: two or three meaningful digits, no trailing zeros."""
    digits = 0 if abs(value) >= 100 else 1 if abs(value) >= 1 else 2
    text = f"{value:,.{digits}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text in {"-0", ""} else text


def figure(value: float, unit: str, currency: str, language: Language) -> str:
    """A feature's value with its unit, in words; `value` is a number, never nan."""
    if unit == "money":
        return money(value, currency)
    if unit == "share":
        return percent(value)
    number = plain(float(np.rint(value)) if unit == "days" and abs(value) >= 10 else value)
    if unit not in NAMED_UNITS:
        return number
    one, many = NAMED_UNITS[unit]
    return number + said(one if number == "1" else many, language)


def without_word(figure: str, unit: str) -> str:
    """The figure without its unit's word, for a second number beside the first."""
    return figure.split(" ", maxsplit=1)[0] if unit in NAMED_UNITS else figure
