"""The clients, in a process of their own: what they cost is not taken for the server's time.

Reads what to ask as JSON from stdin, and writes the milliseconds as JSON to stdout.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from serving.bench.wire import Connection


@dataclass(frozen=True)
class Turn:
    """One turn of one endpoint: milliseconds of each request, the seconds of all of them, and how many had another
    status than 200, with one such status."""

    endpoint: str
    clients: int
    milliseconds: list[float]
    seconds: float
    failed: int
    status: int


async def turn(endpoint: str, port: int, requests: Sequence[bytes], clients: int) -> Turn:
    """So many clients ask for all of the requests, each the next one as soon as it is answered."""
    left: Iterator[bytes] = iter(requests)
    milliseconds: list[float] = []
    wrong: list[int] = []

    async def client() -> None:
        connection = Connection(port)
        for request in left:
            answered = await connection.ask(request)
            milliseconds.append(answered.milliseconds)
            if answered.status != 200:
                wrong.append(answered.status)
        await connection.close()

    started = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(clients)))
    return Turn(endpoint, clients, milliseconds, time.perf_counter() - started, len(wrong), wrong[0] if wrong else 200)


async def turns(ports: dict[str, int], requests: Sequence[bytes], at_once: Sequence[int], number: int) -> list[Turn]:
    """The endpoints in turns, so that what slows the machine down slows all of them; the first turn of each is not
    told. Every request is sent to every endpoint once for each number of clients."""
    each = len(requests) // number
    found = []
    for clients in at_once:
        for endpoint, port in ports.items():
            await turn(endpoint, port, requests[-max(each, clients) :], clients)
        for place in range(number):
            part = requests[place * each : (place + 1) * each]
            order = list(ports.items()) if place % 2 else list(reversed(ports.items()))
            found += [await turn(endpoint, port, part, clients) for endpoint, port in order]
    return found


def main() -> None:
    """One order from stdin."""
    asked = json.load(sys.stdin)
    requests = [text.encode() for text in asked["requests"]]
    found = asyncio.run(turns(asked["ports"], requests, asked["clients"], asked["turns"]))
    json.dump([asdict(one) for one in found], sys.stdout)


if __name__ == "__main__":
    main()
