"""Expected profit under capacity: the formula, the room, the prices, and what is told of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.settings.tiers.profit import ExpectedProfit, Service
from data.settings.tiers.section import Tiers
from features.profile import ProfileFeature
from features.spec import FeatureSpec
from serving.errors import PlanError
from serving.plan import Plan
from serving.tiers.policies import policy_of
from serving.tiers.profit import ProfitRule, learn, sticky_gains
from serving.tiers.services import Services
from serving.tiers.speech import Speech
from serving.tiers.stability import DAY, NOBODY, Past, Stability

NAN = float("nan")
Columns = dict[str, np.ndarray]


def services(**diamond: Any) -> tuple[Service, ...]:
    return (
        Service(
            **{"name": "diamond", "hours": 8.0, "seats": 2, "growth": (0.1, 0.3), "retention": (0.2, 0.4)} | diamond
        ),
        Service(name="gold", hours=4.0, seats=3, growth=(0.1, 0.1), retention=(0.1, 0.1), cost=5.0),
        Service(name="silver", hours=2.0, seats=5, growth=(0.05, 0.05)),
        Service(name="bronze", hours=1.0),
    )


def tiers(**options: Any) -> Tiers:
    return Tiers(expected_profit=ExpectedProfit(**{"services": services(), **options}))


def people(count: int = 40, seed: int = 0) -> Columns:
    rng = np.random.default_rng(seed)
    value = np.exp(rng.normal(6, 1, count))
    return {"lifetime_value": value, "churn": np.where(rng.random(count) < 0.3, NAN, rng.random(count))}


def test_profit_is_margin_times_value_times_what_service_adds_less_its_cost() -> None:
    found = Services.of(ExpectedProfit(services=services(), margin=0.5), "gross")
    columns = {"lifetime_value": np.array([1_000.0, 1_000.0, -50.0]), "churn": np.array([0.5, NAN, 0.5])}
    diamond = [0.5 * 1_000 * (0.2 + 0.5 * 0.3), 0.5 * 1_000 * (0.2 + 0.3), 0.0]
    assert found.gains(columns)[:, 0].tolist() == pytest.approx(diamond), "who never bought has all to win"
    assert found.gains(columns)[:, 1].tolist()[1:] == pytest.approx([0.5 * 1_000 * 0.2 - 5.0, -5.0])
    low, high = (found.gains(columns, end)[0, 0] for end in ("low", "high"))
    assert (low, high) == pytest.approx((500 * (0.1 + 0.1), 500 * (0.3 + 0.2)))


def test_the_share_that_is_profit_is_all_of_a_margin() -> None:
    assert Services.of(ExpectedProfit(), "margin").margin == 1.0
    assert Services.of(ExpectedProfit(), "gross").margin == 0.3
    assert Services.of(ExpectedProfit(margin=0.2), "margin").margin == 0.2


def test_seats_are_filled_and_never_exceeded(planned: Callable[..., Plan]) -> None:
    plan = planned("expected_profit", people(), tiers())
    assert plan.counts == {"diamond": 2, "gold": 3, "silver": 5, "bronze": 30}
    proof = plan.learnt["proof"]
    assert proof["gap"] == 0.0
    assert proof["priced_profit"] == pytest.approx(proof["profit"]) == pytest.approx(proof["bound"])


def test_hours_are_never_exceeded_and_the_gap_is_shown(planned: Callable[..., Plan]) -> None:
    unlimited = tuple(service.model_copy(update={"seats": None}) for service in services())
    plan = planned("expected_profit", people(200), tiers(services=unlimited, hours=400.0))
    used = sum(hours * plan.counts[name] for name, hours in zip(plan.counts, (8, 4, 2, 1), strict=True))
    assert used <= 400.0
    assert 0.0 <= plan.learnt["proof"]["gap"] <= 1e-4
    assert plan.learnt["one_more"]["hour"][0] > 0.0


def test_hours_that_cannot_hold_the_floor_are_refused(planned: Callable[..., Plan]) -> None:
    with pytest.raises(PlanError, match=r"tiers\.expected_profit: hours are 39, but 40 customers take 40 in bronze"):
        planned("expected_profit", people(), tiers(hours=39.0))


def test_account_managers_are_a_category_and_their_hours_hold_the_floor(planned: Callable[..., Plan]) -> None:
    columns = {**people(), "profile_owner": np.where(np.arange(40) < 10, 0.0, 1.0)}
    unlimited = tuple(service.model_copy(update={"seats": None}) for service in services())
    asked = tiers(services=unlimited, owner="owner", hours_per_owner=29.0)
    named = FeatureSpec("UTC", 2, (ProfileFeature("owner", "category", (7, 8)),))
    with pytest.raises(PlanError, match="hours_per_owner are 29, but 30 customers of one account manager take 30"):
        planned("expected_profit", columns, asked, spec=named)
    counted = FeatureSpec("UTC", 2, (ProfileFeature("owner", "number"),))
    with pytest.raises(PlanError, match='owner: the profile column "owner" is no category'):
        policy_of("expected_profit").columns(asked, counted)


def test_each_account_manager_has_their_own_seats(planned: Callable[..., Plan]) -> None:
    columns = {**people(), "profile_owner": np.where(np.arange(40) < 10, 0.0, np.where(np.arange(40) < 38, 1.0, NAN))}
    own = tuple(
        service.model_copy(update={"seats": None, "seats_per_owner": service.seats}) if service.seats else service
        for service in services()
    )
    spec = FeatureSpec("UTC", 2, (ProfileFeature("owner", "category", (7, 8)),))
    plan = planned("expected_profit", columns, tiers(services=own, owner="owner"), spec=spec)
    places = plan.rule.places(columns)
    for whose in (columns["profile_owner"] == 0.0, columns["profile_owner"] == 1.0, np.isnan(columns["profile_owner"])):
        counts = np.bincount(places[whose], minlength=4)
        assert counts[0] <= 2
        assert counts[1] <= 3
        assert counts[2] <= 5
    stranger = {name: column[:1] for name, column in columns.items()} | {"profile_owner": np.array([5.0])}
    assert 0 <= int(plan.rule.places(stranger)[0]) <= 3, "an owner whom the plan does not know has a price too"


@settings(deadline=None)
@given(st.integers(0, 3), st.floats(0, 0.9), st.floats(0, 0.9), st.integers(0, 50))
def test_a_step_that_one_stands_on_is_worth_more_and_one_above_less(
    place: int, up: float, down: float, seed: int
) -> None:
    gains = np.sort(np.random.default_rng(seed).normal(0, 10, (1, 4)), axis=1)[:, ::-1]
    found = sticky_gains(gains, np.array([place]), np.array([up]), np.array([down]))
    steps, weighed = -np.diff(gains)[0], -np.diff(found)[0]
    assert found[0, 3] == gains[0, 3]
    for step in range(3):
        factor = 1 + down if place <= step else 1 - up
        assert weighed[step] == pytest.approx(steps[step] * factor, abs=1e-9)


@settings(deadline=None)
@given(st.integers(0, 30), st.integers(0, 2), st.floats(0, 100))
def test_raising_one_step_never_lowers_the_tier(
    planned: Callable[..., Plan], number: int, step: int, more: float
) -> None:
    """Law 7: the inputs of this policy are each tier's gain over the next lower one."""
    columns = people()
    rule = planned("expected_profit", columns, tiers()).rule
    assert isinstance(rule, ProfitRule)
    gains = rule.services.gains({name: column[number : number + 1] for name, column in columns.items()})
    raised = gains.copy()
    raised[0, : step + 1] += more
    code = np.zeros(1, dtype=np.int64)
    assert rule.prices.places(raised, code)[0] <= rule.prices.places(gains, code)[0]


