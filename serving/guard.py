"""The outermost layer of the service: it sees every request first and every answer last."""

import asyncio
import logging
import re
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.logs import log_fault
from serving.metrics import Metrics
from serving.problem import Problem
from serving.reply import FAULT, Reply, Visit

logger = logging.getLogger("tierwise.http")

RECOMMENDATIONS = "/v1/recommendations"
METHODS: dict[str, tuple[str, ...]] = {
    RECOMMENDATIONS: ("POST",),
    "/": ("GET", "HEAD"),
    "/openapi.json": ("GET", "HEAD"),
    "/livez": ("GET", "HEAD"),
    "/readyz": ("GET", "HEAD"),
    "/metrics": ("GET", "HEAD"),
}
"""The served paths; every other path is refused before anything else sees it."""

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""The names of this machine."""

PORT = re.compile(r":\d*$")
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Limits:
    """(ours) The largest body, how long it may take to arrive, how many bodies may be arriving at once, and how
    many requests are at work at once."""

    body_bytes: int = 8 * 1024 * 1024
    body_seconds: float = 10.0
    bodies: int = 128
    in_flight: int = 32
    retry_after_seconds: int = 1


class Refusal(Exception):  # noqa: N818
    """A request that the guard answers itself."""

    def __init__(self, problem: Problem, *headers: tuple[bytes, bytes]) -> None:
        super().__init__(problem.detail)
        self.problem = problem
        self.headers = headers


class Guard:
    """Refuses what is not served, too large, too slow or too much; gives every answer an id and security
    headers; turns every refusal into problem JSON; counts and logs, without any data of a customer.

    It answers to the names of this machine and to `host` alone: another site's page, whose name was bent to
    this address, gets nothing.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics, limits: Limits | None = None, host: str = "127.0.0.1") -> None:
        self.app = app
        self.metrics = metrics
        self.limits = limits or Limits()
        self.hosts = {*HOSTS, host.lower(), f"[{host.lower()}]"}
        self.bodies = 0
        self.at_work = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._visit(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _visit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = Headers(scope)
        path = scope["path"] if scope["path"] in METHODS else "other"
        visit = Visit(headers.request_id())
        reply = Reply(send, visit)
        try:
            self._require_host(headers)
            self._require_route(scope)
            if scope["method"] == "POST":
                await self._take_in(scope, headers, receive, reply)
            else:
                await self.app(scope, receive, reply)
        except Refusal as refusal:
            await reply.refuse(refusal.problem, *refusal.headers)
        except Exception as error:
            log_fault(logger, visit.request_id, error)
            await reply.refuse(Problem(500, FAULT))
        finally:
            seconds = time.perf_counter() - visit.started
            self.metrics.answered(path, visit.status, seconds)
            logger.info(
                "%s %s %s %d %.1f ms",
                visit.request_id,
                _known_method(scope),
                path,
                visit.status,
                1e3 * seconds,
            )

    def _require_host(self, headers: "Headers") -> None:
        if headers.host() not in self.hosts:
            raise Refusal(Problem(421, f"this service answers to {', '.join(HOSTS)} and the host it was started with"))

    def _require_route(self, scope: Scope) -> None:
        methods = METHODS.get(scope["path"])
        if methods is None:
            raise Refusal(Problem(404, f"nothing is served here; the paths are {', '.join(METHODS)}"))
        if scope["method"] not in methods:
            allowed = ", ".join(methods)
            raise Refusal(Problem(405, f"this path takes {allowed}"), (b"allow", allowed.encode()))

    async def _take_in(self, scope: Scope, headers: "Headers", receive: Receive, reply: Reply) -> None:
        """A POST: JSON only, a body of the allowed size in the allowed time, then a place among those at work;
        whoever dawdles over a body takes no such place."""
        self._require_json(headers)
        with self._arriving():
            body = await self._body(receive)
        if not body:
            raise Refusal(Problem(400, "the body is empty; send a JSON object"))
        with self._working():
            await self.app(scope, _replay(body, receive), reply)

    @contextmanager
    def _arriving(self) -> Iterator[None]:
        self._require_room(self.bodies, self.limits.bodies)
        self.bodies += 1
        try:
            yield
        finally:
            self.bodies -= 1

    @contextmanager
    def _working(self) -> Iterator[None]:
        self._require_room(self.at_work, self.limits.in_flight)
        self.at_work += 1
        self.metrics.in_flight.inc()
        try:
            yield
        finally:
            self.at_work -= 1
            self.metrics.in_flight.dec()

    def _require_json(self, headers: "Headers") -> None:
        if not headers.is_json():
            raise Refusal(Problem(415, "send the body as application/json in UTF-8, not compressed"), CLOSE)
        if headers.content_length() > self.limits.body_bytes:
            raise self._too_large()

    def _require_room(self, taken: int, places: int) -> None:
        if taken >= places:
            wait = str(self.limits.retry_after_seconds).encode()
            problem = Problem(503, "too many requests at once; try again soon")
            raise Refusal(problem, (b"retry-after", wait), CLOSE)

    async def _body(self, receive: Receive) -> bytes:
        try:
            async with asyncio.timeout(self.limits.body_seconds):
                return await self._collect(receive)
        except TimeoutError:
            raise Refusal(Problem(408, "the body did not arrive in time"), CLOSE) from None

    async def _collect(self, receive: Receive) -> bytes:
        chunks, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise Refusal(Problem(400, "the client left before the body was complete"), CLOSE)
            chunk = message.get("body", b"")
            size += len(chunk)
            if size > self.limits.body_bytes:
                raise self._too_large()
            chunks.append(chunk)
            more = message.get("more_body", False)
        return b"".join(chunks)

    def _too_large(self) -> Refusal:
        return Refusal(Problem(413, f"the body is larger than {self.limits.body_bytes:,} bytes; split it"), CLOSE)


CLOSE = (b"connection", b"close")


class Headers:
    """The few request headers that the guard reads."""

    def __init__(self, scope: Scope) -> None:
        self._values: dict[bytes, bytes] = dict(scope["headers"])

    def request_id(self) -> str:
        """The caller's own id where it is a plain one, else a new one."""
        given = self._values.get(b"x-request-id", b"")
        return given.decode() if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex

    def host(self) -> str:
        """The name that the caller knows this service by, without the port."""
        return PORT.sub("", self._values.get(b"host", b"").decode("latin-1").lower())

    def is_json(self) -> bool:
        """Whether the body is declared as JSON in UTF-8, uncompressed."""
        media, *parameters = self._values.get(b"content-type", b"").lower().split(b";")
        pairs = [parameter.strip().partition(b"=") for parameter in parameters]
        charset = [value.strip(b'"') for name, _, value in pairs if name == b"charset"]
        plain = self._values.get(b"content-encoding", b"identity").lower() == b"identity"
        return media.strip() == b"application/json" and plain and charset in ([], [b"utf-8"])

    def content_length(self) -> int:
        """The declared size of the body in bytes; 0 without a declaration."""
        text = self._values.get(b"content-length", b"")
        return int(text) if text.isdigit() else 0


def _replay(body: bytes, receive: Receive) -> Receive:
    """The body as one message, then whatever the client does next."""
    messages = iter(({"type": "http.request", "body": body, "more_body": False},))

    async def replayed() -> Message:
        return next(messages, None) or await receive()

    return replayed


def _known_method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "OTHER"
