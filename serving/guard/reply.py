"""What goes back to the caller: answers with the service's headers, refusals as problems."""

import json
import re
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.types import Message, Send

from serving.figures import Language
from serving.guard.problem import MEDIA_TYPE, Problem, of_problem, of_validation
from serving.guard.routes import Route
from serving.pages.refused import refused

Header = tuple[bytes, bytes]

SECURITY_HEADERS: tuple[Header, ...] = (
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; font-src 'self'; "
        b"connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)

PAGE = "text/html; charset=utf-8"
NOT_KEPT = (b"cache-control", b"no-store")
KEPT_FOR_GOOD = (b"cache-control", b"public, max-age=31536000, immutable")
ASKED_AGAIN = (b"cache-control", b"no-cache")
HASHED = re.compile(r"[.-][0-9a-f]{8,64}\.")
"""The part of a file's name that changes with its content, such as `style.1f2e3d4c.css`."""

HTTPS_ONLY = (b"strict-transport-security", b"max-age=31536000")

FAULT = "something went wrong here; the log knows this request's id"
WORDS = {
    404: "nothing is here",
    500: FAULT,
    503: "not ready: the model is not loaded or the store cannot be read",
}


@dataclass
class Visit:
    """One request on its way: its id, where it goes, what is left of its key's rate, and the status it was answered
    with. `secure` where it came by https from elsewhere. `reader` is the language of the person whose browser asks."""

    request_id: str
    secure: bool = False
    reader: Language | None = None
    route: Route | None = None
    standing: tuple[Header, ...] = ()
    started: float = field(default_factory=time.perf_counter)
    status: int = 0

    @property
    def path(self) -> str:
        """The pattern of its path, for logs and metrics; `other` for what is not served."""
        return self.route.pattern if self.route else "other"

    @property
    def is_for_people(self) -> bool:
        """Whether somebody looks at the answer."""
        return self.route is not None and self.route.kind in ("page", "form")

    @property
    def is_refused_by_page(self) -> bool:
        """Whether a refusal is a page: somebody's browser asks for a page, or for what is not served at all."""
        return self.reader is not None and (self.route is None or self.is_for_people)


class Reply:
    """The send channel of one visit: an answer passes with the guard's headers, a refusal is rewritten as a
    problem, or as a page for a person. Of a refusal by a layer below, only a problem of ours, a list of pydantic
    errors, or a page of ours is kept. Once refused, whatever the layers below still send goes nowhere."""

    def __init__(self, send: Send, visit: Visit, path: str = "") -> None:
        self.visit = visit
        self._send = send
        self._path = path
        self._held: list[bytes] | None = None
        self._held_headers: dict[bytes, bytes] = {}
        self._refused = False

    async def __call__(self, message: Message) -> None:
        if self._refused:
            return
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif self._held is None:
            await self._send(message)
        else:
            self._held.append(message.get("body", b""))
            if not message.get("more_body", False):
                await self._refuse_as_held(b"".join(self._held))

    async def refuse(self, problem: Problem, *headers: Header) -> None:
        """Answers with a problem, unless an answer is already on its way."""
        if self._is_answered():
            return
        await self._send_problem(problem, headers, ends=True)

    @asynccontextmanager
    async def refusing(self, problem: Problem, *headers: Header) -> AsyncIterator[None]:
        """As `refuse`, but the connection ends, where it does, only after the block."""
        if self._is_answered():
            yield
            return
        await self._send_problem(problem, headers, ends=False)
        yield
        await self._send({"type": "http.response.body", "body": b""})

    def _is_answered(self) -> bool:
        """Whether an answer is on its way; from now on nothing else is."""
        answered = self._refused or (bool(self.visit.status) and self._held is None)
        self._refused = True
        return answered

    async def redirect(self, location: str) -> None:
        """Sends a browser to another page of this service."""
        self.visit.status = 303
        await self._start(303, [(b"location", location.encode()), (b"content-length", b"0")])
        await self._send({"type": "http.response.body", "body": b""})

    async def _begin(self, message: Message) -> None:
        self.visit.status = message["status"]
        headers = {name.lower(): value for name, value in message["headers"]}
        own_page = self.visit.is_for_people and headers.get(b"content-type", b"").startswith(b"text/html")
        if message["status"] < 400 or own_page:
            kept = [(name, value) for name, value in message["headers"] if name.lower() not in REPLACED]
            await self._start(message["status"], kept)
        else:
            self._held, self._held_headers = [], headers

    async def _refuse_as_held(self, body: bytes) -> None:
        kept = [(name, self._held_headers[name]) for name in KEPT_OF_A_REFUSAL if name in self._held_headers]
        media = self._held_headers.get(b"content-type", b"")
        await self.refuse(_problem_of(self.visit.status, media, body), *kept)

    async def _send_problem(self, problem: Problem, headers: Iterable[Header], *, ends: bool) -> None:
        self.visit.status = problem.status
        media, body = self._told(problem)
        length = str(len(body)).encode()
        described = [(b"content-type", media.encode()), (b"content-length", length), *headers]
        await self._start(problem.status, described)
        await self._send({"type": "http.response.body", "body": body, "more_body": not ends})

    def _told(self, problem: Problem) -> tuple[str, bytes]:
        """The media type and body of a refusal: a page for people, a problem for programs."""
        visit = self.visit
        if visit.reader is not None and visit.is_refused_by_page:
            return PAGE, refused(problem.status, visit.reader, visit.request_id)
        return MEDIA_TYPE, problem.body(visit.request_id)

    async def _start(self, status: int, headers: Iterable[Header]) -> None:
        mine = ((b"x-request-id", self.visit.request_id.encode()), self._caching(status), *SECURITY_HEADERS)
        secure = (HTTPS_ONLY,) if self.visit.secure else ()
        standing = self.visit.standing if status != 429 else ()
        sent = [*headers, *mine, *secure, *standing]
        await self._send({"type": "http.response.start", "status": status, "headers": sent})

    def _caching(self, status: int) -> Header:
        if status >= 400 or self.visit.route is None or self.visit.route.kind != "asset":
            return NOT_KEPT
        return KEPT_FOR_GOOD if HASHED.search(self._path) else ASKED_AGAIN


REPLACED = frozenset((b"server", b"cache-control", *(name for name, _ in SECURITY_HEADERS)))
KEPT_OF_A_REFUSAL = (b"retry-after", b"ratelimit", b"ratelimit-policy", b"allow")


def _problem_of(status: int, media: bytes, body: bytes) -> Problem:
    """What a layer below refused, without its words where these are not ours: they are not for strangers."""
    try:
        plain: Any = json.loads(body)
        return of_problem(status, plain) if media == MEDIA_TYPE.encode() else of_validation(plain["detail"])
    except (ValueError, KeyError, TypeError):
        return Problem(status, WORDS.get(status, "the request was refused"))