def test_the_plan_tells_what_a_seat_is_worth_in_both_languages(planned: Callable[..., Plan]) -> None:
    rule = planned("expected_profit", people(), tiers()).rule
    english, chinese = (rule.remarks(Speech(language, "EUR", 91)) for language in ("en", "zh"))
    assert any(text.startswith("One more diamond seat is worth EUR ") for text in english)
    assert any(text.startswith("每增加一个钻石名额价值 EUR ") for text in chinese)
    assert len(english) == len(chinese)


def test_one_more_seat_brings_what_it_is_said_to_be_worth(planned: Callable[..., Plan]) -> None:
    columns = people()
    plan = planned("expected_profit", columns, tiers())
    more = planned("expected_profit", columns, tiers(services=services(seats=3)))
    gained = more.learnt["proof"]["profit"] - plan.learnt["proof"]["profit"]
    assert gained == pytest.approx(plan.learnt["one_more"]["seat"][0][0])


def test_the_profit_that_is_told_is_not_weighed_by_the_tiers_that_customers_had(planned: Callable[..., Plan]) -> None:
    columns, settings = people(), tiers().expected_profit
    optimum = planned("expected_profit", columns, tiers()).learnt["proof"]
    had = np.random.default_rng(1).integers(0, 4, 40)
    past = Past(had, np.full(40, -(400 * DAY)), np.full(40, NOBODY))
    learnt = learn(settings, "gross", columns, Stability(0.3, 0.5, 62, 0), past, 0)
    rule, proof = ProfitRule(learnt), learnt["proof"]
    places = Stability(0.3, 0.5, 62, 0).settled(rule, columns, past, 0)
    profit = rule.services.gains(columns)[np.arange(40), places].sum()
    assert proof["expected"] == pytest.approx(profit)
    assert proof["expected"] < optimum["profit"] <= proof["at_most"] + 1e-9
    assert optimum["expected"] == pytest.approx(optimum["at_most"]) == pytest.approx(optimum["profit"])


