"""The least HTTP client that can be: keep-alive connections whose requests are ready bytes, so that measuring costs
little beside what is measured."""

import asyncio
import contextlib
import time
from dataclasses import dataclass
from pathlib import Path

HOST = "127.0.0.1"
JSON = "content-type: application/json"


@dataclass(frozen=True)
class Answered:
    """One answer: its status, whether it says when to come back, how long it took from when it was due, and when
    that was (seconds)."""

    status: int
    retry_after: bool
    milliseconds: float
    due: float


class Connection:
    """One keep-alive connection, opened when it is first used, and again when the server ended it."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, request: bytes, due: float | None = None) -> Answered:
        """Sends one request and reads its answer; `due` is when it should have been sent (seconds of
        `time.perf_counter`)."""
        started = due if due is not None else time.perf_counter()
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self._port)
        reader, writer = self._streams
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(_length(head))
        if b"\r\nconnection: close" in head:
            await self.close()
        took = 1e3 * (time.perf_counter() - started)
        return Answered(int(head[9:12]), b"\r\nretry-after:" in head, took, started)

    async def close(self) -> None:
        """Ends the connection."""
        if self._streams is not None:
            streams, self._streams = self._streams, None
            await end(streams[1])


async def end(writer: asyncio.StreamWriter) -> None:
    """Ends a connection at once: what a server that answered early did not read is never going to be sent, and a
    transport that waits for it outlives its loop."""
    writer.transport.abort()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


def post(path: str, body: bytes) -> bytes:
    """A POST of a JSON body."""
    head = (f"POST {path} HTTP/1.1", f"host: {HOST}", JSON, f"content-length: {len(body)}")
    return "\r\n".join((*head, "", "")).encode() + body


def resident(process: int) -> int:
    """The memory (bytes) of a process that is in use now; Linux alone tells."""
    status = Path(f"/proc/{process}/status").read_text(encoding="utf-8", errors="replace")
    line = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(line.split()[1]) * 1024


def _length(head: bytes) -> int:
    value = head.partition(b"\r\ncontent-length:")[2].partition(b"\r\n")[0]
    return int(value or b"0")
