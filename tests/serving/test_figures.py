"""Numbers as people read them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.feature import UNITS
from serving.figures import figure, fine_percent, money, percent, plain, points, signed_money, span, without_word

FINITE = st.floats(-1e9, 1e9, allow_nan=False)


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.0, "USD 0.00"), (1234.5, "USD 1,234.50"), (-7.25, "−USD 7.25"), (-0.001, "USD 0.00")],
)
def test_money_has_its_currency_and_its_cents(value: float, text: str) -> None:
    assert money(value, "USD") == text


@pytest.mark.parametrize(
    ("currency", "text"), [("JPY", "JPY 1,234"), ("KWD", "KWD 1,234.250"), ("EUR", "EUR 1,234.25")]
)
def test_a_currency_has_as_many_digits_as_it_has(currency: str, text: str) -> None:
    assert money(1234.25, currency) == money(1234.25, currency, "zh") == text


@pytest.mark.parametrize(("value", "text"), [(812.4, "+USD 812.40"), (-7.25, "−USD 7.25"), (0.001, "USD 0.00")])
def test_signed_money_says_which_way_it_goes(value: float, text: str) -> None:
    assert signed_money(value, "USD") == signed_money(value, "USD", "zh") == text


def test_a_difference_of_probabilities_is_told_in_percentage_points() -> None:
    assert [points(-0.0042), points(0.12, "zh"), points(0.0)] == ["−0.42 pp", "+12.00 个百分点", "0.00 pp"]
    assert [fine_percent(0.0102), fine_percent(0.0102, "zh")] == ["1.02%", "1.02%"]


@pytest.mark.parametrize(
    ("low", "high", "told"),
    [
        (1900.4, 2699.6, ("USD 1,900", "USD 2,700")),
        (-3.5, 12.25, ("−USD 3.50", "USD 12.25")),
        (-0.2, 250.0, ("USD 0", "USD 250")),
        (-250.0, -4.0, ("−USD 250", "−USD 4")),
    ],
)
def test_a_range_keeps_cents_only_where_it_is_small(low: float, high: float, told: tuple[str, str]) -> None:
    assert span(low, high, "USD") == told


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (0.0, "0%"),
        (0.0004, "<0.1%"),
        (0.042, "4.2%"),
        (0.35, "35%"),
        (0.994, "99.4%"),
        (0.9999, ">99.9%"),
        (1.0, "100%"),
    ],
)
def test_a_share_is_a_percentage_that_claims_no_certainty(share: float, text: str) -> None:
    assert percent(share) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [(7.0, "7"), (3.24, "3.2"), (0.456, "0.46"), (-0.001, "0"), (1234.4, "1,234"), (100.0, "100")],
)
def test_a_plain_number_keeps_what_matters(value: float, text: str) -> None:
    assert plain(value) == text


def test_one_day_and_many_days_are_said_differently_in_english() -> None:
    assert figure(1.0, "days", "EUR", "en") == "1 day"
    assert figure(12.4, "days", "EUR", "en") == "12 days"
    assert figure(12.4, "days", "EUR", "zh") == "12 天"


@given(FINITE, st.sampled_from([unit for unit in UNITS if unit != "category"]))
def test_both_languages_show_the_same_digits(value: float, unit: str) -> None:
    digits = [re.sub(r"[^0-9.,<>%-]", "", figure(value, unit, "EUR", language)) for language in ("en", "zh")]
    assert digits[0] == digits[1]


@given(FINITE, st.sampled_from([unit for unit in UNITS if unit != "category"]))
def test_without_its_word_a_figure_is_the_same_number(value: float, unit: str) -> None:
    shown = figure(value, unit, "EUR", "en")
    assert shown.startswith(without_word(shown, unit))