@pytest.mark.parametrize(
    ("options", "diamond", "said"),
    [
        ({}, {"name": "gold"}, 'two tiers are called "gold"'),
        ({}, {"cost": -1.0}, "cost"),
        ({}, {"hours": 17.0}, "diamond gets 4.25 times the hours of gold"),
        ({}, {"seats_percent": 5.0}, "expected one of seats, seats_percent and seats_per_owner"),
        ({}, {"growth": (0.3, 0.1)}, "growth: expected the lower end first"),
        ({}, {"growth": (0.0, 0.05)}, "growth of diamond lies below that of gold"),
        ({"hours_per_owner": 10.0}, {}, "owner: name the profile column of the account manager"),
        ({"hours": 10.0, "hours_per_owner": 10.0, "owner": "a"}, {}, "expected hours or hours_per_owner"),
        ({"hours": -1.0}, {}, "greater than or equal to 0"),
        ({"hours": 1e300}, {}, "less than or equal to"),
        ({"most_ratio": float("inf")}, {}, "finite number"),
        ({"owner": "a"}, {}, "owner: no capacity is per owner"),
        ({}, {"seats": 10**20}, "less than or equal to"),
    ],
)
def test_a_policy_that_cannot_be_is_refused(options: dict[str, Any], diamond: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        ExpectedProfit(services=services(**diamond), **options)


def test_one_customer_is_offered_what_the_book_is(planned: Callable[..., Plan]) -> None:
    """The scalar road and the vectorised one, to the last bit."""
    columns = people(200)
    rule = planned("expected_profit", columns, tiers()).rule
    assert isinstance(rule, ProfitRule)
    offers = [rule.offer({name: column[i : i + 1] for name, column in columns.items()}) for i in range(200)]
    assert [offer.gains() for offer in offers] == [tuple(gains) for gains in rule.services.gains(columns).tolist()]
    assert [offer.place_at(offer.value) for offer in offers] == rule.places(columns).tolist()


def test_every_neighbour_is_told_with_what_it_would_lose(planned: Callable[..., Plan]) -> None:
    columns = people(200)
    rule = planned("expected_profit", columns, tiers()).rule
    assert isinstance(rule, ProfitRule)
    regrets = []
    for number in range(0, 200, 5):
        row = {name: column[number : number + 1] for name, column in columns.items()}
        found = rule.neighbours(row, int(rule.places(row)[0]), Speech("en", "EUR", 91))
        regrets += [each.regret for each in found if each]
    assert len(regrets) > 40
    assert all(regret is not None and regret >= 0.0 for regret in regrets)
