"""Which actions follow, in which order, and when we keep quiet."""

import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.catalog import CATALOG, NAMES
from serving.playbook.case import Case
from serving.playbook.classes import CLASSES
from serving.playbook.contacts import Contacts
from serving.playbook.declared import Playbook
from serving.playbook.desk import TOP
from serving.playbook.shelf import shipped_playbook
from serving.tiers.ladder import TIERS
from tests.serving.playbook.cases import TODAY, advise, case, contacts, names, reasons

RETENTION = {"urgent_retention", "retention_offer", "retention_voucher", "win_back", "second_order"}

AGES = st.lists(st.integers(0, 400), max_size=9).map(lambda ages: sorted(ages, reverse=True))
UNITS = {"share": 1.0, "ratio": 9.0, "money": 9e4}
VALUES = st.none() | st.integers(0, 400)


@st.composite
def customers(draw: st.DrawFn) -> Case:
    """Any customer: every feature known or not, any tier and class."""
    ages = draw(AGES)
    one = case(
        draw(st.sampled_from(TIERS)),
        churn=draw(st.none() | st.floats(0, 1)),
        value=draw(st.floats(-100, 1e6)),
        customer_class=draw(st.none() | st.sampled_from(CLASSES)),
        reasons={"lifetime_value": reasons(how_often=draw(st.floats(-900, 900)), what_they_buy=-50.0)},
        touched=contacts(*ages, unanswered=draw(st.integers(0, len(ages))), met=draw(st.none() | st.integers(0, 90))),
    )
    known = draw(st.lists(VALUES, min_size=len(NAMES), max_size=len(NAMES)))
    features = [
        float("nan") if value is None else value / 400 * UNITS.get(feature.unit, 400.0)
        for feature, value in zip(CATALOG, known, strict=True)
    ]
    return replace(one, features=features)


FAST = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
BOOKS = st.sampled_from(["trade", "retail"]).map(shipped_playbook)


@FAST
@given(BOOKS, customers())
def test_everybody_has_a_service_and_something_to_do_ranked_by_priority(playbook: Playbook, one: Case) -> None:
    service, actions = advise(playbook, one)
    assert service.sla.response_hours <= playbook.floor.response_hours
    assert service.sla.channels
    assert 1 <= len(actions) <= playbook.most_actions + 1
    priorities = [action.priority for action in actions]
    assert priorities == sorted(priorities, reverse=True)
    assert all(priority >= 0 for priority in priorities)
    assert len({action.name for action in actions}) == len(actions)
    assert all(action.within_days is None or action.within_days >= 1 for action in actions)
    assert {action.owner for action in actions} <= set(playbook.owners)


@FAST
@given(BOOKS, customers())
def test_the_same_customer_gets_the_same_advice(playbook: Playbook, one: Case) -> None:
    again = Playbook.model_validate(playbook.model_dump(exclude_unset=True))
    assert advise(playbook, one) == advise(again, one)


@FAST
@given(BOOKS, customers())
def test_both_languages_advise_the_same_and_carry_the_same_numbers(playbook: Playbook, one: Case) -> None:
    """Law 10."""
    english, chinese = advise(playbook, one), advise(playbook, one, "zh")
    assert [(a.name, a.owner, a.within_days, a.priority) for a in english.actions] == [
        (a.name, a.owner, a.within_days, a.priority) for a in chinese.actions
    ]
    for said, told in zip(english.actions, chinese.actions, strict=True):
        assert figures(said.text) == figures(told.text)
        assert figures(said.because) == figures(told.because)
    assert figures(english.service.text) == figures(chinese.service.text)


def figures(text: str) -> list[str]:
    return sorted(re.findall(r"\d+(?:[,.]\d+)*%?", text))


@FAST
@given(BOOKS, customers())
def test_no_more_contacts_are_asked_for_than_the_cap_leaves_room_for(playbook: Playbook, one: Case) -> None:
    service, actions = advise(playbook, one)
    exempt = RETENTION if one.tier in TOP else set()
    reaching = {task.name for task in playbook.tasks if task.contact}
    asked = [action for action in actions if action.name in reaching and action.name not in exempt]
    assert len(asked) <= max(0, service.fatigue.touches - service.fatigue.counted)
    assert (service.fatigue.until is None) == (service.fatigue.counted < service.fatigue.touches)
    if service.frozen:
        assert not asked
        assert actions[-1].name == "shelved"


@FAST
@given(BOOKS, customers(), st.floats(0.01, 100))
def test_a_customer_worth_more_has_no_lower_priority(playbook: Playbook, one: Case, more: float) -> None:
    poor = replace(one, reasons={})
    rich = replace(poor, value=abs(one.value) * (1 + more) + 1)
    before = {action.name: action.priority for action in advise(playbook, poor).actions}
    after = {action.name: action.priority for action in advise(playbook, rich).actions}
    assert all(after[name] >= priority for name, priority in before.items() if name in after)


@pytest.mark.parametrize("tier", TIERS[:2])
def test_a_valuable_customer_about_to_leave_comes_first_whatever_else_there_is(playbook: Playbook, tier: str) -> None:
    urgent = playbook.urgent_churn[tier]
    seen = {"last_inquiry_age_days": 1.0, "stage_since_last_order": 1.0, "orders": 5.0, "last_order_age_days": 60.0}
    told = advise(playbook, case(tier, churn=urgent, seen=seen | {"open_quotes_90d": 2.0, "last_quote_age_days": 4.0}))
    assert told.actions[0].name == "urgent_retention"
    assert f"{urgent:.0%}" in told.actions[0].because
    assert not RETENTION & set(names(advise(playbook, case(tier, churn=urgent - 0.01, seen=seen))))


