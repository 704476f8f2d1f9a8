"""How events are told in both languages."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from data.book import Book
from data.events import ROLES, Event
from data.histories import Histories
from data.inline import encode_customers
from data.next_step import DEFAULT_COST, NextStep
from data.signals import Wording
from data.variants import plain_event
from serving.next_steps.answer import Replayed
from serving.next_steps.candidates import Act, Candidate
from serving.next_steps.goals import ChurnGoal
from serving.next_steps.wording import OF_ROLE, events_text, way_text
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
    assert events_text(one, bundle, "en").startswith("an order of about EUR 1,250")
    assert events_text(three, bundle, "en").startswith("3 orders of about EUR 1,250")
    assert events_text(three, bundle, "zh").startswith(" 3 笔订单（每次约 EUR 1,250")


def test_a_pair_is_told_in_the_words_of_the_book_or_with_its_type(history: Histories, bundle: Bundle) -> None:
    own, talk = act(OWN, "visit", history), act(NextStep(type="talk"), "meeting", history)
    assert events_text(Candidate(((own, 1), (talk, 1))), bundle, "en") == "a look and a meeting (talk)"
    assert events_text(Candidate(((own, 2), (talk, 2))), bundle, "zh") == "一次到店（共 2 次）和 2 次会面（talk）"
    several = NextStep(type="look", words=OWN.words, several=Wording(en="{count} looks", zh="{count} 次到店"))
    assert events_text(Candidate(((act(several, "visit", history), 2),)), bundle, "en") == "2 looks"
    braces = act(NextStep(type="a{b}"), "meeting", history)
    assert events_text(Candidate(((braces, 2),)), bundle, "en") == "2 meetings (a{b})"


def test_a_churn_is_told_apart_from_the_level_that_it_misses() -> None:
    now = Replayed(1.0, None, 0.35049, "gold")
    text = way_text(ChurnGoal(0.35), "none_within_reach", now, 3, "EUR", "en")
    assert text == "To a churn below 35% (today 35.05%): none within reach. 3 combinations were replayed."
    assert "(today 36%)" in way_text(ChurnGoal(0.35), "steps", replace(now, churn=0.36), 3, "EUR", "en")
