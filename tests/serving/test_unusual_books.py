"""Answers of a book whose conversion has never happened, and of one whose value is net."""

import json
from functools import cache

import numpy as np
import pytest

from data.histories.histories import Histories
from data.histories.inline import encode_customers
from serving.answer_schema import ANSWER_SCHEMAS
from serving.batch.rows import row
from serving.degraded import CONVERSION_NOT_LEARNT
from serving.recommend import recommend
from serving.recommendation import Recommendation, to_json
from serving.terminal import lines
from tests.training.world import CUTOFF, START, a_book, an_event, customers, taught
from training.bundle import Bundle

NEVER = a_book('["dream"]', 20)
NET = a_book(horizon=20, money='value = "net"')


@cache
def never() -> tuple[Bundle, Histories]:
    world = encode_customers([(name, events, {}) for name, events, _ in customers(100)], NEVER)
    return taught(NEVER, world), world


@cache
def net() -> tuple[Bundle, Histories]:
    """Every third order comes back five days later, and with it twice as much as it brought."""
    people = []
    for name, events, _ in customers(100):
        orders = [event for event in events if event.type == "order"][::3]
        days = [(event.time - START).total_seconds() / 86_400 + 5 for event in orders]
        back = [an_event(name, day, "refund", -2 * (o.amount or 0)) for day, o in zip(days, orders, strict=True)]
        people.append((name, (*events, *back), {}))
    world = encode_customers(people, NET)
    return taught(NET, world), world


def answers(world: tuple[Bundle, Histories]) -> list[Recommendation]:
    bundle, histories = world
    return recommend(histories, CUTOFF, bundle, None)


def test_a_conversion_that_never_happened_is_null_with_a_code_that_says_why() -> None:
    for answer in answers(never()):
        plain = json.loads(to_json(answer.to_dict()))
        assert plain["conversion"]["value"] is plain["conversion"]["expected_days"] is None
        assert [ahead["value"] for ahead in plain["conversion"]["by_horizon"]] == [None]
        assert plain["reasons"]["conversion"] is None
        assert CONVERSION_NOT_LEARNT.code in plain["degraded"]
        assert json.loads(str(row(answer)["conversion"]))["value"] is None


@pytest.mark.parametrize(("language", "word"), [("en", "had never happened"), ("zh", "从未发生")])
def test_the_terminal_leaves_a_conversion_out_and_says_why(language, word: str) -> None:
    told = list(lines(answers(never())[1], language))
    assert not [line for line in told if line.startswith(("Conversion", "转化"))]
    assert word in told[-1] + told[-2]


def test_somebody_unknown_gets_no_conversion_either() -> None:
    bundle, _ = never()
    stranger = encode_customers([("nobody", (), {})], NEVER)
    (answer,) = recommend(stranger, CUTOFF, bundle, None)
    assert answer.conversion.value is None
    assert answer.lifetime_value.value > 0


def test_the_document_allows_a_conversion_of_null() -> None:
    assert {"type": "null"} in ANSWER_SCHEMAS["Conversion"]["properties"]["value"]["anyOf"]


def test_net_value_is_explained_in_money() -> None:
    bundle, _ = net()
    told = answers(net())
    assert min(answer.lifetime_value.value for answer in told) < 0
    for answer in told:
        whole = answer.breakdowns["lifetime_value"]
        assert whole.unit == bundle.currency
        assert whole.base_value + whole.contributions.sum() == pytest.approx(answer.lifetime_value.value, abs=1e-9)
        assert answer.reasons["lifetime_value"] is not None
        assert answer.reasons["lifetime_value"].unit == bundle.currency
        assert np.isfinite([answer.lifetime_value.low, answer.lifetime_value.high]).all()
    assert bundle.degraded == ()
