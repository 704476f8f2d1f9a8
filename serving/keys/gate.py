"""Lets a request in with a key or a session, or refuses it."""

import asyncio
import ipaddress
import time
from collections.abc import Callable

from starlette.types import Scope

from serving.caller import CALLER, Caller
from serving.guard.headers import Headers
from serving.guard.problem import Problem
from serving.guard.refusal import Elsewhere, Refusal
from serving.guard.routes import SIGN_IN, Route
from serving.keys.cookie import sign_in_path, token_in
from serving.keys.key import Key, matching
from serving.keys.keyring import Keyring
from serving.keys.rates import RATES, Rates, Standing

FRESH = 0.5
"""(ours) Seconds that what is known of the keys is used before it is read again; a revoked key ends within it."""

CHALLENGE = (b"www-authenticate", b'Bearer realm="tierwise"')
WRONG = (b"www-authenticate", b'Bearer realm="tierwise", error="invalid_token"')


class Gate:
    """Who may pass where. A book without keys has them off: then everybody on this machine may do everything, and
    nobody else anything. They are on as soon as there is one, for good, also in a server that runs.

    `keyring` gives the book's keys; `rates` None means no limits.
    """

    def __init__(self, keyring: Callable[[], Keyring], rates: Rates | None) -> None:
        self._keyring = keyring
        self._rates = rates
        self._keys: dict[str, Key] = {}
        self._read = float("-inf")
        self._reading = asyncio.Lock()

    async def enter(self, scope: Scope, headers: Headers, route: Route) -> Standing | None:
        """Sets CALLER and RATES, or raises Refusal or Elsewhere. Answers what is left of the key's rate."""
        if route.kind in ("probe", "asset"):
            return None
        keys = await self.keys()
        if not keys:
            _require_this_machine(scope)
            return None
        return await self._enter(scope, headers, route, keys)

    async def keys(self) -> dict[str, Key]:
        """Every key there ever was, by id, as it was at most FRESH seconds ago."""
        if time.monotonic() - self._read > FRESH:
            async with self._reading:
                if time.monotonic() - self._read > FRESH:
                    asked = time.monotonic()
                    self._keys = await asyncio.to_thread(lambda: self._keyring().keys())
                    self._read = asked
        return self._keys

    async def _enter(self, scope: Scope, headers: Headers, route: Route, keys: dict[str, Key]) -> Standing | None:
        address = _address(scope)
        if route.scope is None:
            if route.pattern == SIGN_IN and route.kind == "form" and self._rates:
                self._rates.wrong_key(address)
            return None
        caller = await self._caller(scope, headers, route, keys)
        if not caller.may(route.scope):
            raise Refusal(Problem(403, f'this key lacks the scope "{route.scope}"; ask for one that has it'))
        CALLER.set(caller)
        RATES.set(self._rates)
        return self._rates.request(caller.key) if self._rates and caller.key else None

    async def _caller(self, scope: Scope, headers: Headers, route: Route, keys: dict[str, Key]) -> Caller:
        text = headers.bearer()
        if text is not None:
            key = matching(text, keys, _now())
            if key is None:
                raise self._wrong_key(_address(scope))
            return key.caller
        if route.kind not in ("page", "form"):
            raise Refusal(Problem(401, "send a key: Authorization: Bearer tw_…"), CHALLENGE)
        return await self._signed_in(scope, headers, route)

    def _wrong_key(self, address: str) -> Refusal:
        if self._rates:
            self._rates.wrong_key(address)
        return Refusal(Problem(401, "this key is unknown, has ended or was revoked"), WRONG)

    async def _signed_in(self, scope: Scope, headers: Headers, route: Route) -> Caller:
        token = token_in(headers.cookies())
        if token:
            caller = await asyncio.to_thread(lambda: self._keyring().caller_of_session(token, now=_now()))
            if caller is not None:
                return caller
        raise Elsewhere(_sign_in_from(scope) if route.kind == "page" else SIGN_IN)


def _sign_in_from(scope: Scope) -> str:
    return sign_in_path(scope["path"], scope.get("query_string", b"").decode("latin-1"))


def _require_this_machine(scope: Scope) -> None:
    """Without keys, only this machine is let in, whatever address the server listens on."""
    client = scope.get("client")
    if client is not None and not is_loopback(client[0]):
        advice = "this service has no keys, so it answers to its own machine alone; make one: python -m serving keys"
        raise Refusal(Problem(403, advice))


def is_loopback(host: str) -> bool:
    """Whether a name or an address is this machine's own, which nobody else reaches."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def _address(scope: Scope) -> str:
    client = scope.get("client")
    return str(client[0]) if client else "local"


def _now() -> int:
    return time.time_ns() // 1_000