@pytest.mark.parametrize("tier", TIERS[:2])
def test_neither_cap_nor_silence_holds_back_a_person_who_retains_a_top_customer(playbook: Playbook, tier: str) -> None:
    tired = contacts(*[3] * 9, unanswered=9)
    told = advise(playbook, case(tier, churn=0.9, touched=tired))
    assert names(told) == ["urgent_retention", "wait"]
    assert told.actions[1].text.endswith("Only the retention goes ahead.")
    assert told.service.sla.response_hours <= playbook.floor.response_hours


def test_a_tired_customer_is_left_alone_until_there_is_room(playbook: Playbook) -> None:
    cap = playbook.service["bronze"].fatigue
    ages = [cap.days - 1, *[5] * (cap.touches - 1)]
    told = advise(playbook, case("bronze", touched=contacts(*ages, unanswered=0)))
    assert "wait" in names(told)
    assert told.service.fatigue.counted == cap.touches
    assert told.service.fatigue.until == "2024-10-05"
    assert "2024-10-05" in told.actions[-1].text
    rested = Contacts(TODAY + 1, contacts(*ages).touches, 0, TODAY - 5)
    assert "wait" not in names(advise(playbook, case("bronze", touched=rested)))


def test_whoever_never_answers_is_shelved_until_they_act(playbook: Playbook) -> None:
    rule = playbook.service["bronze"].freeze
    assert rule is not None
    ages = range(rule.wait_days + rule.attempts + 40, rule.wait_days + 40, -1)
    silent = contacts(*ages, unanswered=rule.attempts)
    told = advise(playbook, case("bronze", touched=silent))
    assert names(told) == ["shelved"]
    assert told.service.frozen
    assert f"{rule.attempts} contacts without an answer" in told.actions[0].text
    assert "shelved, no active follow-up" in told.service.text
    assert not advise(playbook, case("bronze", touched=replace(silent, unanswered=0))).service.frozen


def test_the_last_attempt_has_time_to_be_answered(playbook: Playbook) -> None:
    rule = playbook.service["bronze"].freeze
    assert rule is not None
    fresh = contacts(*range(rule.wait_days + rule.attempts - 2, rule.wait_days - 2, -1), unanswered=rule.attempts)
    assert not advise(playbook, case("bronze", touched=fresh)).service.frozen


def test_a_customer_who_never_bought_is_asked_for_a_first_order_by_a_hunter() -> None:
    told = advise(shipped_playbook(), case("gold", churn=None))
    assert told.actions[0].name == "win_first_order"
    assert told.actions[0].owner == told.service.owner_role == "hunter"


def test_an_open_quote_is_a_better_reason_to_call_than_the_calendar() -> None:
    seen = {"open_quotes_90d": 1.0, "last_quote_age_days": 12.0, "stage_since_last_order": 2.0}
    told = advise(shipped_playbook(), case("gold", seen=seen))
    assert told.actions[0].because == "asked for a quote 12 days ago, with no order since"
    assert "follow_up" not in names(told)


def test_what_was_done_lately_is_not_done_again() -> None:
    seen = {"open_quotes_90d": 1.0, "last_quote_age_days": 12.0, "stage_since_last_order": 2.0}
    met = case("gold", seen=seen | {"last_meeting_age_days": 1.0})
    assert "quote_to_order" not in names(advise(shipped_playbook(), met))


def test_the_strongest_reason_calls_for_its_task_and_bounds_its_money() -> None:
    told = {"lifetime_value": reasons(how_often=-90.0, season=-10.0, who_they_are=-1.0)}
    one = case("gold", seen={"orders": 5.0}, reasons=told)
    action = next(action for action in advise(shipped_playbook(), one).actions if action.name == "call_off_plan")
    assert action.because == "how_often seen; -90.00 on the predicted value"
    assert 0 < action.priority <= 90.0
    weaker = {"lifetime_value": reasons(how_often=-100.0, season=-300.0, who_they_are=-200.0)}
    assert "call_off_plan" not in names(advise(shipped_playbook(), replace(one, reasons=weaker)))


def test_the_regular_contact_is_due_so_long_after_the_last_one(playbook: Playbook) -> None:
    every = playbook.service["gold"].contact_every_days
    regular = next(task.name for task in playbook.tasks if task.regular and "gold" in task.tiers)

    def due(age: int) -> tuple[int | None, float]:
        told = advise(playbook, case("gold", touched=contacts(age)))
        action = next(action for action in told.actions if action.name == regular)
        return action.within_days, action.priority

    assert due(2)[0] == every - 2
    assert due(every + 30)[0] == 3
    priorities = [due(age)[1] for age in range(every + 10)]
    assert priorities == sorted(priorities)


@pytest.mark.parametrize("tier", TIERS)
def test_farmers_keep_core_and_loyal_and_hunters_convert_growth_and_new(tier: str) -> None:
    owners = {
        kind: advise(shipped_playbook(), case(tier, customer_class=kind)).service.owner_role
        for kind in ("core", "loyal_maintain", "potential_growth", "new")
    }
    assert owners == {
        "core": "senior_account_manager",
        "loyal_maintain": "account_manager",
        "potential_growth": "hunter",
        "new": "hunter",
    }


def test_a_class_that_is_like_another_is_served_and_advised_alike(playbook: Playbook) -> None:
    for name, row in playbook.classes.items():
        if row.like:
            assert advise(playbook, case("gold", customer_class=name)) == advise(
                playbook, case("gold", customer_class=row.like)
            )
