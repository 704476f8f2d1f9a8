"""Whether this process can answer now: what `/readyz` says."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from data.errors import TierwiseError
from serving.engine import Engine
from serving.guard.problem import Problem
from serving.guard.refusal import Refusal
from serving.ledger.writable import require_writable
from serving.live import refusal_of
from serving.logs import told
from serving.recommendation import to_json

PATH = "/readyz"
GOOD_FOR = 1.0
"""Seconds that a finding is told again without another look."""

PATIENCE = 5.0
"""Seconds that a look may take."""


@dataclass(frozen=True)
class Finding:
    """What was found at a look: the versions that answer, what was refused, and what is wrong (None: nothing)."""

    model_version: str | None
    plan_version: str | None
    refused: str | None
    wrong: str | None

    def to_dict(self) -> dict[str, str | bool | None]:
        return {
            "ready": self.wrong is None,
            "model_version": self.model_version,
            "plan_version": self.plan_version,
            "refused": self.refused,
        }


def find_out(engine: Callable[[], Engine]) -> Finding:
    """Answers for a stored customer and asks the ledger whether it can be written."""
    try:
        standing = engine()
        standing.warm_up()
    except Exception as error:
        return Finding(None, None, refusal_of(engine), f"not ready: no customer can be answered ({_why(error)})")
    plan = standing.plan.version if standing.plan else None
    try:
        require_writable(standing.ledger)
        wrong = None
    except Exception as error:
        wrong = f"not ready: the ledger cannot be written ({_why(error)})"
    return Finding(standing.bundle.version, plan, refusal_of(engine), wrong)


class Readiness:
    """Answers `/readyz` before the service does: 200 only while this process can answer, else a problem that says
    what is wrong. One look at a time, in a thread of its own, whoever else is at work."""

    def __init__(self, app: ASGIApp, engine: Callable[[], Engine]) -> None:
        self._app = app
        self._engine = engine
        self._thread = ThreadPoolExecutor(1, "readiness")
        self._found: tuple[float, Finding] | None = None
        self._looking: asyncio.Future[Finding] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        found = await self._finding()
        if found.wrong:
            raise Refusal(Problem(503, found.wrong), (b"retry-after", b"1"))
        await Response(to_json(found.to_dict()), media_type="application/json")(scope, receive, send)

    async def _finding(self) -> Finding:
        if self._found and time.monotonic() - self._found[0] < GOOD_FOR:
            return self._found[1]
        if self._looking is None or self._looking.done():
            self._looking = asyncio.get_running_loop().run_in_executor(self._thread, find_out, self._engine)
        try:
            found = await asyncio.wait_for(asyncio.shield(self._looking), PATIENCE)
        except TimeoutError:
            return Finding(None, None, refusal_of(self._engine), f"not ready: no answer within {PATIENCE:g} s")
        self._found = time.monotonic(), found
        return found


def _why(error: Exception) -> str:
    """What a stranger may read of it: its kind alone, unless it is an error of ours without a customer's data."""
    return str(error) if isinstance(error, TierwiseError) else told(error)
