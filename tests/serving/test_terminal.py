"""What an account manager reads in a terminal."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.figures import Language
from serving.recommendation import Chance, Conversion, Money, Recommendation
from serving.terminal import lines
from serving.tiers.verdict import Neighbour, Tier

ANSWER = Recommendation(
    customer_id="7",
    lifetime_value=Money(2285.35, 1500.2, 3100.0, 1900.4, 2699.6, "USD", 91),
    conversion=Conversion(0.46, 90, ("order",), (), 41.6),
    churn=Chance(0.1, 91),
    tier=None,
    reasons={"lifetime_value": None, "conversion": None, "churn": None},
    actions=(),
    degraded=(),
    model_version="m",
    plan_version=None,
    cutoff="2017-12-31T23:59:59.999999-05:00",
    breakdowns={},
)
AMOUNTS = st.floats(-1e6, 1e6)


def told(answer: Recommendation, language: Language = "en") -> str:
    return "\n".join(lines(answer, language))


def figures(text: str) -> list[str]:
    """The numbers of a text, in an order that does not depend on the language."""
    return sorted(re.findall(r"−?(?:USD )?\d+(?:[,.]\d+)*%?", text))


def test_the_range_is_told_in_words() -> None:
    assert (
        "Lifetime value: USD 2,285.35 expected in the next 91 days (80% of the time between USD 1,900 and USD 2,700)"
        in told(ANSWER)
    )
    assert "（80% 的可能介于 USD 1,900 与 USD 2,700 之间）" in told(ANSWER, "zh")


def test_a_value_that_few_customers_reach_is_not_told_as_a_range() -> None:
    seldom = replace(ANSWER.lifetime_value, value=626.17, low_80=0.0, high_80=626.17)
    answer = replace(ANSWER, lifetime_value=seldom)
    assert "(80% of the time nothing or less than that; seldom much more)" in told(answer)
    assert "（80% 的可能低于此数或为零，少数会高出很多）" in told(answer, "zh")


def test_a_small_range_keeps_its_cents_and_a_loss_its_sign() -> None:
    small = replace(ANSWER.lifetime_value, low_80=-3.5, high_80=12.25)
    assert "between −USD 3.50 and USD 12.25" in told(replace(ANSWER, lifetime_value=small))


def test_without_a_range_nothing_is_said_of_it() -> None:
    bare = replace(ANSWER.lifetime_value, low_80=None, high_80=None)
    assert "80%" not in told(replace(ANSWER, lifetime_value=bare))


@pytest.mark.parametrize(("days", "said"), [(41.6, "within 42 days"), (1.0, "within 1 day)")])
def test_the_days_to_the_conversion_are_told(days: float, said: str) -> None:
    assert said in told(replace(ANSWER, conversion=replace(ANSWER.conversion, expected_days=days)))


def test_neighbours_and_the_next_review_are_told_below_the_tier() -> None:
    up = Neighbour("silver", (), "silver starts at USD 184.04: USD 58.27 more")
    tier = Tier(
        "bronze", "p", None, "Bronze.", (), up, None, {"silver": 0.345, "bronze": 0.65, "gold": 0.005}, "bronze"
    )
    text = told(replace(ANSWER, tier=tier))
    assert "Bronze.\n  - silver starts at USD 184.04: USD 58.27 more\n" in text
    assert "  - at the next review, in 30 days: bronze 65%, silver 34%\n" in text
    assert "30 天后下次评审时：铜牌 65%、银牌 34%" in told(replace(ANSWER, tier=tier), "zh")


@given(AMOUNTS, AMOUNTS, AMOUNTS, st.none() | st.floats(0.5, 730))
def test_both_languages_carry_the_same_numbers(value: float, low: float, width: float, days: float | None) -> None:
    """Law 10."""
    money = replace(ANSWER.lifetime_value, value=value, low_80=low, high_80=low + abs(width))
    answer = replace(ANSWER, lifetime_value=money, conversion=replace(ANSWER.conversion, expected_days=days))
    english, chinese = told(answer), told(answer, "zh")
    assert figures(english) == figures(chinese)
