"""What numbers look like in a language, taken once from Babel (the Unicode CLDR) and written fast.

Babel's own formatting takes 20 to 40 µs a number, and one recommendation prints a hundred.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Literal

from babel import Locale
from babel.numbers import get_currency_precision, parse_pattern

Language = Literal["en", "zh"]

LOCALES: dict[Language, str] = {"en": "en", "zh": "zh_CN"}

MINUS = "−"
"""As wide as the plus, so that signed columns line up, and no place to break a line."""

EXACT = 2**50
"""Fewer units are written exactly as a float."""

CODE_FIRST = "¤¤ #,##0.00"
"""The ISO code, not the symbol: `$` and `¥` are several currencies each, and differ between the languages."""


@dataclass(frozen=True, slots=True)
class Numerals:
    """How whole units (cents, hundredths of a percentage point) are written: `scale` of them make one.

    Where the symbols `is_plain`, those of Python, it writes them itself.
    """

    prefix: str
    suffix: str
    digits: int
    scale: int
    group: str
    point: str
    is_plain: bool
    one: int = field(init=False)
    form: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "one", 10**self.digits)
        object.__setattr__(self, "form", f",.{self.digits}f")

    def units(self, value: float) -> int:
        """The nearest number of whole units."""
        return round(value * self.scale)

    def size(self, units: int) -> str:
        """Without a sign: `USD 1,234.50`."""
        return self.prefix + self.number(units) + self.suffix

    def number(self, units: int) -> str:
        """The digits alone: `1,234.50`."""
        if self.is_plain and -EXACT < units < EXACT:
            return format(abs(units) / self.one, self.form)
        text = str(abs(units)).zfill(self.digits + 1)
        if not self.digits:
            return self._grouped(text)
        return self._grouped(text[: -self.digits]) + self.point + text[-self.digits :]

    def told(self, units: int) -> str:
        """With a minus where it is one: `−USD 1,234.50`."""
        return MINUS + self.size(units) if units < 0 else self.size(units)

    def signed(self, units: int) -> str:
        """With its sign, either of them: `+USD 1,234.50`; nothing has none."""
        return "+" + self.size(units) if units > 0 else self.told(units)

    def _grouped(self, whole: str) -> str:
        return whole if len(whole) < 4 else f"{int(whole):,}".replace(",", self.group)


@cache
def money_numerals(currency: str, language: Language) -> Numerals:
    """Those of a currency (ISO 4217), with as many digits as it has: none for JPY, three for KWD."""
    digits = get_currency_precision(currency)
    prefix, suffix = parse_pattern(CODE_FIRST).prefix[0], parse_pattern(CODE_FIRST).suffix[0]
    return _numerals(prefix.replace("¤¤", currency), suffix, digits, 10**digits, language)


@cache
def percent_numerals(digits: int, language: Language) -> Numerals:
    """A share as a percentage; 0.5 is 50 of them."""
    pattern = Locale.parse(LOCALES[language]).percent_formats[None]
    sign = _symbols(language)["percentSign"]
    return _numerals(
        pattern.prefix[0].replace("%", sign), pattern.suffix[0].replace("%", sign), digits, 10 ** (digits + 2), language
    )


@cache
def point_numerals(digits: int, language: Language, *, spelled: bool = False) -> Numerals:
    """A difference of two shares in percentage points, which CLDR has no word for; short, or spelled out."""
    word = " 个百分点" if language == "zh" else " percentage points" if spelled else " pp"
    return _numerals("", word, digits, 10 ** (digits + 2), language)


def _numerals(prefix: str, suffix: str, digits: int, scale: int, language: Language) -> Numerals:
    symbols = _symbols(language)
    group, point = symbols["group"], symbols["decimal"]
    return Numerals(prefix, suffix, digits, scale, group, point, (group, point) == (",", "."))


def _symbols(language: Language) -> dict[str, str]:
    return dict(Locale.parse(LOCALES[language]).number_symbols["latn"])
