"""Next steps on the corner shop, each replayed by hand: encoded with its events, recommended at the later cutoff."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.clock import add_days, instant_of, moment_of
from data.events import Event
from data.histories.histories import EVENT_ARRAYS, Histories
from data.histories.inline import encode_customers
from data.settings.book import Book
from data.settings.next_step import NextStep
from data.settings.signals import Wording
from serving.next_steps.answer import AssumedEvent, NextSteps, Replayed, Step
from serving.next_steps.candidates import acts_of, candidates_of
from serving.next_steps.choose import brings_about
from serving.next_steps.find import next_steps
from serving.next_steps.goals import ChurnGoal, TierGoal
from serving.next_steps.habits import Habits
from serving.next_steps.practice import Practice, practice_of
from serving.next_steps.replay import Replay
from serving.plan import Plan
from serving.recommend import recommend
from serving.recommendation import Recommendation, to_json
from serving.tiers.ladder import TIERS
from serving.tiers.verdict import Neighbour, Tier
from training.bundle import Bundle

ZONE = "Europe/Berlin"
CUSTOMERS = 90
STEPS = (
    NextStep(type="look", within_days=10, at_most=2, words=Wording(en="a look", zh="一次访问")),
    NextStep(type="order", within_days=20, at_most=4),
)
people = st.integers(0, CUSTOMERS - 1).map(lambda number: f"c{number:03d}")
levels = st.none() | st.sampled_from([0.1, 0.3, 0.6, 0.9])
earlier = st.integers(0, 60)


@pytest.fixture(scope="module")
def shop_with_steps(book: Book) -> Book:
    return book.model_copy(update={"next_steps": STEPS})


@pytest.fixture(scope="module")
def practice(histories: Histories, cutoff: int, book: Book) -> Practice:
    return practice_of([histories], cutoff, book)


@pytest.fixture(scope="module")
def asked(histories: Histories, bundle: Bundle, plan: Plan, shop_with_steps: Book, practice: Practice) -> Any:
    """Asks for the next steps of a customer of the shop."""

    def ask(customer: str, moment: int, below: float | None = None, **more: Any) -> NextSteps:
        place = list(histories.customer_ids).index(customer)
        history = more.pop("history", histories.one(place))
        return next_steps(history, moment, bundle, plan, shop_with_steps, practice, churn_below=below, **more)

    return ask


@pytest.fixture(scope="module")
def by_hand(shop_events: dict[str, list[Event]], book: Book, bundle: Bundle, plan: Plan) -> Any:
    """The recommendation for a customer whose events until a cutoff are followed by others, at a later moment."""

    def answer(customer: str, moment: int, later: int, more: Sequence[Event]) -> Recommendation:
        number = int(customer[1:])
        profile = {"country": ("DE", "FR", "CN")[number % 3], "staff": 10 + 7 * number}
        events = [event for event in shop_events[customer] if instant_of(event.time) <= moment]
        (told,) = recommend(encode_customers([(customer, [*events, *more], profile)], book), later, bundle, plan)
        return told

    return answer


def events_of(customer: str, assumed: Sequence[AssumedEvent], told: Sequence[Event]) -> Iterator[Event]:
    """The assumed events, copied by hand from those that they repeat."""
    for number, each in enumerate(assumed):
        time, order = datetime.fromisoformat(each.time), f"assumed {number}" if each.role == "purchase" else None
        like = None if each.like is None else instant_of(datetime.fromisoformat(each.like))
        lines = [event for event in told if event.type == each.type and instant_of(event.time) == like]
        if like is None:
            lines = [Event(customer, time, each.type, amount=each.amount)]
        assert len(lines) == each.lines
        for line in lines:
            yield replace(line, time=time, order_id=order, key=f"assumed {number}")


def scores(told: Recommendation) -> Replayed:
    tier = told.tier.name if told.tier else None
    return Replayed(told.lifetime_value.value, told.conversion.value, told.churn.value, tier)


def steps_of(found: NextSteps) -> list[Step]:
    return [step for way in found.ways for step in (*way.steps, *([way.nearest] if way.nearest else []))]


def moment_before(cutoff: int, days: int, shop_events: dict[str, list[Event]], customer: str) -> int:
    """So many days before the cutoff, or the cutoff where the customer has no event by then."""
    moment = add_days(cutoff, -days, ZONE)
    return moment if instant_of(shop_events[customer][0].time) <= moment else cutoff


@settings(max_examples=60, deadline=None)
@given(people, levels, earlier)
def test_every_step_replayed_by_hand_gives_the_reported_scores_and_tier(
    asked: Any, by_hand: Any, shop_events: dict[str, list[Event]], cutoff: int, customer: str, below: Any, days: int
) -> None:
    moment = moment_before(cutoff, days, shop_events, customer)
    found = asked(customer, moment, below)
    assert found.now == scores(by_hand(customer, moment, moment, []))
    for step in steps_of(found):
        later = instant_of(datetime.fromisoformat(step.cutoff))
        assert later == add_days(moment, step.within_days, ZONE)
        more = list(events_of(customer, step.events, shop_events[customer]))
        assert step.replayed == scores(by_hand(customer, moment, later, more))
        assert step.without == scores(by_hand(customer, moment, later, []))


@settings(max_examples=60, deadline=None)
@given(people, levels, earlier)
def test_steps_reach_their_goal_in_time_the_cheapest_first_and_no_two_share_a_role(
    asked: Any, shop_events: dict[str, list[Event]], cutoff: int, customer: str, below: Any, days: int
) -> None:
    moment = moment_before(cutoff, days, shop_events, customer)
    limits = {step.type: step.within_days for step in STEPS}
    for way in asked(customer, moment, below).ways:
        assert len(way.steps) <= 3
        assert [step.cost for step in way.steps] == sorted(step.cost for step in way.steps)
        assert (way.finding == "steps") == bool(way.steps)
        for place, step in enumerate(way.steps):
            roles = {event.role for event in step.events}
            assert not any({event.role for event in other.events} & roles for other in way.steps[:place])
            if way.goal in {"tier", "keep"}:
                assert TIERS.index(step.replayed.tier) <= TIERS.index(way.target) < TIERS.index(step.without.tier)  # type: ignore[arg-type]
            else:
                assert step.replayed.churn < way.target <= step.without.churn  # type: ignore[operator]
            for event in step.events:
                time = instant_of(datetime.fromisoformat(event.time))
                assert moment < time <= add_days(moment, limits[event.type], ZONE)


@settings(max_examples=25, deadline=None)
@given(people, levels)
def test_none_within_reach_is_said_exactly_where_no_candidate_gets_there(
    asked: Any,
    by_hand: Any,
    shop_events: dict[str, list[Event]],
    histories: Histories,
    practice: Practice,
    bundle: Bundle,
    plan: Plan,
    cutoff: int,
    customer: str,
    below: Any,
) -> None:
    known = histories.one(int(customer[1:])).known_by(cutoff)
    acts = acts_of(Habits(known, cutoff), STEPS, {"order": "purchase", "look": "visit"}, practice)
    candidates = candidates_of(acts)
    outcomes = Replay(known, cutoff, bundle, plan).outcomes(candidates)
    for way in asked(customer, cutoff, below).ways:
        if way.finding in {"reached_already", "highest_tier", "never_bought"}:
            continue
        goal = ChurnGoal(way.target) if way.goal == "churn" else TierGoal(way.target, None, "")  # type: ignore[arg-type, index]
        reaching = [each for each in outcomes if brings_about(each, goal)]
        assert way.tried == len(candidates)
        assert bool(reaching) == (way.finding == "steps")
        if reaching:
            assert way.steps[0].cost == min(each.candidate.cost for each in reaching)
        if way.nearest:
            assert goal.progress(way.nearest.replayed) == max(goal.progress(each.replayed) for each in outcomes)


def test_the_shop_has_customers_of_every_finding(asked: Any, cutoff: int) -> None:
    """The laws above would hold of empty answers too."""
    ways = [way for number in range(CUSTOMERS) for way in asked(f"c{number:03d}", cutoff, 0.3).ways]
    findings = {(way.goal, way.finding) for way in ways}
    assert {("tier", "steps"), ("tier", "none_within_reach"), ("tier", "highest_tier")} <= findings
    assert {("churn", "steps"), ("churn", "reached_already"), ("churn", "never_bought")} <= findings
    assert "keep" in {goal for goal, _ in findings}


def test_the_highest_tier_is_to_be_kept_exactly_where_waiting_would_lose_it(
    asked: Any, by_hand: Any, cutoff: int
) -> None:
    limits = {step.within_days for step in STEPS}
    for number in range(CUSTOMERS):
        found = asked(f"c{number:03d}", cutoff)
        if found.now.tier != TIERS[0]:
            continue
        way = found.ways[0]
        waited = [by_hand(found.customer_id, cutoff, add_days(cutoff, days, ZONE), []) for days in limits]
        lost = any(told.tier.name != TIERS[0] for told in waited)
        assert (way.goal, way.target) == (("keep", TIERS[0]) if lost else ("tier", None))
        assert all("it stays diamond" in step.text for step in way.steps)


def test_who_never_bought_has_no_churn_to_lower(asked: Any, cutoff: int) -> None:
    way = asked("c000", cutoff, 0.3).ways[-1]
    assert (way.goal, way.target, way.finding, way.steps, way.tried) == ("churn", 0.3, "never_bought", (), 0)
    assert way.text == "There is no churn to lower: they have not bought yet."
    assert all(way.goal != "churn" for way in asked("c000", cutoff).ways)


def test_what_time_alone_brings_is_no_step(asked: Any, cutoff: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody whom the models rate high in the days to come, but not yet today."""
    up = Neighbour("silver", (), "")
    standing = Tier("bronze", "p", None, "", (), up, None, None, "bronze")
    monkeypatch.setattr(Replay, "now", lambda self: Replayed(-1.0, None, None, "bronze"))
    monkeypatch.setattr(Replay, "standing", lambda self, language: standing)
    findings = set()
    for number in range(CUSTOMERS):
        way = asked(f"c{number:03d}", cutoff).ways[0]
        findings.add(way.finding)
        assert all(step.without.tier == "bronze" for step in way.steps)
        if way.finding == "reached_without":
            assert (way.steps, way.nearest) == ((), None)
    assert {"steps", "reached_without"} <= findings


