"""One customer of 200 events: from arrays, and from the JSON of a request."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.clock import moment_of
from data.events import ROLES
from data.handover import Customer
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from features.bench.race import SEED, WHOLE
from features.bench.world import BOOK, CUTOFFS, EVENTS_A_CUSTOMER, WORDS, hashes_of, random_histories
from features.build import build_features

EVENTS = 200
REPEATS = 500


@dataclass(frozen=True)
class Latency:
    """Wall and CPU milliseconds of many calls, each ascending; where others use the machine, wall tells of them."""

    what: str
    wall: tuple[float, ...]
    cpu: tuple[float, ...]


def at(share: float, milliseconds: Sequence[float]) -> float:
    """The time that this share of the calls stayed within."""
    return milliseconds[round(share * (len(milliseconds) - 1))]


def latencies() -> Iterator[Latency]:
    """All features of the whole catalogue at one cutoff."""
    body = body_of(random_histories(["c"] * (2 * EVENTS // EVENTS_A_CUSTOMER + 1), SEED))
    arrays = from_json(body)
    yield timed(f"one customer of {arrays.events} events, from arrays", lambda: of_one(arrays))
    yield timed("the same from JSON, through validation", lambda: of_one(from_json(body)))


def of_one(histories: Histories) -> object:
    """All features of one customer."""
    return build_features(histories, CUTOFFS[:1], WHOLE)


def from_json(body: bytes) -> Histories:
    """What a request undergoes: the customer is parsed and validated, and the events are tested and encoded."""
    return encode_customers([Customer.model_validate_json(body).history], BOOK)


def body_of(histories: Histories) -> bytes:
    """A customer with the first 200 events as a caller writes them down."""
    told = [event_of(histories, row) for row in range(EVENTS)]
    return json.dumps({"customer_id": "c", "events": told}).encode()


def event_of(histories: Histories, row: int) -> dict[str, object]:
    """One event with all that it says; an order and an amount where it has them."""
    words = {name: WORDS[name][hashes_of(name).tolist().index(getattr(histories, name)[row])] for name in WORDS}
    contact = words.pop("contact")
    told = {
        **words,
        "attributes": {"contact": contact},
        "type": ROLES[histories.role[row]],
        "time": moment_of(int(histories.time[row]), "UTC").isoformat(),
        "quantity": float(histories.quantity[row]),
    }
    if not histories.priced[row]:
        return told
    return {**told, "order_id": f"o{histories.order[row]}", "amount": int(histories.amount[row]) / 100}


def timed(what: str, work: Callable[[], object]) -> Latency:
    """Many calls, one after the other."""
    wall, cpu = [], []
    for _ in range(REPEATS):
        start, begun = time.perf_counter(), time.thread_time()
        work()
        cpu.append(1000 * (time.thread_time() - begun))
        wall.append(1000 * (time.perf_counter() - start))
    return Latency(what, tuple(sorted(wall)), tuple(sorted(cpu)))
