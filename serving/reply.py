"""What goes back to the caller: answers with the service's headers, refusals as problems."""

import json
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Send

from serving.problem import MEDIA_TYPE, Problem, of_validation

SECURITY_HEADERS = (
    (b"cache-control", b"no-store"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self' 'unsafe-inline'; frame-ancestors 'none'",
    ),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)

FAULT = "something went wrong here; the log knows this request's id"
WORDS = {500: FAULT, 503: "not ready: the model is not loaded or the store cannot be read"}


@dataclass
class Visit:
    """One request on its way: its id, and the status it was answered with."""

    request_id: str
    started: float = field(default_factory=time.perf_counter)
    status: int = 0


class Reply:
    """The send channel of one visit: an answer passes with the guard's headers, a refusal is rewritten as a
    problem. Of a refusal by a layer below, only a list of pydantic errors is kept."""

    def __init__(self, send: Send, visit: Visit) -> None:
        self._send = send
        self._visit = visit
        self._held: list[bytes] | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._visit.status = message["status"]
            if message["status"] < 400:
                kept = [(name, value) for name, value in message["headers"] if name.lower() != b"server"]
                await self._start(message["status"], kept)
            else:
                self._held = []
        elif self._held is None:
            await self._send(message)
        else:
            self._held.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self.refuse(_problem_of(self._visit.status, b"".join(self._held)))

    async def refuse(self, problem: Problem, *headers: tuple[bytes, bytes]) -> None:
        """Answers with a problem, unless an answer is already on its way."""
        if self._visit.status and self._held is None:
            return
        self._held = None
        self._visit.status = problem.status
        body = problem.body(self._visit.request_id)
        length = str(len(body)).encode()
        await self._start(
            problem.status, [(b"content-type", MEDIA_TYPE.encode()), (b"content-length", length), *headers]
        )
        await self._send({"type": "http.response.body", "body": body})

    async def _start(self, status: int, headers: Iterable[tuple[bytes, bytes]]) -> None:
        mine = ((b"x-request-id", self._visit.request_id.encode()), *SECURITY_HEADERS)
        await self._send({"type": "http.response.start", "status": status, "headers": [*headers, *mine]})


def _problem_of(status: int, body: bytes) -> Problem:
    """What a layer below refused, without its words: they are not for strangers."""
    try:
        plain: Any = json.loads(body)
        return of_validation(plain["detail"])
    except (ValueError, KeyError, TypeError):
        return Problem(status, WORDS.get(status, "the request was refused"))
