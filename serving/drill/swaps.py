"""Promotions while others ask: nobody's request fails, and no answer mixes two versions."""

import http.client
import itertools
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from data.handover import Customer
from serving.engine import Engine
from serving.guard.routes import RECOMMENDATIONS
from serving.load.server import running
from serving.schema import RecommendationRequest
from serving.workers import Task
from training.bundle import Bundle
from training.shelf import promote

MORE = 0.1
"""What the other model adds to the start of value, on its link scale: its answers differ for everybody."""

PATIENCE = 60.0
CLIENTS = 4


@dataclass
class Found:
    """How many requests were answered as one of the two models answers, how many otherwise or not at all; how many
    promotions were taken up, the milliseconds of each request, and what was said where a worker was not ready."""

    whole: int = 0
    mixed: int = 0
    failed: int = 0
    promotions: int = 0
    versions: set[str] = field(default_factory=set)
    milliseconds: list[float] = field(default_factory=list)
    unready: list[str] = field(default_factory=list)


def other_than(bundle: Bundle) -> Bundle:
    """Another model of the same book, which expects more money of everybody."""
    value = bundle.models["lifetime_value"]
    models = {**bundle.models, "lifetime_value": replace(value, start=value.start + MORE)}
    return replace(bundle, models=models).with_golden_scores()


def swap(engine: Engine, task: Task, folder: Path, workers: int, number: int, advance: Callable[[int], None]) -> Found:
    """Promotes two models in turns, so many times, in `folder`, the working folder of a server that others ask all the
    while. `engine` answers with the first of them."""
    home = folder / ".tierwise"
    customers = engine.store.customers()[:20]
    other = other_than(engine.bundle)
    promote(other, home)
    models = (engine.bundle, other)
    expected = {
        each.version: _expected(
            Engine.open(task.book_name, home, _path(task), version=each.version, own_ledger=task.own_ledger), customers
        )
        for each in models
    }
    promote(engine.bundle, home)
    found, ended, lock = Found(), threading.Event(), threading.Lock()

    def ask(port: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        for customer in itertools.cycle(customers):
            if ended.is_set():
                return
            started = time.perf_counter()
            try:
                status, answer = _ask(connection, customer)
            except (OSError, http.client.HTTPException, ValueError):
                status, answer = 0, {}
                connection.close()
            took = 1e3 * (time.perf_counter() - started)
            with lock:
                _note(found, status, answer, expected, customer, took)

    with running(task, workers, folder=folder) as port:
        askers = [threading.Thread(target=ask, args=(port,)) for _ in range(CLIENTS)]
        for asker in askers:
            asker.start()
        try:
            for place in range(number):
                version = promote(models[(place + 1) % 2], home).name
                found.promotions += _is_taken_up(port, version, 4 * workers if workers > 1 else 1, found)
                advance(1)
        finally:
            ended.set()
            for asker in askers:
                asker.join()
    return found


def _note(
    found: Found, status: int, answer: dict[str, Any], expected: dict[str, dict[str, Any]], customer: str, took: float
) -> None:
    found.milliseconds.append(took)
    if status != 200:
        found.failed += 1
    elif answer == expected.get(answer["model_version"], {}).get(customer):
        found.whole += 1
        found.versions.add(answer["model_version"])
    else:
        found.mixed += 1


def _expected(engine: Engine, customers: Sequence[str]) -> dict[str, Any]:
    asked = RecommendationRequest(customers=[Customer(customer_id=customer) for customer in customers])
    return {answer.customer_id: json.loads(json.dumps(answer.to_dict())) for answer in engine.answer(asked)}


def _ask(connection: http.client.HTTPConnection, customer: str) -> tuple[int, dict[str, Any]]:
    body = json.dumps({"customers": [{"customer_id": customer}]})
    connection.request("POST", RECOMMENDATIONS, body, {"content-type": "application/json"})
    response = connection.getresponse()
    plain = json.loads(response.read())
    return response.status, plain["recommendations"][0] if response.status == 200 else {}


def _is_taken_up(port: int, version: str, looks: int, found: Found) -> bool:
    """Whether so many looks in a row find the version in time; what a worker that is not ready says is noted."""
    end, good = time.monotonic() + PATIENCE, 0
    while good < looks and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=PATIENCE) as answer:
                good = good + 1 if json.load(answer)["model_version"] == version else 0
        except urllib.error.HTTPError as error:
            good = 0
            found.unready.append(str(json.load(error).get("detail", error.code)))
        time.sleep(0.05)
    return good >= looks


def _path(task: Task) -> Path | None:
    return Path(task.path) if task.path else None
