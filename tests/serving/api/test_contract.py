"""The whole document against a running server: cases by schemathesis, every one of its checks.

`TIERWISE_CONTRACT_CASES=600` asks for so many random cases of each operation, and for those that cover every keyword
of the document besides; the default is a quick look.
"""

import os
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
import uvicorn

from serving.engine import Engine
from serving.guard.guard import Limits
from serving.openapi import document
from serving.service import service_for
from tests.serving.api.conftest import MINE, NEVER_BUYS, OTHERS

ASKED = os.environ.get("TIERWISE_CONTRACT_CASES")
CASES = int(ASKED or 8)
PEOPLE = (MINE, OTHERS, NEVER_BUYS, "nobody")
TYPES = ("order", "look", "refund")
DAYS = ("2024-05-19", "2024-05-25", "2024-04-30T12:00:00+02:00")
MOMENTS = ("2024-05-19T10:00:00+02:00", "2024-05-20T10:00:00+02:00", "2024-03-01T09:30:00Z")

CONFIG = {
    "seed": 7,
    "generation": {"max-examples": CASES, "deterministic": True, "database": "none"},
    # 422: what has the form of a request may still ask for what is not: a type that the book lacks, a day before it
    "checks": {"positive_data_acceptance": {"expected-statuses": ["2xx", "403", "404", "422"]}},
    "phases": {"stateful": {"enabled": False}, "coverage": {"enabled": ASKED is not None}},
}


@pytest.fixture
def address(desk: Engine) -> Iterator[str]:
    """Where a server of the shop listens."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        app = service_for(lambda: desk, limits=Limits(requests_per_minute=0)).to_asgi()
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False, server_header=False))
        running = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        running.start()
        while not server.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        running.join()


def plausible(value: Any, name: str = "") -> Any:
    """The same values, where half of those that a book would know are ones that the shop does know: so that cases get
    beyond the doors. What violates the document stays as it is."""
    if isinstance(value, dict):
        return {key: plausible(each, key) for key, each in value.items()}
    if isinstance(value, list):
        return [plausible(each, name) for each in value]
    known = {"customer_id": PEOPLE, "type": TYPES, "cutoff": DAYS, "as_of": DAYS[1:], "until": DAYS[1:2]}.get(name)
    if name == "time" and is_time(value):
        known = MOMENTS
    if known is None or not isinstance(value, str) or not 0 < len(value) <= 40 or len(value) % 4 == 3 or "\0" in value:
        return value
    return known[sum(map(ord, value)) % len(known)]


def is_time(value: Any) -> bool:
    """Whether it is what the document calls a time."""
    try:
        return isinstance(value, str) and datetime.fromisoformat(value).tzinfo is not None
    except ValueError:
        return False


def test_the_service_keeps_what_its_document_promises(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    schemathesis = pytest.importorskip("schemathesis")
    from schemathesis.config import SchemathesisConfig
    from schemathesis.engine import events, from_schema

    schema = schemathesis.openapi.from_dict(document(), config=SchemathesisConfig.from_dict(CONFIG))
    schema.config.update(base_url=address)

    @schema.hook
    def map_body(context: Any, body: Any) -> Any:
        return plausible(body)

    @schema.hook
    def map_path_parameters(context: Any, given: Any) -> Any:
        return plausible(given)

    @schema.hook
    def map_query(context: Any, given: Any) -> Any:
        return plausible(given)

    statuses: Counter[str] = Counter()
    failures: list[str] = []
    for event in from_schema(schema).execute():
        if isinstance(event, events.ScenarioFinished):
            for exchange in event.recorder.interactions.values():
                statuses[str(exchange.response.status_code) if exchange.response else "none"] += 1
            failures += [
                f"{event.recorder.label}: {check.failure_info.failure}\n{check.failure_info.code_sample}"
                for checks in event.recorder.checks.values()
                for check in checks
                if check.failure_info is not None
            ]
        elif isinstance(event, events.NonFatalError | events.FatalError):
            failures.append(str(getattr(event, "info", event)))
    with capsys.disabled():
        if ASKED:
            print(f"\n{sum(statuses.values()):,} cases: {dict(sorted(statuses.items()))}; {len(failures)} failures")
    assert not failures, "\n\n".join(failures[:10])
    assert not any(status.startswith("5") for status in statuses)
