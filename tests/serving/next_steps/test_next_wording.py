"""How events are told in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.events import ROLES, Event
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.histories.variants import plain_event
from data.settings.book import Book
from data.settings.next_step import DEFAULT_COST, NextStep
from data.settings.signals import Wording
from serving.next_steps.answer import Replayed
from serving.next_steps.candidates import Act, Candidate
from serving.next_steps.events_wording import OF_ROLE, happening
from serving.next_steps.goals import ChurnGoal, TierGoal
from serving.next_steps.replay import Outcome
from serving.next_steps.wording import nearest_text, way_text
from training.bundle import Bundle

OWN = NextStep(type="look", words=Wording(en="a look", zh="一次到店"))


@pytest.fixture(scope="module")
def history(book: Book) -> Histories:
    time = datetime(2024, 1, 1, tzinfo=UTC)
    return encode_customers([("c", [Event("c", time, "order", amount=1250.0)], {})], book)


def act(step: NextStep, role: str, history: Histories) -> Act:
    pattern = history if role == "purchase" else plain_event(history, step.type, ROLES.index(role))
    return Act(step, role, pattern, None, 3, 1.0)


def test_every_role_to_work_towards_has_words() -> None:
    assert OF_ROLE.keys() == DEFAULT_COST.keys()


def test_an_order_is_told_with_its_money(history: Histories, bundle: Bundle) -> None:
    order = act(NextStep(type="order"), "purchase", history)
    one, three = Candidate(((order, 1),)), Candidate(((order, 3),))
    assert happening(one, bundle, "en") == "they placed an order of about EUR 1,250"
    assert happening(three, bundle, "en") == "they placed 3 orders of about EUR 1,250 each"
    assert happening(three, bundle, "zh") == "客户下单 3 笔（每次约 EUR 1,250）"


def test_what_they_make_anyway_is_told_as_carrying_on(history: Histories, bundle: Bundle) -> None:
    order = replace(act(NextStep(type="order"), "purchase", history), usual=2)
    talk = act(NextStep(type="talk"), "meeting", history)
    assert happening(Candidate(((order, 2),)), bundle, "en").endswith(" each (carrying on as usual)")
    assert happening(Candidate(((order, 2),)), bundle, "zh").endswith("，即保持现有节奏")
    assert happening(Candidate(((order, 1),)), bundle, "en").endswith(" (fewer than usual)")
    assert happening(Candidate(((order, 3),)), bundle, "en").endswith(" each")
    assert "usual" not in happening(Candidate(((order, 1), (talk, 1))), bundle, "en")
    assert "as many as usual, but larger" in happening(Candidate(((replace(order, larger=True), 2),)), bundle, "en")


def test_a_pair_is_told_in_the_words_of_the_book_or_with_its_type(history: Histories, bundle: Bundle) -> None:
    own, talk = act(OWN, "visit", history), act(NextStep(type="talk"), "meeting", history)
    assert happening(Candidate(((own, 1), (talk, 1))), bundle, "en") == "a look and a meeting (talk) followed"
    assert happening(Candidate(((own, 2), (talk, 2))), bundle, "zh") == "有一次到店（共 2 次）和 2 次会面（talk）"
    several = NextStep(type="look", words=OWN.words, several=Wording(en="{count} looks", zh="{count} 次到店"))
    assert happening(Candidate(((act(several, "visit", history), 2),)), bundle, "en") == "2 looks followed"
    braces = act(NextStep(type="a{b}"), "meeting", history)
    assert happening(Candidate(((braces, 2),)), bundle, "en") == "2 meetings (a{b}) followed"


def test_what_is_the_customers_own_doing_is_told_as_theirs(history: Histories, bundle: Bundle) -> None:
    ask, talk = (act(NextStep(type=role), role, history) for role in ("quote", "meeting"))
    order = act(NextStep(type="order"), "purchase", history)
    assert happening(Candidate(((ask, 1),)), bundle, "en") == "they asked for a quote"
    assert happening(Candidate(((ask, 1),)), bundle, "zh") == "客户提出一次报价请求"
    assert happening(Candidate(((talk, 1), (ask, 1))), bundle, "en") == "a meeting followed and they asked for a quote"
    assert happening(Candidate(((talk, 1), (ask, 1))), bundle, "zh") == "有一次会面，且客户提出一次报价请求"
    assert happening(Candidate(((ask, 1), (order, 1))), bundle, "zh").startswith("客户提出一次报价请求并下单一笔")


def test_the_nearest_below_today_is_told_to_slow_a_decline(history: Histories, bundle: Bundle) -> None:
    talk = Candidate(((act(NextStep(type="meeting"), "meeting", history), 1),))
    now, better, worse = (Replayed(value, None, churn, "silver") for value, churn in ((50, 0.5), (60, 0.4), (40, 0.6)))
    without = Replayed(30.0, None, 0.7, "silver")
    lifted, slowed = (Outcome(talk, bundle.cutoff, seen, without) for seen in (better, worse))
    gold, loyal = TierGoal("gold", 100.0, ""), ChurnGoal(0.3)
    assert nearest_text(lifted, now, gold, bundle, "en").startswith("The nearest: if a meeting followed within 30 days")
    text = nearest_text(slowed, now, gold, bundle, "en")
    assert text.startswith("At best it would slow the decline: if a meeting followed within 30 days")
    assert "EUR 40.00 instead of EUR 30.00 (today EUR 50.00)" in text
    assert nearest_text(slowed, now, gold, bundle, "zh").startswith("最多只能减缓下降：")
    assert "the rise: " in nearest_text(slowed, now, loyal, bundle, "en")
    assert "60% instead of 70% (today 50%)" in nearest_text(slowed, now, loyal, bundle, "en")


def test_a_churn_is_told_apart_from_the_level_that_it_misses() -> None:
    now = Replayed(1.0, None, 0.35049, "gold")
    text = way_text(ChurnGoal(0.35), "none_within_reach", now, 3, "EUR", "en")
    assert text == "To a churn below 35% (today 35.05%): none within reach (combinations replayed: 3)."
    assert "(today 36%)" in way_text(ChurnGoal(0.35), "steps", replace(now, churn=0.36), 3, "EUR", "en")
