"""Places among those at work, with a queue before them."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from serving.guard.demand import Demand
from serving.guard.problem import Problem
from serving.guard.refusal import Refusal


class Places:
    """So many `at_work` at once, and so many more who `wait`, first come, first served; everybody else is refused
    with 503. Under overload only the newest waits, and whoever waited before it is refused as well: so the place
    stays busy, and whoever is answered is answered soon."""

    def __init__(self, at_work: int, wait: int, retry_after_seconds: int) -> None:
        self._free = at_work
        self._wait = wait
        self._retry_after = (b"retry-after", str(retry_after_seconds).encode())
        self._queue: deque[asyncio.Future[None]] = deque()
        self._demand = Demand(burst=at_work + wait, clock=time.monotonic)

    def require_room(self) -> None:
        """Raises Refusal (503) where nobody more may wait."""
        if not self._free and len(self._queue) >= self._wait:
            raise self._full()

    async def take(self) -> None:
        """Takes a place, once there is one. Raises Refusal (503) where nobody more may wait."""
        self._demand.asked()
        if self._free:
            self._free -= 1
            return
        if self._demand.is_too_much:
            self._send_away_everybody()
        self.require_room()
        await self._turn()

    def leave(self) -> None:
        """Gives a place back, to whoever waits longest."""
        self._demand.answered()
        self._hand_over()

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """A place for as long as the block lasts."""
        await self.take()
        try:
            yield
        finally:
            self.leave()

    async def _turn(self) -> None:
        turn = asyncio.get_running_loop().create_future()
        self._queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._hand_over()
            elif turn in self._queue:
                self._queue.remove(turn)
            raise

    def _hand_over(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _send_away_everybody(self) -> None:
        while self._queue:
            turn = self._queue.popleft()
            if not turn.done():
                turn.set_exception(self._full())

    def _full(self) -> Refusal:
        return Refusal(Problem(503, "too many requests at once; try again soon"), self._retry_after)