@settings(max_examples=20, deadline=None)
@given(people, earlier)
def test_neither_the_future_nor_who_asks_changes_an_answer_and_the_history_stays(
    asked: Any, histories: Histories, shop_events: dict[str, list[Event]], cutoff: int, customer: str, days: int
) -> None:
    moment = moment_before(cutoff, days, shop_events, customer)
    history = histories.one(int(customer[1:]))
    before = [getattr(history, name).tobytes() for name in EVENT_ARRAYS]
    first = to_json(asked(customer, moment, 0.3).to_dict())
    assert to_json(asked(customer, moment, 0.3, history=history.known_by(moment)).to_dict()) == first
    assert to_json(asked(customer, moment, 0.3).to_dict()) == first
    assert [getattr(history, name).tobytes() for name in EVENT_ARRAYS] == before


def test_both_languages_carry_the_same_numbers(asked: Any, cutoff: int) -> None:
    for customer in ("c001", "c010", "c042"):
        english, chinese = (asked(customer, cutoff, 0.3, language=language) for language in ("en", "zh"))
        for one, other in zip(english.ways, chinese.ways, strict=True):
            assert [replace(step, text="") for step in one.steps] == [replace(step, text="") for step in other.steps]
            assert one.text != other.text


def test_without_a_plan_only_churn_is_asked_about(
    histories: Histories, bundle: Bundle, shop_with_steps: Book, practice: Practice, cutoff: int
) -> None:
    buyer = histories.one(1)
    found = next_steps(buyer, cutoff, bundle, None, shop_with_steps, practice, churn_below=0.01)
    assert [way.goal for way in found.ways] == ["churn"]
    assert found.degraded == ("no_plan",)
    assert next_steps(buyer, cutoff, bundle, None, shop_with_steps, practice).ways == ()


