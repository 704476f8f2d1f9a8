"""A server of its own to measure: another process, as callers meet it."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from serving.bench.wire import HOST
from serving.errors import ServingError

PATIENCE = 300.0
"""Seconds for a server to start."""


@dataclass(frozen=True)
class Running:
    """A server that runs: its port and its process."""

    port: int
    process: int


@contextmanager
def running(book_name: str, path: Path | None, *options: str) -> Iterator[Running]:
    """A server of a book on a free port of this machine, until the block ends; its log goes nowhere."""
    port = _free_port()
    where = ("--path", str(path)) if path else ()
    command = (sys.executable, "-m", "serving", "serve", book_name, "--port", str(port), *where, *options)
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
    try:
        _wait_for(port, server)
        yield Running(port, server.pid)
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        with closing(socket.socket()) as client:
            if client.connect_ex((HOST, port)) == 0:
                return
        time.sleep(0.1)
    raise ServingError("the server to measure did not start; python -m serving serve BOOK says why")


def _free_port() -> int:
    with closing(socket.socket()) as listener:
        listener.bind((HOST, 0))
        return int(listener.getsockname()[1])
