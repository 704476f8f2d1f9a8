"""Bodies that are too large, against a server that refuses them unread."""

import asyncio
import gc
import os
import socket
import threading
import warnings
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from serving.bench.oversized import oversized

REFUSED = b"HTTP/1.1 413 Content Too Large\r\ncontent-length: 0\r\n\r\n"
BODIES = 4
VISITS = 2 + 2 * BODIES


@pytest.fixture
def port() -> Iterator[int]:
    """Where each head is answered, and the body left where it is for as long as the test goes on."""
    with ExitStack() as held:
        listening = held.enter_context(socket.create_server(("127.0.0.1", 0)))

        def refuse() -> None:
            for _ in range(VISITS):
                visitor = held.enter_context(listening.accept()[0])
                visitor.recv(1_000)
                visitor.sendall(REFUSED)

        answering = threading.Thread(target=refuse)
        answering.start()
        yield listening.getsockname()[1]
        answering.join()


def test_bodies_that_nobody_reads_leave_no_connection_behind(port: int) -> None:
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always", ResourceWarning)
        found = asyncio.run(oversized(port, os.getpid(), BODIES))
        gc.collect()
    assert [str(warning.message) for warning in told] == []
    assert (found.declared, found.chunked, found.refused) == (BODIES, BODIES, 2 * BODIES)
