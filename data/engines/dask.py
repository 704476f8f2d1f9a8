"""Dask: a cluster of this machine's cores, or the one that a scheduler has. Needs the extra `dask`."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import CancelledError
from contextlib import ExitStack, suppress
from itertools import islice
from time import monotonic
from typing import Any, Self

import dask
from distributed import Client, KilledWorker, LocalCluster, Security, Status, as_completed
from distributed.comm import connect, get_address_host_port

from data.engines.engine import ONE_THREAD, TRIES, Item, Result
from data.engines.quiet import silenced, undisturbed
from data.engines.reach import first_line, require_listening, why_silent
from data.engines.trip import Trip, answer_of, too_often
from data.errors import EngineError

SECONDS = 8
"""So long a scheduler may take to answer."""

RETURN_SECONDS = 20
"""So long a cluster may be without workers: those that are started again take their time."""

GLANCE_SECONDS = 1.0

LOGGERS = ("distributed", "distributed.client", "distributed.gc", "tornado.application")
"""Whoever has a level of its own."""

GONE = "the dask scheduler is gone; start it and run the command again: what is finished is kept"


class DaskEngine:
    """The workers of a Dask cluster; on another machine, Tierwise is installed there in the same version."""

    def __init__(self, client: Any, address: str, opened: ExitStack, cluster: Any = None) -> None:
        self._client = client
        self._address = address
        self._opened = opened
        self._cluster = cluster

    @classmethod
    def here(cls, workers: int) -> Self:
        """So many processes of one thread each, on this machine and for it alone."""
        with ExitStack() as opened:
            opened.enter_context(silenced(*LOGGERS))
            cluster = local_cluster(workers)
            opened.callback(cluster.close)
            client = Client(cluster)
            opened.callback(client.close)
            return cls(client, "", opened.pop_all(), cluster)

    @classmethod
    def at(cls, address: str) -> Self:
        """The cluster of the scheduler at an address; EngineError where none answers, or has no worker."""
        with ExitStack() as opened:
            opened.enter_context(silenced(*LOGGERS))
            try:
                require_scheduler(address, SECONDS)
                client = Client(address, timeout=SECONDS)
            except (OSError, ValueError, TypeError) as error:
                raise EngineError(
                    f"dask scheduler {address}: {why_silent(error, SECONDS)}; "
                    f"start it with `dask scheduler`, or correct the address"
                ) from None
            opened.callback(client.close)
            try:
                client.wait_for_workers(1, timeout=SECONDS)
            except TimeoutError:
                raise EngineError(
                    f"dask scheduler {address}: it has no workers; start some with `dask worker {address} --nthreads 1`"
                ) from None
            return cls(client, address, opened.pop_all())

    def map(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """As `Engine.map`."""
        trip, rest = Trip.of(task), iter(enumerate(items))
        numbers: dict[str, int] = {}
        answers: dict[int, Any] = {}
        done = as_completed([], loop=self._client.loop, with_results=True, raise_errors=False)

        def begin() -> None:
            for number, item in islice(rest, max(0, max(1, self._threads()) - done.count())):
                future = self._client.submit(trip, item, pure=False, priority=-number)
                numbers[future.key] = number
                done.add(future)

        try:
            begin()
            for wanted in range(len(items)):
                while wanted not in answers:
                    future, answer = self._next(done)
                    number = numbers.pop(future.key)
                    answers[number] = answer_of(_arrived(future, answer, items[number]))
                    begin()
                yield answers.pop(wanted)
        finally:
            if self._client.status == "running":
                with suppress(OSError, CancelledError):
                    self._client.cancel(list(done.futures), force=True)

    def _next(self, done: Any) -> tuple[Any, Any]:
        """What is done next, and its answer. EngineError where all workers are gone, and stay away."""
        seen = monotonic()
        while not _ready(done):
            if self._threads():
                seen = monotonic()
            elif self._cluster is not None and _given_up(self._cluster):
                _staff(self._cluster)
            elif monotonic() - seen > RETURN_SECONDS:
                raise _deserted(self._address)
        future, answer = next(done)
        return future, answer

    def _threads(self) -> int:
        """So many items are at work at once: of two at hand, both would be blamed for a death."""
        with suppress(OSError):
            if self._client.status == "running":
                return int(sum(self._client.nthreads().values()))
        raise EngineError(GONE)

    def close(self) -> None:
        """Leaves a cluster of others as it is."""
        self._opened.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def local_cluster(workers: int) -> Any:
    """So many worker processes of one thread on this machine, without a dashboard, reached from it alone; they never
    hear Ctrl-C."""
    with dask.config.set({"distributed.scheduler.allowed-failures": TRIES - 1}), undisturbed():
        return LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            scheduler_kwargs={"dashboard": False},
            silence_logs=logging.CRITICAL,
            env=ONE_THREAD,
        )


def require_scheduler(address: str, seconds: float) -> None:
    """Raises OSError or ValueError where no scheduler answers: a client may wait for an answer for ever."""
    host, port = get_address_host_port(address)
    require_listening(host, port, seconds)
    asyncio.run(_greeted(address, seconds))


async def _greeted(address: str, seconds: float) -> None:
    security = Security().get_connection_args("client")
    try:
        comm = await asyncio.wait_for(connect(address, timeout=seconds, **security), seconds)
    except MemoryError:  # of who takes text for the length of an answer
        raise ValueError("what listens there is no dask scheduler") from None
    comm.abort()


def _given_up(cluster: Any) -> bool:
    """Whether nobody starts the workers again: who does gives up where a new one dies before it was heard of."""
    starters = [starter.process for starter in cluster.workers.values()]
    return all(worker is None or worker.status in (Status.stopped, Status.failed) for worker in starters)


def _staff(cluster: Any) -> None:
    """Has new workers started in the place of all that are gone."""
    count = len(cluster.worker_spec)
    for wanted in (0, count):
        cluster.scale(wanted)
        cluster.sync(cluster._correct_state)


def _deserted(address: str) -> EngineError:
    """What to say of a cluster without workers: the one at an address, or our own."""
    said = (
        f"the dask scheduler at {address} has no workers any more; start them again with `dask worker {address} "
        f"--nthreads 1` and"
        if address
        else "the dask workers of this machine ended, and none was started again;"
    )
    return EngineError(f"{said} run the command again: what is finished is kept")


def _ready(done: Any) -> bool:
    """Waits a moment for something to be done."""
    with done.thread_condition:
        return bool(done.thread_condition.wait_for(done.has_ready, GLANCE_SECONDS))


def _arrived(future: Any, answer: Any, item: object) -> bytes:
    """The bytes of the answer; EngineError where it is none."""
    if isinstance(answer, bytes):
        return answer
    error = answer[1] if isinstance(answer, tuple) else answer
    if isinstance(error, KilledWorker):
        raise too_often(item, TRIES) from None
    if future.status in ("cancelled", "lost"):
        raise EngineError(GONE)
    raise EngineError(
        f"dask: the workers cannot run this ({first_line(error)}); install the same Tierwise on all of them"
    ) from None
