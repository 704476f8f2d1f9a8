import json
from dataclasses import asdict
from pathlib import Path

import pytest
from typer.testing import CliRunner

from serving.__main__ import app
from serving.engine import Engine
from serving.guard.guard import Limits
from serving.load.client import Turn
from serving.load.door import document, table
from serving.load.measure import CLIENTS, EMPTY, OURS, Loaded, typical_customers
from serving.workers import Task


def found(factor: float) -> Loaded:
    """Two turns, in which ours took `factor` times as long as the empty endpoint."""
    turns = [
        Turn(endpoint, clients, [times * clients * place for place in (1.0, 2.0, 3.0)], 0.5, 0, 200)
        for clients in CLIENTS
        for _ in range(2)
        for endpoint, times in ((EMPTY, 1.0), (OURS, factor))
    ]
    return Loaded("shop", "m1", 1, 6, 2, 200, tuple(turns))


def test_ratios_are_those_of_pairs_of_turns() -> None:
    assert found(2.5).ratios(1) == [2.5, 2.5]
    assert found(2.5).ratios(16, 99.0) == pytest.approx([2.5, 2.5])
    told = json.loads(document(found(2.5)))
    assert told["endpoints"][1] == {
        "p50_ms": 5.0,
        "p99_ms": 7.5,
        "requests_per_second": 6.0,
        "endpoint": OURS,
        "clients": 1,
    }
    assert table(found(2.5)).row_count == 4


def test_the_customers_with_about_as_many_events_are_asked_for(engine: Engine) -> None:
    customers, events = typical_customers(engine)
    everybody = engine.store.read_all()
    lengths = dict(zip(everybody.customer_ids, (everybody.offsets[1:] - everybody.offsets[:-1]).tolist(), strict=True))
    assert len(customers) == 64
    assert events == sorted(lengths[customer] for customer in customers)[31]
    assert max(lengths.values()) == lengths[customers[0]]


def test_a_task_survives_its_way_to_a_worker() -> None:
    task = Task("shop", None, "127.0.0.1", 3000, Limits(in_flight=3), empty=True)
    assert Task.from_json(task.to_json()) == task
    assert asdict(task)["limits"]["in_flight"] == 3


def test_the_door_measures_a_real_server(in_the_shop: Path) -> None:
    """The only test that starts servers; what it measures is not looked at."""
    done = CliRunner().invoke(app, ["load", "corner_shop.toml", "--requests", "100", "--out", "load.json"])
    assert done.exit_code == 0, done.output
    told = json.loads((in_the_shop / "load.json").read_text())
    assert {turn["failed"] for turn in told["turns"]} == {0}
    assert [len(told["ratios"][clients]["p50"]) for clients in ("1", "16")] == [10, 10]
    assert not list((in_the_shop / ".tierwise").glob("load-*"))
