"""The outermost layer of the service: it sees every request first and every answer last."""

import asyncio
import functools
import logging
import time
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.types import ASGIApp, Receive, Scope, Send

from serving.guard.body import SMALL, BodyLimits, Ear, Intake
from serving.guard.headers import Headers
from serving.guard.places import Places
from serving.guard.problem import Problem
from serving.guard.refusal import Elsewhere, Refusal
from serving.guard.reply import FAULT, Reply, Visit
from serving.guard.routes import Route, canonical, routes_of
from serving.keys.gate import Gate, is_loopback
from serving.logs import log_fault
from serving.metrics import Metrics

logger = logging.getLogger("tierwise.http")

HOSTS = ("localhost", "127.0.0.1", "[::1]")
"""The names of this machine."""

LANES = ("few", "many", "people")
LIGHT = 4 * 1024
"""(ours) A body up to here asks about few customers (bytes)."""

EVERY_ADDRESS = ("0.0.0.0", "::", "")  # noqa: S104


@dataclass(frozen=True)
class Limits:
    """(ours) How large and slow bodies may be, how many requests are at work and waiting at once in each lane, how long
    an answer may take, and how many requests a minute a key may send (0 for any number)."""

    body: BodyLimits = field(default_factory=BodyLimits)
    in_flight: int = 1
    queue: int = 32
    answer_seconds: float = 30.0
    retry_after_seconds: int = 1
    requests_per_minute: int = 600


class Guard:
    """Refuses what is not served, not allowed, too large, too slow or too much; gives every answer an id and
    security headers; turns every refusal into problem JSON, or a page for people; counts and
    logs, without any data of a customer.

    It answers to the names of this machine and to `host` alone: another site's page, whose name was bent to
    this address, gets nothing. A host that stands for every address is called by any name, once there are keys.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        limits: Limits | None = None,
        host: str = "127.0.0.1",
        gate: Gate | None = None,
    ) -> None:
        self.app = app
        self.metrics = metrics
        self.limits = limits or Limits()
        self.gate = gate
        self.hosts = {*HOSTS, host.lower(), f"[{host.lower()}]"}
        self.any_host = host in EVERY_ADDRESS
        self.intake = Intake(self.limits.body, self.limits.retry_after_seconds)
        self.lanes = {lane: self._places() for lane in LANES}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] == "http":
            await self._visit(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})

    async def _visit(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers, ear = Headers(scope), Ear(receive)
        visit = Visit(headers.request_id(), secure=self._is_secure(scope, headers))
        if headers.wants_page():
            visit.reader = headers.language()
        reply = Reply(send, visit, scope["path"])
        try:
            await self._answer(scope, headers, ear, reply)
        except Refusal as refusal:
            await self._refuse(refusal, headers, ear, reply)
        except Elsewhere as elsewhere:
            await reply.redirect(elsewhere.location)
        except Exception as error:
            log_fault(logger, visit.request_id, error)
            await reply.refuse(Problem(500, FAULT))
        finally:
            self._note(_known_method(scope), visit)

    async def _answer(self, scope: Scope, headers: Headers, ear: Ear, reply: Reply) -> None:
        scope["path"] = _path(scope)
        route = reply.visit.route = _route(scope)
        await self._require_host(headers)
        if self.gate is not None:
            standing = await self.gate.enter(scope, headers, route)
            reply.visit.standing = standing.headers if standing else ()
        if scope["method"] == "POST":
            if headers.content_length() > SMALL:
                self._lane(route, headers.content_length()).require_room()
            body = await self.intake.body(route, headers, ear)
            await self._work(scope, ear.replaying(body), reply, self._lane(route, len(body)))
        elif route.works:
            await self._work(scope, ear, reply, self._lane(route, 0))
        else:
            await self.app(scope, ear, reply)

    async def _work(self, scope: Scope, receive: Receive, reply: Reply, lane: Places) -> None:
        """The answer of the layers below, in a place among those at work. What takes too long is given up on, but
        keeps its place until it really ends: work in a thread cannot be stopped."""
        await lane.take()
        self.metrics.in_flight.inc()
        work = asyncio.ensure_future(self.app(scope, receive, reply))
        work.add_done_callback(functools.partial(self._worked, lane))
        try:
            await asyncio.wait({work}, timeout=self.limits.answer_seconds)
        except asyncio.CancelledError:
            work.cancel()
            raise
        if work.done():
            work.result()
        else:
            await reply.refuse(Problem(504, "the answer took too long; ask for less at once"))

    def _worked(self, lane: Places, work: "asyncio.Future[None]") -> None:
        lane.leave()
        self.metrics.in_flight.dec()
        if not work.cancelled():
            work.exception()

    async def _refuse(self, refusal: Refusal, headers: Headers, ear: Ear, reply: Reply) -> None:
        if refusal.closes and not ear.ended and (ear.asked or not headers.waits_for_leave()):
            async with reply.refusing(refusal.problem, *refusal.headers):
                await ear.let_finish()
        else:
            await reply.refuse(refusal.problem, *refusal.headers)

    async def _require_host(self, headers: Headers) -> None:
        if headers.host() in self.hosts or (self.any_host and self.gate and await self.gate.keys()):
            return
        raise Refusal(Problem(421, f"this service answers to {', '.join(HOSTS)} and the host it was started with"))

    def _lane(self, route: Route, body_bytes: int) -> Places:
        """Whom a request waits for: people never for applications, and one customer not for a thousand."""
        if route.kind != "json":
            return self.lanes["people"]
        return self.lanes["many" if body_bytes > LIGHT else "few"]

    def _places(self) -> Places:
        return Places(self.limits.in_flight, self.limits.queue, self.limits.retry_after_seconds)

    def _is_secure(self, scope: Scope, headers: Headers) -> bool:
        return scope.get("scheme") == "https" and not is_loopback(headers.host().strip("[]"))

    def _note(self, method: str, visit: Visit) -> None:
        seconds = time.perf_counter() - visit.started
        self.metrics.answered(visit.path, visit.status, seconds)
        logger.info("%s %s %s %d %.1f ms", visit.request_id, method, visit.path, visit.status, 1e3 * seconds)


def _route(scope: Scope) -> Route:
    routes = routes_of(scope["path"])
    if not routes:
        raise Refusal(Problem(404, "nothing is served here; /openapi.json and docs/service.md list the paths"))
    found = next((route for route in routes if scope["method"] in route.methods), None)
    if found is None:
        allowed = ", ".join(method for route in routes for method in route.methods)
        raise Refusal(Problem(405, f"this path takes {allowed}"), (b"allow", allowed.encode()))
    return found


def _path(scope: Scope) -> str:
    """The path in its canonical form, which is what the layers below see."""
    raw = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"])
    try:
        return canonical(path)
    except ValueError:
        raise Refusal(Problem(400, "the path is not percent-encoded UTF-8, or holds a NUL")) from None


def _known_method(scope: Scope) -> str:
    return scope["method"] if scope["method"] in ("GET", "HEAD", "POST") else "OTHER"
