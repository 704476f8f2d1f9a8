"""What is said of a feature's value."""

import itertools
import math
import re
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from data.clock import end_of_day
from data.hashing import hash_text
from features.transitions import Embedding
from serving.numerals import Language
from serving.reasons.facts import Moment, teller_of
from training.bundle import Bundle

VALUES = (math.nan, 0.0, 0.3, 0.5, 1.0, 2.5, 7.0, 12.0, 250.0)
CAUSES = re.compile(r"because|caus|due to|leads? to|因为|导致|由于|所以", re.IGNORECASE)
NUMBER = re.compile(r"\d+(?:,\d{3})*(?:\.\d+)?%?")
ZONE = "Europe/Berlin"
PLAIN_SHARE = "Share of our contacts with a response within 60 days after: 30%, like the typical customer"


def column_of(bundle: Bundle, feature: str) -> int:
    return bundle.spec.names.index(feature)


def with_typical(bundle: Bundle, feature: str, value: float) -> Bundle:
    typical = bundle.typical.copy()
    typical[column_of(bundle, feature)] = value
    return replace(bundle, typical=typical)


@pytest.fixture
def moment() -> Moment:
    from datetime import date

    return Moment(end_of_day(date(2024, 5, 31), ZONE), ZONE)


def told(bundle: Bundle, feature: str, value: float, moment: Moment, language: Language = "en") -> str:
    teller = teller_of(bundle, column_of(bundle, feature), language, {hash_text("FR"): "France"})
    return teller.fact(value, moment)


def test_a_fact_names_the_value_and_the_typical_one_with_their_units(bundle: Bundle, moment: Moment) -> None:
    bundle = with_typical(bundle, "orders_91d", 3.0)
    assert told(bundle, "orders_91d", 7.0, moment) == "Many orders in the last 91 days: 7 orders (typical 3 orders)"
    assert told(bundle, "orders_91d", 7.0, moment, "zh") == "近91天下单多：7 单（一般客户 3 单）"


def test_how_long_ago_is_told_with_the_day(bundle: Bundle, moment: Moment) -> None:
    bundle = with_typical(bundle, "last_order_age_days", 5.5)
    assert told(bundle, "last_order_age_days", 15.4, moment) == (
        "The last order was longer ago than usual: 2024-05-16, 15 days ago (typical 5 days)"
    )
    assert told(bundle, "last_order_age_days", 15.4, moment, "zh") == (
        "最近一单早于一般客户：2024-05-16，15 天前（一般客户 5 天）"
    )
    assert told(bundle, "last_order_age_days", 5.6, moment) == (
        "The last order: 2024-05-26, 5 days ago, like the typical customer"
    )
    assert told(bundle, "last_order_age_days", 0.4, moment).endswith(": 2024-05-31, today (typical 5 days)")
    assert told(bundle, "last_order_age_days", 0.4, moment, "zh").endswith("：2024-05-31，今天（一般客户 5 天）")


def test_a_value_near_the_typical_one_is_called_neither_high_nor_low(bundle: Bundle, moment: Moment) -> None:
    bundle = with_typical(bundle, "mean_gap_days", 9.0)
    assert told(bundle, "mean_gap_days", 9.2, moment) == "Mean days between orders: 9.2 days (typical 9 days)"
    assert told(bundle, "mean_gap_days", 9.0, moment) == "Mean days between orders: 9 days, like the typical customer"
    assert told(bundle, "mean_gap_days", 9.0, moment, "zh") == "相邻订单的平均间隔天数：9 天，与一般客户相同"


def test_words_about_the_customers_own_past_do_not_depend_on_other_customers(bundle: Bundle, moment: Moment) -> None:
    """Of the orders of two windows 42 % lie in the later one: less than half, even where 30 % are typical."""
    bundle = with_typical(bundle, "orders_trend_30d", 0.3)
    assert told(bundle, "orders_trend_30d", 0.42, moment).startswith(
        "Of the orders in the last 60 days, less than half in the last 30: 42%"
    )


