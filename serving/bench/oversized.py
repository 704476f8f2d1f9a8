"""What bodies that are too large do to a server: each is to be refused, and none to fill its memory."""

import asyncio
import contextlib
from collections.abc import Iterator
from dataclasses import dataclass

from serving.bench.wire import HOST, JSON, end, resident
from serving.guard.body import BodyLimits
from serving.guard.routes import RECOMMENDATIONS

PIECE = b" " * (256 * 1024)
AT_ONCE = 16
LOOK_SECONDS = 0.005


@dataclass(frozen=True)
class Oversized:
    """How many bodies that are too large were sent, declared and in chunks, how many of these were refused with 413,
    and the server's memory (bytes) before and at its peak meanwhile."""

    declared: int
    chunked: int
    refused: int
    before: int
    peak: int

    @property
    def growth(self) -> float:
        """How far the memory grew, as a share of what it was before."""
        return self.peak / self.before - 1.0


async def oversized(port: int, process: int, bodies: int) -> Oversized:
    """Sends so many bodies that declare their size, then as many in chunks, AT_ONCE at a time; one of each goes before,
    so that what a server needs for any large body is not counted as growth."""
    for declared in (True, False):
        await _send(port, 1, declared=declared)
    before = peak = resident(process)
    statuses: list[int] = []

    async def watch() -> None:
        nonlocal peak
        while True:
            peak = max(peak, resident(process))
            await asyncio.sleep(LOOK_SECONDS)

    watching = asyncio.create_task(watch())
    for declared in (True, False):
        statuses += await _send(port, bodies, declared=declared)
    watching.cancel()
    return Oversized(bodies, bodies, statuses.count(413), before, peak)


async def _send(port: int, bodies: int, *, declared: bool) -> list[int]:
    turns = asyncio.Semaphore(AT_ONCE)

    async def one() -> int:
        async with turns:
            return await _status(port, declared=declared)

    return list(await asyncio.gather(*(one() for _ in range(bodies))))


async def _status(port: int, *, declared: bool) -> int:
    """The status that a body of a half more than what is allowed is answered with; 0 for none."""
    reader, writer = await asyncio.open_connection(HOST, port)
    size = BodyLimits.json_bytes * 3 // 2
    length = f"content-length: {size}" if declared else "transfer-encoding: chunked"
    head = "\r\n".join((f"POST {RECOMMENDATIONS} HTTP/1.1", f"host: {HOST}", JSON, length, "", ""))
    writer.write(head.encode())
    sending = asyncio.create_task(_write(writer, size, declared=declared))
    try:
        answer = await reader.readline()
        return int(answer[9:12] or b"0")
    except ConnectionError:
        return 0
    finally:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)
        await end(writer)


async def _write(writer: asyncio.StreamWriter, size: int, *, declared: bool) -> None:
    with contextlib.suppress(ConnectionError):
        for piece in _pieces(size, declared=declared):
            writer.write(piece)
            await writer.drain()


def _pieces(size: int, *, declared: bool) -> Iterator[bytes]:
    for _ in range(size // len(PIECE)):
        yield PIECE if declared else b"%x\r\n%s\r\n" % (len(PIECE), PIECE)
