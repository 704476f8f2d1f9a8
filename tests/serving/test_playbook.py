"""What to do for whom."""

import re

import pytest

from serving.playbook import OWNERS, PLAYBOOK, URGENT_CHURN, actions
from serving.recommendation import Chance
from serving.tiers.ladder import TIERS

NEVER_BOUGHT = Chance(None, 91)


def likely(churn: float) -> Chance:
    return Chance(churn, 91)


def names(tier: str | None, churn: Chance) -> list[str]:
    return [action.name for action in actions(tier, churn, "en")]


@pytest.mark.parametrize("tier", TIERS[:-1])
def test_a_valuable_customer_about_to_leave_is_called_first(tier: str) -> None:
    assert names(tier, likely(URGENT_CHURN[tier]))[0] == "urgent_retention"
    assert "urgent_retention" not in names(tier, likely(URGENT_CHURN[tier] - 0.01))


def test_nobody_calls_a_bronze_customer_urgently() -> None:
    assert names("bronze", likely(1.0)) == ["activation_offer", "ask_why", "self_service"]


def test_a_customer_who_never_bought_is_asked_for_a_first_order_and_not_why_they_left() -> None:
    assert names("bronze", NEVER_BOUGHT) == ["win_first_order", "activation_offer", "self_service"]


def test_without_a_tier_there_is_no_playbook() -> None:
    assert names(None, likely(0.9)) == []


def test_every_tier_has_tasks_by_rising_days_for_known_owners() -> None:
    assert set(PLAYBOOK) == set(TIERS)
    for tier in TIERS:
        told = actions(tier, likely(0.0), "en")
        assert [action.within_days for action in told] == sorted(action.within_days for action in told)
        assert {action.owner for action in told} <= set(OWNERS)


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize("churn", [likely(0.9), likely(0.01), NEVER_BOUGHT])
def test_tasks_carry_the_same_numbers_in_both_languages(tier: str, churn: Chance) -> None:
    for english, chinese in zip(actions(tier, churn, "en"), actions(tier, churn, "zh"), strict=True):
        assert english.name == chinese.name
        assert sorted(re.findall(r"[\d.]+", english.text.rstrip("."))) == sorted(re.findall(r"[\d.]+", chinese.text))
