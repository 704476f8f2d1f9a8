"""What customers are called never reaches logs, metrics or refusals, whatever is wrong with a request."""

import copy
import json
import logging
import random
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from serving.guard.routes import ROUTES

CANARY = "Geheim张GmbH"
MARKS = ("geheim", "张", quote("张"), "\\u5f20")
EVENT = {
    "time": "2024-03-01T10:00:00+01:00",
    "known_time": "2024-03-01T10:00:00+01:00",
    "type": "order",
    "amount": 12.5,
    "quantity": 1.0,
    "product": "p",
    "category": "c",
    "channel": "web",
    "order_id": "o1",
    "attributes": {"colour": "red"},
}
ASKED = {
    "customers": [{"customer_id": "x", "events": [EVENT], "profile": {"country": "DE", "staff": 3}}],
    "cutoff": "2024-04-01",
    "language": "en",
}
HEADERS = ("authorization", "cookie", "x-request-id", "user-agent", "origin", "referer", "x-forwarded-for", "accept",
           "content-type", "content-encoding", "sec-fetch-site", "if-none-match", "host", "x-name")  # fmt: skip
PLAIN = {"content-type": "application/json"}
Sent = tuple[str, str, bytes, dict[str, bytes]]


def places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Every place within a JSON value."""
    yield path
    if isinstance(value, dict | list):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from places(part, (*path, key))


def with_canary(chance: random.Random) -> Any:
    """A request with the canary somewhere: as a value, in a value of the wrong kind, or as the name of a field."""
    place = chance.choice(list(places(ASKED))[1:])
    wrong = chance.choice([CANARY, [CANARY], {CANARY: CANARY}, {"customer_id": CANARY, CANARY: 1}, CANARY * 500])
    whole = copy.deepcopy(ASKED)
    inner: Any = whole
    for key in place[:-1]:
        inner = inner[key]
    if isinstance(inner, dict) and chance.random() < 0.5:
        inner[CANARY] = wrong
    inner[place[-1]] = wrong
    return whole


def invalid_body(chance: random.Random) -> Sent:
    plain = json.dumps(with_canary(chance), ensure_ascii=chance.random() < 0.5).encode()
    cut = chance.choice([len(plain), len(plain), chance.randrange(len(plain))])
    path = chance.choice([route.pattern for route in ROUTES if "POST" in route.methods])
    return "POST", path.replace("{customer_id}", quote(CANARY)), plain[:cut], {}


def invalid_value(chance: random.Random) -> Sent:
    """A request whose form is right."""
    change: dict[str, Any] = chance.choice(
        [{"cutoff": CANARY}, {"customers": [{"customer_id": CANARY}] * 2}, {CANARY + ".x": 1}, {"language": CANARY}]
    )
    return "POST", "/v1/recommendations", json.dumps({**ASKED, **change}).encode(), {}


def invalid_header(chance: random.Random) -> Sent:
    name, value = chance.choice(HEADERS), chance.choice([CANARY, f"Bearer {CANARY}", f"tierwise={CANARY}"])
    broken = json.dumps({"customers": CANARY}).encode()
    return "POST", "/v1/recommendations", broken, {name: value.encode()}


def invalid_path(chance: random.Random) -> Sent:
    start = chance.choice(["/", "/v1/", "/static/", *(route.pattern.replace("{", "x") + "/" for route in ROUTES)])
    query = chance.choice(["", f"?search={quote(CANARY)}&{quote(CANARY)}=1"])
    method = chance.choice(["GET", "POST", "PUT", "HEAD", "OPTIONS"])
    return method, f"{start}{quote(CANARY)}%FF"[: chance.choice([60, 999])] + query, b"", {}


def invalid_form(chance: random.Random) -> Sent:
    path = chance.choice(["/sign-in", "/sign-out", f"/customers/{quote(CANARY)}/override"])
    media = chance.choice(["multipart/form-data; boundary=x", "text/plain", CANARY])
    return "POST", path, f"key={quote(CANARY)}".encode(), {"content-type": media.encode()}


def test_a_thousand_invalid_requests_leave_no_trace_of_a_customer(
    client: Any, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    chance = random.Random(5)
    kinds = (invalid_body, invalid_body, invalid_value, invalid_header, invalid_path, invalid_form)
    statuses: dict[int, int] = {}
    for _ in range(1_000):
        method, path, body, headers = chance.choice(kinds)(chance)
        answer: httpx.Response = client.request(method, path, content=body, headers={**PLAIN, **headers})
        statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
        if answer.status_code >= 400:
            unmarked(f"{answer.text} {dict(answer.headers)}")
    unmarked(" ".join(told(record) for record in caplog.records if record.name not in ("httpx", "asyncio")))
    unmarked("".join(capfd.readouterr()))
    unmarked(client.get("/metrics").text)
    assert sum(number for status, number in statuses.items() if 400 <= status < 500) > 900
    assert not any(status >= 500 for status in statuses)


def unmarked(text: str) -> None:
    assert not any(mark.lower() in text.lower() for mark in MARKS)


def told(record: logging.LogRecord) -> str:
    return logging.Formatter().format(record)
