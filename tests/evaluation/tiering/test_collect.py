"""Overridden accounts from a ledger, by hand."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from data.clock import add_days, end_of_day
from evaluation.tiering import collect as room
from evaluation.tiering.collect import NO_PEERS, collect
from evaluation.tiering.measure import by_hand
from serving.ledger.ledger import Ledger
from serving.ledger.override import UNRECORDED, Override

START = end_of_day(date(2024, 1, 31), "UTC")
LATER = end_of_day(date(2024, 2, 29), "UTC")
UNTIL = end_of_day(date(2024, 6, 30), "UTC")


def override(customer: str, tier: str, starts: int = START, **more: object) -> Override:
    given = {"tier_then": "silver", "value_then": 40.0, "model_version": "m1", **more}
    return Override(
        id=UNRECORDED, customer_id=customer, tier=tier, by="Li", reason="knows them", starts=starts,
        expires=starts + 5, recorded=starts, churn_then=None, **given,
    )  # fmt: skip


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    made = Ledger.open("shop", tmp_path)
    tiers = {"ann": "silver", "bob": "silver", "cat": "gold", "dan": "silver"}
    made.write_tiers(START, "p1", "m1", [(customer, tier, False) for customer, tier in tiers.items()])
    return made


@pytest.fixture
def people(make_book, histories, at):
    book = make_book()
    events = {name: [at(3), at(40, amount=10.0 * (turn + 1))] for turn, name in enumerate(("ann", "bob", "cat", "dan"))}
    return book, histories(book, events)


@pytest.fixture(autouse=True)
def models_say(monkeypatch) -> None:
    def predictions(known, cutoff, bundle):
        assert known.time.max() <= cutoff
        return {"lifetime_value": np.array([float(len(name)) for name in known.customer_ids]) * 10}

    monkeypatch.setattr(room, "predictions", predictions)


def test_without_overrides_there_is_nothing_to_measure(ledger, people) -> None:
    assert collect(ledger, *people, UNTIL, lambda version: object()) is None
    assert by_hand(None, UNTIL, seed=1) == ()


def test_accounts_and_peers_stand_over_the_same_horizon(ledger, people) -> None:
    ledger.record(override("ann", "gold"))
    book, told = people
    found = collect(ledger, book, told, UNTIL, lambda version: object())
    assert found is not None
    assert found.accounts.customer.tolist() == [0]
    assert found.accounts.predicted.tolist() == [40.0]
    assert found.accounts.realised.tolist() == [10.0]
    assert found.accounts.ends.tolist() == [add_days(START, 60, "UTC")]
    assert (found.place.tolist(), found.place_then.tolist()) == ([1], [2])
    silver = found.peers.stratum == found.accounts.stratum[0]
    assert found.peers.customer.tolist() == [1, 2, 3]
    assert found.peers.customer[silver].tolist() == [1, 3]
    assert found.peers.realised.tolist() == [20.0, 30.0, 40.0]
    assert found.peers.predicted.tolist() == [30.0, 30.0, 30.0]
    assert {row.split: row.n for row in by_hand(found, UNTIL, seed=1)} == {"all": 1, "raised": 1, "lowered": 0}


def test_who_was_ever_overridden_is_nobodys_peer(ledger, people) -> None:
    ledger.record(override("ann", "gold"))
    ledger.record(override("bob", "bronze", LATER))
    ledger.withdraw("ann", by="Wang", reason="wrong", ends=START + 1, recorded=START + 1)
    found = collect(ledger, *people, UNTIL, lambda version: object())
    assert found is not None
    assert found.accounts.customer.tolist() == [0, 1]
    assert sorted(set(found.peers.customer.tolist())) == [2, 3]
    assert len(set(found.accounts.stratum.tolist())) == 2


def test_without_the_model_of_then_or_a_tier_of_then_there_are_no_peers(ledger, people) -> None:
    ledger.record(override("ann", "gold", tier_then=None))
    ledger.record(override("gone", "gold"))
    found = collect(ledger, *people, UNTIL, lambda version: None)
    assert found is not None
    assert found.accounts.stratum.tolist() == [NO_PEERS]
    assert (len(found.peers), found.missing) == (0, 1)