@pytest.mark.parametrize(
    ("feature", "value", "typical", "sentence"),
    [
        ("weekend_share", 0.0, 0.31, "No orders at the weekend (typical 31%)"),
        ("weekend_share", 0.3, 0.31, "Share of orders at the weekend: 30% (typical 31%)"),
        ("clumpiness", 0.05, 0.2, "Orders spread more evenly over time than usual: 5.0% (typical 20%)"),
        ("recent_gap_ratio", 0.6, 1.0, "The gaps between orders have been shrinking: 0.6× (typical 1×)"),
        ("visits", 1.0, 12.0, "Few visits: 1 time (typical 12 times)"),
        ("visits", 0.0, 12.0, "No visits (typical 12 times)"),
        ("orders", 0.0, 6.0, "Has not ordered yet (typical 6 orders)"),
        ("spend_30d", 0.0, 0.0, "No purchases in the last 30 days, like the typical customer"),
        ("answered_touch_share", 0.3, 0.3, PLAIN_SHARE),
        (
            "decayed_orders_30d",
            0.47,
            0.1,
            "Many orders of the last weeks, recent ones counting more: 0.47 (typical 0.1)",
        ),
        ("gap_variation", 0.61, 0.6, "Order rhythm (0 regular, 1 random): 0.61 (typical 0.6)"),
        (
            "mean_days_late",
            0.08,
            0.0,
            "Payment against the due date, on average: 0.08 days late (typical on the due date)",
        ),
        ("mean_days_late", -3.0, 2.0, "Pays before the due date on average: 3 days early (typical 2 days late)"),
        ("profile_staff", 90.0, 30.0, "Staff (profile): 90 (typical 30)"),
        ("average_order_value", 45.2, 18.834, "Large average order: EUR 45.20 (typical EUR 18.83)"),
        ("stage_since_last_order", 2.0, 0.0, "Far on the way to the next order: quote request (typical none)"),
    ],
)
def test_the_number_is_true_of_the_words_before_it(
    bundle: Bundle, moment: Moment, feature: str, value: float, typical: float, sentence: str
) -> None:
    assert told(with_typical(bundle, feature, typical), feature, value, moment) == sentence


def test_a_missing_value_is_said_to_be_missing(bundle: Bundle, moment: Moment) -> None:
    bundle = with_typical(bundle, "mean_gap_days", 9.0)
    assert told(bundle, "mean_gap_days", math.nan, moment) == (
        "Mean days between orders: too few orders to tell yet (typical 9 days)"
    )
    assert told(bundle, "mean_gap_days", math.nan, moment, "zh") == (
        "相邻订单的平均间隔天数：订单过少，暂无法判断（一般客户 9 天）"
    )
    assert told(bundle, "last_visit_age_days", math.nan, moment).startswith("The last visit: never yet")
    assert "nothing to compare in the two periods" in told(bundle, "orders_rise_30d", math.nan, moment)
    assert "not known to us then" in told(bundle, "spend_91d_last_year", math.nan, moment)
    assert told(bundle, "profile_country", math.nan, moment) == "Country (profile): not on record"


def test_a_level_of_a_category_is_told_by_its_name_and_has_no_typical_value(bundle: Bundle, moment: Moment) -> None:
    levels = bundle.spec.profile[0].levels
    french, german = float(levels.index(hash_text("FR"))), float(levels.index(hash_text("DE")))
    assert told(bundle, "profile_country", french, moment) == "Country (profile): France"
    assert told(bundle, "profile_country", french, moment, "zh") == "国家（客户档案）：France"
    assert told(bundle, "profile_country", german, moment) == f"Country (profile): #{german:.0f}"
    teller = teller_of(bundle, column_of(bundle, "profile_country"), "en", {hash_text("FR"): "France"})
    assert (teller.told(french), teller.typical_told, teller.told(math.nan)) == ("France", None, None)


def test_an_order_of_events_is_told_without_a_number_that_says_nothing(bundle: Bundle, moment: Moment) -> None:
    embedding = Embedding(("visit>purchase", "touch>touch"), ((0.8, -0.6), (0.7, 0.7)))
    spec = replace(bundle.spec, embedding=embedding)
    learnt = replace(bundle, spec=spec, typical=np.zeros(len(spec.names)))
    assert told(learnt, "pattern_1", 0.4, moment) == (
        'Order of events: rather "visit, then order" than "our contact, then our contact"'
    )
    assert told(learnt, "pattern_1", -0.4, moment, "zh") == "往来顺序：更多是“我方触达→我方触达”，而非“访问→下单”"
    assert "often" in told(learnt, "pattern_2", 0.4, moment)


def test_every_feature_is_told_with_the_same_numbers_in_both_languages(bundle: Bundle, moment: Moment) -> None:
    """Law 10, number by number and as often; and no fact claims a cause."""
    for column, value in itertools.product(range(len(bundle.spec.names)), VALUES):
        both = [teller_of(bundle, column, language, {}).fact(value, moment) for language in ("en", "zh")]
        assert Counter(NUMBER.findall(both[0])) == Counter(NUMBER.findall(both[1])), both
        assert not any(CAUSES.search(text) for text in both)
