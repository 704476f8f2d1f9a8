"""Reasons: honest, additive, the same in both languages."""

import itertools
import math
import re
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from numpy.typing import NDArray

from data.hashing import hash_text
from serving.figures import Language
from serving.reasons import EACH_WAY, LEAST_SHARE, Teller, strongest
from training.bundle import Bundle
from training.labels import TARGETS

VALUES = (math.nan, 0.0, 0.3, 0.5, 1.0, 2.5, 7.0, 12.0, 250.0)
CAUSES = re.compile(r"because|caus|due to|leads? to|因为|导致|由于|所以", re.IGNORECASE)

contributions = arrays.arrays(np.float64, st.integers(1, 40), elements=st.floats(-5, 5))


def column_of(bundle: Bundle, feature: str) -> int:
    return bundle.spec.names.index(feature)


def with_typical(bundle: Bundle, feature: str, value: float) -> Bundle:
    typical = bundle.typical.copy()
    typical[column_of(bundle, feature)] = value
    return replace(bundle, typical=typical)


def told(bundle: Bundle, feature: str, value: float, language: Language = "en") -> str:
    teller = Teller(bundle, language, {hash_text("FR"): "France"})
    (text,) = texts(teller, "lifetime_value", {column_of(bundle, feature): value})
    return text


def texts(teller: Teller, score: str, values: dict[int, float], contribution: float = 0.5) -> list[str]:
    return list(teller.texts(score, values, np.full(len(teller.bundle.spec.names), contribution)))


def test_a_reason_names_the_value_the_typical_value_and_the_direction(bundle: Bundle) -> None:
    bundle = with_typical(bundle, "orders_91d", 3.0)
    assert told(bundle, "orders_91d", 7.0) == (
        "Many orders in the last 91 days: 7 orders (typical 3); raises the predicted value"
    )
    assert told(bundle, "orders_91d", 7.0, "zh") == "近91天下单多：7 单（典型值 3）；使预测价值升高"


def test_a_value_near_the_typical_one_is_called_neither_high_nor_low(bundle: Bundle) -> None:
    bundle = with_typical(bundle, "first_order_age_days", 100.0)
    assert "Days since the first order: 105 (typical 100);" in told(bundle, "first_order_age_days", 105.0)
    assert "Days since the first order: 100, as is typical;" in told(bundle, "first_order_age_days", 100.2)


def test_words_about_the_customers_own_past_do_not_depend_on_other_customers(bundle: Bundle) -> None:
    """Of the orders of two windows 42 % lie in the later one: less than half, even where 30 % are typical."""
    bundle = with_typical(bundle, "orders_trend_30d", 0.3)
    assert told(bundle, "orders_trend_30d", 0.42).startswith(
        "Of the orders in the last 60 days, less than half in the last 30: 42% (typical 30%);"
    )
    assert told(bundle, "orders_trend_30d", 0.42, "zh").startswith(
        "近30天订单占近60天订单的不足一半：42%（典型值 30%）"
    )


@pytest.mark.parametrize(
    ("feature", "value", "typical", "sentence"),
    [
        ("weekend_share", 0.0, 0.31, "Small share of orders at the weekend: 0% (typical 31%);"),
        ("weekend_share", 0.3, 0.31, "Share of orders at the weekend: 30% (typical 31%);"),
        ("spend_share_91d", 0.26, 0.25, "Share of all purchases that fell in the last 91 days: 26% (typical 25%);"),
        ("spend_share_91d", 0.1, 0.25, "Small share of all purchases in the last 91 days: 10% (typical 25%);"),
        (
            "orders_trend_91d",
            0.38,
            0.5,
            "Of the orders in the last 182 days, less than half in the last 91: 38% (typical 50%);",
        ),
        ("clumpiness", 0.05, 0.2, "Low unevenness of the orders over time: 5.0% (typical 20%);"),
        ("recent_gap_ratio", 0.6, 1.0, "The gaps between orders have been shrinking: 0.6 (typical 1);"),
    ],
)
def test_the_number_is_true_of_the_words_before_it(
    bundle: Bundle, feature: str, value: float, typical: float, sentence: str
) -> None:
    assert told(with_typical(bundle, feature, typical), feature, value).startswith(sentence)


