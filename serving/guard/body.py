"""The body of a request: of the allowed kind and size, in the allowed time, without filling the memory."""

import asyncio
from dataclasses import dataclass

from starlette.types import Message, Receive

from serving.guard.headers import Headers
from serving.guard.places import Places
from serving.guard.problem import Problem
from serving.guard.refusal import CLOSE, Refusal
from serving.guard.routes import Route

SMALL = 64 * 1024
"""(ours) A body up to here needs no place among the large ones (bytes)."""

LINGER_SECONDS = 2.0
LINGER_BYTES = 64 * 1024 * 1024
"""What a refused client may still send, unread, before the connection ends: whoever cuts it off at once takes the
refusal away with it."""


@dataclass(frozen=True)
class BodyLimits:
    """(ours) The largest body and the largest form, how long either may take to arrive, how many may be arriving at
    once, and how many of these may be larger than SMALL: the others wait on the wire, not in memory."""

    json_bytes: int = 8 * 1024 * 1024
    form_bytes: int = SMALL
    seconds: float = 10.0
    bodies: int = 128
    large_bodies: int = 1

    def most(self, route: Route) -> int:
        """The largest body that a route takes (bytes)."""
        return self.form_bytes if route.kind == "form" else self.json_bytes


class Intake:
    """Takes bodies in. Only a few large ones are in memory while they arrive, however many are sent."""

    def __init__(self, limits: BodyLimits, retry_after_seconds: int) -> None:
        self._limits = limits
        self._arriving = Places(limits.bodies, 0, retry_after_seconds)
        self._large = asyncio.Semaphore(limits.large_bodies)

    async def body(self, route: Route, headers: Headers, receive: Receive) -> bytes:
        """The whole body. Raises Refusal (408, 413, 415, 503; 400 where the client left or sent nothing)."""
        _require_kind(route, headers)
        most = self._limits.most(route)
        if headers.content_length() > most:
            raise too_large(most)
        async with self._arriving.taken():
            body = await self._in_time(Arrival(receive, most, self._large))
        if not body and route.kind == "json":
            raise Refusal(Problem(400, "the body is empty; send a JSON object"))
        return body

    async def _in_time(self, arrival: "Arrival") -> bytes:
        try:
            async with asyncio.timeout(self._limits.seconds):
                return await arrival.whole()
        except TimeoutError:
            raise Refusal(Problem(408, "the body did not arrive in time"), CLOSE) from None


class Arrival:
    """One body on its way in."""

    def __init__(self, receive: Receive, most: int, large: asyncio.Semaphore) -> None:
        self._receive = receive
        self._most = most
        self._large = large

    async def whole(self) -> bytes:
        """All of it. What goes beyond SMALL is read once there is a place among the large ones."""
        body = bytearray()
        if not await self._read(body, SMALL):
            async with self._large:
                await self._read(body, self._most)
        return bytes(body)

    async def _read(self, body: bytearray, until: int) -> bool:
        """Reads on while the body is no larger than `until`; whether it came to its end."""
        more = True
        while more and len(body) <= until:
            message = await self._receive()
            if message["type"] == "http.disconnect":
                raise Refusal(Problem(400, "the client left before the body was complete"), CLOSE)
            body += message.get("body", b"")
            if len(body) > self._most:
                raise too_large(self._most)
            more = message.get("more_body", False)
        return not more


def too_large(most: int) -> Refusal:
    """The refusal of a body of more than `most` bytes."""
    return Refusal(Problem(413, f"the body is larger than {most:,} bytes; split it"), CLOSE)


class Ear:
    """The receive channel of one visit, which remembers whether the body was asked for, and heard to its end."""

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self.asked = False
        self.ended = False

    async def __call__(self) -> Message:
        self.asked = True
        message = await self._receive()
        self.ended = not message.get("more_body", False)
        return message

    def replaying(self, body: bytes) -> Receive:
        """The body as one message, then whatever the client does next."""
        messages = iter(({"type": "http.request", "body": body, "more_body": False},))

        async def replayed() -> Message:
            return next(messages, None) or await self._receive()

        return replayed

    async def let_finish(self) -> None:
        """Hears out, and forgets, what a refused client still sends, for a while."""
        size = 0
        try:
            async with asyncio.timeout(LINGER_SECONDS):
                while not self.ended and size <= LINGER_BYTES:
                    message = await self()
                    size += len(message.get("body", b""))
        except TimeoutError:
            return


def _require_kind(route: Route, headers: Headers) -> None:
    if route.kind == "form":
        if headers.comes_from_elsewhere():
            raise Refusal(Problem(403, "this form was sent from another site; open the page here and send it again"))
        if not headers.is_form():
            raise Refusal(Problem(415, "send the fields as application/x-www-form-urlencoded in UTF-8"), CLOSE)
    elif not headers.is_json():
        raise Refusal(Problem(415, "send the body as application/json in UTF-8, not compressed"), CLOSE)
