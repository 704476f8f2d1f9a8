"""One explained recommendation over HTTP, beside an empty endpoint of the same server: who is asked, and how long."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median

import numpy as np

from data.clock import isoformat
from serving.bench.wire import HOST, JSON
from serving.engine import Engine
from serving.errors import ServingError
from serving.guard.routes import RECOMMENDATIONS
from serving.load.client import Turn
from serving.load.server import ROOT, running
from serving.workers import Task

OURS, EMPTY = "one recommendation", "empty endpoint"
CLIENTS = (1, 16)
TURNS = 10
EVENTS = 200
"""Customers with about so many events are asked for."""

ASKED = 64
"""So many of them, again and again, each time at another moment, so that no answer was given before."""

SECOND = 1_000_000


@dataclass(frozen=True)
class Loaded:
    """All turns of both endpoints, and who was asked for: how many customers, and their median number of events."""

    book: str
    model_version: str
    workers: int
    requests: int
    customers: int
    events: int
    turns: tuple[Turn, ...]

    def of(self, endpoint: str, clients: int) -> list[Turn]:
        """The turns of one endpoint with so many clients."""
        return [turn for turn in self.turns if (turn.endpoint, turn.clients) == (endpoint, clients)]

    def ratios(self, clients: int, share: float = 50.0) -> list[float]:
        """How many times the empty endpoint's time ours took, turn by turn, at a percentile, ascending."""
        pairs = zip(self.of(OURS, clients), self.of(EMPTY, clients), strict=True)
        return sorted(
            float(np.percentile(ours.milliseconds, share) / np.percentile(empty.milliseconds, share))
            for ours, empty in pairs
        )


def measured(
    engine: Engine, task: Task, home: Path, workers: int, requests: int, key: str | None, advance: Callable[[str], None]
) -> Loaded:
    """Starts both servers and asks them in turns. Raises ServingError where one does not start, or does not answer.

    The ledger that is written is a copy, which is thrown away, where it is a file.
    """
    customers, events = typical_customers(engine)
    texts = list(_requests(engine, customers, requests, key))
    advance("starting the servers")
    with (
        _ledger_apart(engine, home) as variables,
        running(task, workers, variables) as ours,
        running(replace(task, empty=True), workers, variables) as empty,
    ):
        advance("asking")
        found = _asked({OURS: ours, EMPTY: empty}, texts)
    wrong = next((turn for turn in found if turn.failed), None)
    if wrong:
        hint = "; keys are on: give one with --key" if wrong.status in (401, 403) else ""
        raise ServingError(f"{wrong.endpoint}: {wrong.failed:,} requests were answered with {wrong.status}{hint}")
    return Loaded(engine.book.name, engine.bundle.version, workers, len(texts), len(customers), events, tuple(found))


def typical_customers(engine: Engine) -> tuple[list[str], int]:
    """The stored customers whose number of events is nearest to EVENTS, and the median of it."""
    found = []
    for number in range(engine.store.buckets):
        histories = engine.store.read(number)
        lengths = np.diff(histories.offsets)
        nearest = np.argsort(np.abs(lengths - EVENTS), kind="stable")[:ASKED].tolist()
        found += [(abs(int(lengths[row]) - EVENTS), histories.customer_ids[row], int(lengths[row])) for row in nearest]
    chosen = sorted(found)[:ASKED]
    return [customer for _, customer, _ in chosen], int(median(events for _, _, events in chosen))


def _requests(engine: Engine, customers: Sequence[str], number: int, key: str | None) -> Iterator[str]:
    """One customer each, a second earlier every time: no two answers are the same."""
    zone, head = engine.book.time_zone, [f"authorization: Bearer {key}"] if key else []
    for place in range(number):
        cutoff = isoformat(engine.latest_cutoff - place * SECOND, zone)
        body = json.dumps({"customers": [{"customer_id": customers[place % len(customers)]}], "cutoff": cutoff})
        lines = (f"POST {RECOMMENDATIONS} HTTP/1.1", f"host: {HOST}", JSON, f"content-length: {len(body)}", *head)
        yield "\r\n".join((*lines, "", body))


def _asked(ports: dict[str, int], texts: Sequence[str]) -> list[Turn]:
    asked = {"ports": ports, "requests": texts, "clients": CLIENTS, "turns": TURNS}
    done = subprocess.run(
        [sys.executable, "-m", "serving.load.client"],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    if done.returncode:
        raise ServingError(f"the clients gave up: {done.stderr.strip().splitlines()[-1]}")
    return [Turn(**plain) for plain in json.loads(done.stdout)]


@contextmanager
def _ledger_apart(engine: Engine, home: Path) -> Iterator[dict[str, str]]:
    """The variables that have a server write to a copy of the ledger; none where a database server keeps it."""
    file = engine.ledger.database.file
    if file is None:
        yield {}
        return
    folder = Path(tempfile.mkdtemp(dir=home, prefix="load-"))
    try:
        if file.is_file():
            with closing(sqlite3.connect(file)) as ours, closing(sqlite3.connect(folder / file.name)) as copy:
                ours.backup(copy)
        yield {"TIERWISE_LEDGER": f"sqlite:///{(folder / file.name).resolve()}"}
    finally:
        shutil.rmtree(folder, ignore_errors=True)
