"""What a server does when twice as much is asked of it as it can answer."""

import asyncio
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from serving.bench.wire import Answered, Connection, post
from serving.guard.routes import RECOMMENDATIONS

OVER = 2.0
"""How many times its capacity is asked of the server."""


NOTICED = 2.0
"""Seconds after which a server has noticed the overload; what is told begins then."""


@dataclass(frozen=True)
class Turn:
    """One turn: milliseconds of an answer while nobody else asks and under overload, answers a second the server is
    capable of, and, under overload and a second, how many were asked for, served, refused with Retry-After, or
    anything else."""

    alone: tuple[float, ...]
    capacity: float
    served: tuple[float, ...]
    asked_rate: float
    served_rate: float
    refused: int
    others: int

    @property
    def slower(self) -> float:
        """The p99 of what was served under overload, as a multiple of that while nobody else asks."""
        return percentile(self.served, 99) / percentile(self.alone, 99)

    @property
    def goodput(self) -> float:
        """Answers a second under overload, as a share of the capacity."""
        return self.served_rate / self.capacity


def percentile(milliseconds: Sequence[float], share: float) -> float:
    """The figure that so many of a hundred are below; no number of none."""
    return float(np.percentile(milliseconds, share)) if milliseconds else float("nan")


async def overloaded(port: int, customers: Sequence[str], at_work: int, seconds: float, seed: int) -> Turn:
    """Asks a server about one customer at a time: one after the other, then as many at once as it works on and lets
    wait for the next place, then at random moments twice as often as it can answer."""
    requests = _requests(customers, seed)
    alone = await _closed_loop(port, requests, 1, seconds)
    capacity = await _rate(port, requests, at_work + 1, seconds)
    answers = await _open_loop(port, requests, OVER * capacity, NOTICED + seconds, seed)
    told = [answer for answer in answers if answer.due >= NOTICED]
    served = tuple(answer.milliseconds for answer in told if answer.status == 200)
    refused = sum(answer.status == 503 and answer.retry_after for answer in told)
    return Turn(
        alone=tuple(answer.milliseconds for answer in alone),
        capacity=capacity,
        served=served,
        asked_rate=len(told) / seconds,
        served_rate=len(served) / seconds,
        refused=refused,
        others=len(told) - len(served) - refused,
    )


async def _rate(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> float:
    started = time.perf_counter()
    answers = await _closed_loop(port, requests, clients, seconds)
    served = sum(answer.status == 200 for answer in answers)
    return served / (time.perf_counter() - started)


async def _closed_loop(port: int, requests: Iterator[bytes], clients: int, seconds: float) -> list[Answered]:
    """So many clients, each of whom asks again as soon as it is answered."""
    end = time.perf_counter() + seconds
    answers: list[Answered] = []

    async def client() -> None:
        connection = Connection(port)
        while time.perf_counter() < end:
            answers.append(await connection.ask(next(requests)))
        await connection.close()

    await asyncio.gather(*(client() for _ in range(clients)))
    return answers


async def _open_loop(
    port: int, requests: Iterator[bytes], a_second: float, seconds: float, seed: int
) -> list[Answered]:
    """Requests at random moments, so many a second on average, whether or not earlier ones are answered. They are
    told by when they were due, in seconds from the start."""
    chance = random.Random(seed)  # noqa: S311
    idle: list[Connection] = []
    answers: list[Answered] = []
    started = time.perf_counter()

    async def visit(due: float) -> None:
        connection = idle.pop() if idle else Connection(port)
        answer = await connection.ask(next(requests), started + due)
        answers.append(replace(answer, due=due))
        idle.append(connection)

    due = chance.expovariate(a_second)
    async with asyncio.TaskGroup() as visits:
        while due < seconds:
            await asyncio.sleep(max(started + due - time.perf_counter(), 0))
            visits.create_task(visit(due))
            due += chance.expovariate(a_second)
    for connection in idle:
        await connection.close()
    return answers


def _requests(customers: Sequence[str], seed: int) -> Iterator[bytes]:
    chance = random.Random(seed)  # noqa: S311
    while True:
        customer = chance.choice(customers)
        yield post(RECOMMENDATIONS, json.dumps({"customers": [{"customer_id": customer}]}).encode())