def test_a_figure_has_its_unit_unless_the_words_before_it_say_so(bundle: Bundle) -> None:
    bundle = with_typical(with_typical(bundle, "longest_gap_days", 36.0), "first_order_age_days", 100.0)
    assert told(bundle, "longest_gap_days", 36.2) == (
        "Longest time between two orders: 36 days, as is typical; raises the predicted value"
    )
    assert told(bundle, "longest_gap_days", 36.2, "zh").startswith("相邻订单的最长间隔：36 天，与典型值相同")
    assert told(bundle, "first_order_age_days", 101.0).startswith("Days since the first order: 101 (typical 100)")


def test_a_missing_value_is_said_to_be_missing(bundle: Bundle) -> None:
    bundle = with_typical(bundle, "mean_gap_days", 9.0)
    assert told(bundle, "mean_gap_days", math.nan) == (
        "Mean days between orders; from two orders on: none on record (typical 9); raises the predicted value"
    )
    assert "暂无记录（典型值 9）" in told(bundle, "mean_gap_days", math.nan, "zh")


def test_money_is_told_in_the_books_currency(bundle: Bundle) -> None:
    bundle = with_typical(bundle, "average_order_value", 18.834)
    assert "EUR 45.20 (typical EUR 18.83)" in told(bundle, "average_order_value", 45.2)


def test_a_level_of_a_category_is_told_by_its_name_and_has_no_typical_value(bundle: Bundle) -> None:
    levels = bundle.spec.profile[0].levels
    french, german = float(levels.index(hash_text("FR"))), float(levels.index(hash_text("DE")))
    assert told(bundle, "profile_country", french) == "Country (profile): France; raises the predicted value"
    assert f"#{german:.0f}; raises" in told(bundle, "profile_country", german)
    assert told(bundle, "profile_country", math.nan) == (
        "Country (profile): none on record; raises the predicted value"
    )


def test_two_fading_sums_are_told_apart_in_plain_words(bundle: Bundle) -> None:
    columns = {column_of(bundle, f"decayed_spend_{days}d"): 900.0 for days in (30, 120)}
    one, other = texts(Teller(bundle, "en", {}), "churn", columns, contribution=-0.2)
    assert one.startswith("High purchases of the last weeks, recent ones counting more: EUR 900.00")
    assert other.startswith("High purchases of the last months, recent ones counting more: EUR 900.00")
    assert other.endswith("lowers the predicted churn")


def test_when_a_value_is_missing_is_told_only_where_it_is(bundle: Bundle) -> None:
    bundle = with_typical(bundle, "mean_gap_days", 9.0)
    assert told(bundle, "mean_gap_days", 9.2).startswith("Mean days between orders: 9.2 (typical 9);")
    assert told(bundle, "mean_gap_days", 9.2, "zh").startswith("相邻订单的平均间隔天数：9.2（典型值 9）；")


@pytest.mark.parametrize("score", TARGETS)
def test_every_feature_is_told_with_the_same_numbers_in_both_languages(bundle: Bundle, score: str) -> None:
    """Law 10, and no sentence claims a cause."""
    english, chinese = Teller(bundle, "en", {}), Teller(bundle, "zh", {})
    for column, value, contribution in itertools.product(range(len(bundle.spec.names)), VALUES, (-1.0, 1.0)):
        both = [texts(teller, score, {column: value}, contribution)[0] for teller in (english, chinese)]
        assert numbers(both[0]) == numbers(both[1]), both
        assert not CAUSES.search("".join(both))


def numbers(text: str) -> set[str]:
    return set(re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?%?", text))


@given(contributions)
def test_the_strongest_are_told_by_falling_size(sizes: NDArray[np.float64]) -> None:
    chosen = strongest(sizes)
    told = [abs(sizes[column]) for column in chosen]
    assert told == sorted(told, reverse=True)
    assert len(set(chosen)) == len(chosen)
    least = LEAST_SHARE * np.abs(sizes).max()
    for sign in (1, -1):
        ours = [column for column in chosen if sign * sizes[column] > 0]
        left_out = [size for c, size in enumerate(np.abs(sizes)) if sign * sizes[c] > 0 and c not in ours]
        weakest = min((abs(sizes[column]) for column in ours), default=0.0)
        assert len(ours) <= EACH_WAY
        assert all(size < least or (len(ours) == EACH_WAY and size <= weakest) for size in left_out)


def test_no_contribution_no_reason() -> None:
    assert strongest(np.zeros(5)) == []
