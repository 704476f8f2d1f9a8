"""A server in a process of its own, on a free port of this machine, for as long as a block lasts."""

import os
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO

from serving.errors import ServingError
from serving.workers import Task, serve

ROOT = Path(__file__).resolve().parent.parent.parent
PATIENCE = 180.0
GRACE = 40.0
"""Seconds until a server has started, and until it has ended."""


@contextmanager
def running(
    task: Task, workers: int, variables: Mapping[str, str] | None = None, folder: Path | None = None
) -> Iterator[int]:
    """Serves the task and answers the port, once every worker has started. Raises ServingError where it does not start.

    `variables` are added to its environment; its working folder is `folder`, by default this process's.
    """
    with _free_port() as port:
        here = replace(task, host="127.0.0.1", port=port)
    command = [sys.executable, "-m", "serving.load.server", here.to_json(), str(workers)]
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    environment = {**os.environ, "PYTHONPATH": paths, **(variables or {})}
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=said, stderr=said)  # noqa: S603
        try:
            _wait_for(process, said, port, workers)
            yield port
        finally:
            _end(process)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(GRACE)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _wait_for(process: "subprocess.Popen[bytes]", said: IO[str], port: int, workers: int) -> None:
    """Until as many looks in a row find it ready as there are workers, twice over."""
    end, good = time.monotonic() + PATIENCE, 0
    while good < (2 * workers if workers > 1 else 1):
        if process.poll() is not None:
            said.seek(0)
            words = said.read().strip().splitlines()
            raise ServingError(f"the server did not start: {words[-1] if words else 'it said nothing'}")
        if time.monotonic() > end:
            raise ServingError(f"the server did not start within {PATIENCE:g} s")
        good = good + 1 if _is_ready(port) else 0
        time.sleep(0.05)


def _is_ready(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


@contextmanager
def _free_port() -> Iterator[int]:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        yield int(taken.getsockname()[1])


if __name__ == "__main__":
    serve(Task.from_json(sys.argv[1]), int(sys.argv[2]))
