from functools import cache
from pathlib import Path

import numpy as np
import pytest

from data.histories.histories import Histories
from data.histories.inline import encode_customers
from data.settings.book import Book
from features.build import build_features
from tests.training.world import CUTOFF, START, a_book, an_event, customers, taught
from training.bundle import Bundle
from training.horizons import LOSSES

NET = 'value = "net"'
MARGIN = 'value = "margin"\nmargin = { rate = 0.3 }\nservice_cost = { visit = 3.0 }'
BOOKS = pytest.mark.parametrize("money", [NET, MARGIN])
HORIZON = 20


def the_book(money: str) -> Book:
    return a_book(horizon=HORIZON, beside=(40,), money=money)


@cache
def world(money: str) -> Histories:
    """Every third order comes back five days later, and with it three times as much as it brought."""
    rng = np.random.default_rng(9)
    people = []
    for name, events, country in customers(160):
        back = [event for event in events if event.type == "order" and rng.random() < 1 / 3]
        refunds = [
            an_event(name, (event.time - START).total_seconds() / 86_400 + 5, "refund", -3.0 * (event.amount or 0.0))
            for event in back
        ]
        people.append((name, (*events, *refunds), {"country": country}))
    return encode_customers(people, the_book(money))


@cache
def trained(money: str) -> Bundle:
    return taught(the_book(money), world(money))


def the_features(money: str) -> np.ndarray:
    return build_features(world(money), [CUTOFF], trained(money).spec)[0]


@BOOKS
def test_what_is_taken_off_has_a_model_of_its_own_and_value_may_be_negative(money: str) -> None:
    scores = trained(money).predict(the_features(money))
    assert LOSSES in trained(money).models
    assert (scores.lifetime_value < 0).any()
    assert (scores.lifetime_value > 0).any()


@BOOKS
def test_base_and_contributions_are_the_value_in_money(money: str) -> None:
    features = the_features(money)
    value, explained = trained(money).predict(features).lifetime_value, trained(money).explain(features)
    found = explained["lifetime_value"]
    assert set(explained) == {"lifetime_value", "conversion", "churn"}
    total = found.base_value + found.contributions.sum(axis=1)
    np.testing.assert_allclose(total, value, rtol=0, atol=1e-9)
    np.testing.assert_allclose(found.score, value, rtol=0, atol=1e-9)


@BOOKS
def test_a_net_bundle_is_saved_and_loaded_to_the_last_bit(money: str, tmp_path: Path) -> None:
    saved, features = trained(money), the_features(money)
    loaded = Bundle.load(saved.save(tmp_path))
    assert loaded.version == saved.version
    one, other = saved.predict(features), loaded.predict(features)
    assert one.lifetime_value.tobytes() == other.lifetime_value.tobytes()
    for level, ends in one.ranges.items():
        assert [end.tobytes() for end in ends] == [end.tobytes() for end in other.ranges[level]]
    for part in ("base_value", "contributions", "score"):
        ours, theirs = (getattr(bundle.explain(features)["lifetime_value"], part) for bundle in (saved, loaded))
        assert ours.tobytes() == theirs.tobytes()


@BOOKS
def test_ranges_reach_below_zero_and_hold_the_value(money: str) -> None:
    scores = trained(money).predict(the_features(money))
    (low, high), (low_80, high_80) = scores.ranges[90], scores.ranges[80]
    assert (low < 0).any()
    assert (low <= low_80).all()
    assert (low_80 <= scores.lifetime_value).all()
    assert (scores.lifetime_value <= high_80).all()
    assert (high_80 <= high).all()


def test_another_kind_of_money_is_another_question() -> None:
    assert trained(NET).settings != trained(MARGIN).settings
    assert trained(NET).cold_start["lifetime_value"] > trained(MARGIN).cold_start["lifetime_value"]