def test_who_never_bought_has_a_first_order_as_usual_in_the_book(
    asked: Any, shop_events: dict[str, list[Event]], cutoff: int
) -> None:
    firsts = [next((e.amount for e in events if e.type == "order"), None) for events in shop_events.values()]
    amounts = sorted(float(amount) for amount in firsts if amount is not None)
    found = asked("c000", cutoff)
    assert found.now.churn is None
    orders = [event for step in steps_of(found) for event in step.events if event.role == "purchase"]
    assert orders
    assert {event.amount for event in orders} == {amounts[(len(amounts) - 1) // 2]}
    assert all(event.like is None for event in orders)


def test_orders_have_the_sizes_and_the_pace_of_the_customer(book: Book, cutoff: int, practice: Practice) -> None:
    start = moment_of(cutoff, ZONE) - timedelta(days=100)
    sizes = [50.0, 20.0, 80.0, 500.0, 30.0, 40.0, 60.0]
    told = [
        Event("c", start + timedelta(days=8 * n), "order", amount=size, order_id=f"o{n}")
        for n, size in enumerate(sizes)
    ]
    habits = Habits(encode_customers([("c", told, {})], book), instant_of(told[-1].time))
    acts = acts_of(habits, (NextStep(type="order"),), book.roles, practice)
    assert [act.minor for act in acts] == [5_000, 8_000, 50_000]
    assert [act.most for act in acts] == [3, 3, 1]
    assert [act.cost for act in acts] == [10.0, 16.0, 100.0]
    assert [(act.usual, act.larger) for act in acts] == [(3, False), (3, True), (3, True)]
    assert [candidate.cost for candidate in candidates_of(acts)] == [10.0, 16.0, 20.0, 30.0, 32.0, 48.0, 100.0]


def test_who_is_long_silent_no_longer_carries_on(book: Book, cutoff: int, practice: Practice) -> None:
    start = moment_of(cutoff, ZONE) - timedelta(days=100)
    told = [Event("c", start + timedelta(days=8 * n), "order", amount=9.0, order_id=f"o{n}") for n in range(4)]
    history, last = encode_customers([("c", told, {})], book), instant_of(told[-1].time)

    def usual(days: int) -> list[int]:
        habits = Habits(history, add_days(last, days, ZONE))
        return [act.usual for act in acts_of(habits, (NextStep(type="order"),), book.roles, practice)]

    assert (usual(0), usual(7), usual(10)) == ([3], [3], [0])


def test_only_what_is_ours_to_offer_may_be_new_to_a_buyer_and_only_what_is_common_to_anybody(
    book: Book, cutoff: int
) -> None:
    roles = {"order": "purchase", "look": "visit", "talk": "meeting", "fair": "meeting"}
    steps = tuple(NextStep(type=type_) for type_ in ("look", "talk", "fair"))
    practice = Practice({"look": 0.9, "talk": 0.1, "fair": 0.09}, None)

    def feasible(*told: Event) -> list[str]:
        habits = Habits(encode_customers([("c", told, {})], book), cutoff)
        return [act.step.type for act in acts_of(habits, steps, roles, practice)]

    time = datetime(2024, 1, 1, tzinfo=UTC)
    refund, order, look = (Event("c", time, kind) for kind in ("refund", "order", "look"))
    assert feasible(refund) == ["look", "talk"]
    assert feasible(order) == ["talk"]
    assert feasible(order, look) == ["look", "talk"]
