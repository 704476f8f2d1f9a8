"""Several processes behind one port, as the command starts them."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from serving.errors import ServingError
from serving.guard.guard import Limits
from serving.load.server import ROOT, running
from serving.workers import Task, serve

CHILDREN = "/proc/{0}/task/{0}/children"


def children(process: int) -> set[int]:
    return {int(child) for child in Path(CHILDREN.format(process)).read_text().split()}


def workers_of(server: int) -> set[int]:
    """The processes that answer; the one that keeps track of shared resources is none of them."""
    told = {child: Path(f"/proc/{child}/cmdline").read_bytes() for child in children(server)}
    return {child for child, words in told.items() if b"resource_tracker" not in words}


def counted(port: int) -> float:
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=30) as answer:
        lines = [line for line in answer.read().decode().splitlines() if line.startswith("tierwise_requests_total")]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines if "/livez" in line)


def test_a_book_that_cannot_be_served_is_told_before_anything_listens(in_the_shop: Path) -> None:
    task = Task("no_such_book.toml", None, "127.0.0.1", 0, Limits())
    with pytest.raises(ServingError, match=r"did not start: .*no_such_book"), running(task, 1):
        pass


@pytest.mark.parametrize("workers", [1, 2])
def test_a_port_that_is_taken_is_told_before_the_server_says_that_it_serves(
    in_the_shop: Path, capsys: pytest.CaptureFixture[str], workers: int
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(ServingError, match=rf"--port {port}: nobody can listen there"):
            serve(Task("corner_shop.toml", None, "127.0.0.1", port, Limits()), workers)
    assert "serves" not in capsys.readouterr().out


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_start_and_a_stop_are_logged_in_one_line_each(in_the_shop: Path, how: signal.Signals) -> None:
    with served(1, how) as (_, port, logged):
        pass
    assert_logged(logged, port, 1)


@pytest.mark.skipif(not Path(CHILDREN.format(os.getpid())).exists(), reason="only Linux tells a process's children")
def test_a_dead_worker_is_replaced_and_counts_are_added_up_between_one_start_and_one_stop(in_the_shop: Path) -> None:
    before = children(os.getpid())
    with served(2, signal.SIGTERM) as (server, port, logged):
        workers = workers_of(server)
        assert len(workers) == 2
        os.kill(min(workers), signal.SIGKILL)
        end = time.monotonic() + 60
        while len(workers_of(server) - {min(workers)}) < 2 and time.monotonic() < end:
            time.sleep(0.05)
        assert len(workers_of(server) - {min(workers)}) == 2
        for _ in range(10):
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=30) as answer:
                assert answer.status == 200
        assert counted(port) == 10
    assert_logged(logged, port, 2)
    assert not children(os.getpid()) - before


@contextmanager
def served(workers: int, how: signal.Signals) -> Iterator[tuple[int, int, list[str]]]:
    """A server's process and port once it is ready; stopped by a signal, and then what it logged of start and end."""
    task = Task("corner_shop.toml", None, "127.0.0.1", free_port(), Limits(requests_per_minute=0))
    command = [sys.executable, "-m", "serving.load.server", task.to_json(), str(workers)]
    logged: list[str] = []
    with subprocess.Popen(
        command,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    ) as server:
        try:
            wait_for(task.port, 2 * workers)
            yield server.pid, task.port, logged
        finally:
            server.send_signal(how)
        assert server.stderr is not None
        logged += [line for line in server.stderr.read().splitlines() if "started: " in line or "stopped: " in line]


def assert_logged(told: list[str], port: int, workers: int) -> None:
    book = f"book corner_shop on http://127.0.0.1:{port}"
    assert len(told) == 2
    assert re.search(rf"started: {book}, model [0-9a-f]{{16}}, workers: {workers}$", told[0])
    assert told[1].endswith(f"stopped: {book}")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])


def wait_for(port: int, looks: int) -> None:
    """Until the server is ready so many looks in a row: each may find another worker."""
    end, good = time.monotonic() + 180, 0
    while good < looks and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=30):
                good += 1
        except OSError:
            good = 0
        time.sleep(0.05)
    assert good == looks, "the server did not start"
