"""Numerals say what Babel says, only faster."""

from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_percent
from hypothesis import given
from hypothesis import strategies as st

from serving.numerals import CODE_FIRST, LOCALES, MINUS, Language, money_numerals, percent_numerals, point_numerals

CURRENCIES = ("USD", "CNY", "JPY", "KWD", "EUR", "CLF", "HKD")
LANGUAGES: tuple[Language, ...] = ("en", "zh")
UNITS = st.integers(-(10**18), 10**18) | st.integers(-2000, 2000)


def by_babel(text: str) -> str:
    return text.replace("-", MINUS)


@given(UNITS, st.sampled_from(CURRENCIES), st.sampled_from(LANGUAGES))
def test_money_reads_as_babel_writes_it(units: int, currency: str, language: Language) -> None:
    numerals = money_numerals(currency, language)
    value = Decimal(units).scaleb(-numerals.digits)
    written = format_currency(value, currency, format=CODE_FIRST, locale=LOCALES[language])
    assert numerals.told(units) == by_babel(written)


@given(UNITS, st.sampled_from([0, 1, 2]), st.sampled_from(LANGUAGES))
def test_percentages_read_as_babel_writes_them(units: int, digits: int, language: Language) -> None:
    share = Decimal(units).scaleb(-2 - digits)
    pattern = "#,##0" + "." * bool(digits) + "0" * digits + "%"
    written = format_percent(share, format=pattern, locale=LOCALES[language])
    assert percent_numerals(digits, language).told(units) == by_babel(written)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_signed_figure_has_its_sign_before_everything_else(language: Language) -> None:
    for numerals in (money_numerals("USD", language), point_numerals(2, language)):
        assert numerals.signed(1) == "+" + numerals.size(1)
        assert numerals.signed(-1) == MINUS + numerals.size(1)
        assert numerals.signed(0) == numerals.size(0)


@given(st.floats(-1e12, 1e12), st.sampled_from(CURRENCIES))
def test_units_are_the_nearest_ones(value: float, currency: str) -> None:
    numerals = money_numerals(currency, "en")
    assert abs(numerals.units(value) - value * numerals.scale) <= 0.5
