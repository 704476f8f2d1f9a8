"""The outermost layer of the service: it sees every request first and every answer last."""

import asyncio
import logging
import re
import time
import uuid
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

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")


@dataclass(frozen=True)
class Limits:
    """(ours) The largest body, how long it may take to arrive, and how many requests are at work at once."""

    body_bytes: int = 16 * 1024 * 1024
    body_seconds: float = 10.0
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
    headers; turns every refusal into problem JSON; counts and logs, without any data of a customer."""

    def __init__(self, app: ASGIApp, metrics: Metrics, limits: Limits | None = None) -> None:
        self.app = app
        self.metrics = metrics
        self.limits = limits or Limits()
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

    def _require_route(self, scope: Scope) -> None:
        methods = METHODS.get(scope["path"])
        if methods is None:
            raise Refusal(Problem(404, f"nothing is served here; the paths are {', '.join(METHODS)}"))
        if scope["method"] not in methods:
            allowed = ", ".join(methods)
            raise Refusal(Problem(405, f"this path takes {allowed}"), (b"allow", allowed.encode()))

    async def _take_in(self, scope: Scope, headers: "Headers", receive: Receive, reply: Reply) -> None:
        """A POST: JSON only, a place among those at work, a body of the allowed size in the allowed time."""
        self._require_json(headers)
        self._require_room()
        self.at_work += 1
        self.metrics.in_flight.inc()
        try:
            body = await self._body(receive)
            await self.app(scope, _replay(body, receive), reply)
        finally:
            self.at_work -= 1
            self.metrics.in_flight.dec()

    def _require_json(self, headers: "Headers") -> None:
        if not headers.is_json():
            raise Refusal(Problem(415, "send the body as application/json in UTF-8, not compressed"), CLOSE)
        if headers.content_length() > self.limits.body_bytes:
            raise self._too_large()

    def _require_room(self) -> None:
        if self.at_work >= self.limits.in_flight:
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

    def is_json(self) -> bool:
        """Whether the body is declared as JSON in UTF-8, uncompressed."""
        media, *parameters = self._values.get(b"content-type", b"").lower().split(b";")
        charset = [p.strip() for p in parameters if p.strip().startswith(b"charset=")]
        plain = self._values.get(b"content-encoding", b"identity").lower() == b"identity"
        return media.strip() == b"application/json" and plain and charset in ([], [b"charset=utf-8"])

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
