"""The processes that answer over HTTP: this one alone, or several that share a port and are watched over."""

import errno
import json
import logging
import os
import socket
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import typer
import uvicorn
from prometheus_client.multiprocess import mark_process_dead
from uvicorn.config import STARTUP_FAILURE
from uvicorn.supervisors.multiprocess import Multiprocess, Process

from serving.errors import ServingError
from serving.guard.body import BodyLimits
from serving.guard.guard import Limits
from serving.keys.keyring import Keyring
from serving.keys.start import told_of_keys
from serving.live import Live
from serving.logs import log_plainly

TASK = "TIERWISE_TASK"
COUNTS = "PROMETHEUS_MULTIPROC_DIR"
DRAIN_SECONDS = 30
HANG_SECONDS = 60
LOOK_SECONDS = 0.2
"""So long a worker may be deaf before it is replaced (opening a large book keeps it busy), and between two looks
whether it still lives."""

logger = logging.getLogger("tierwise.workers")
STOPPED = "stopped: %s"


@dataclass(frozen=True)
class Task:
    """What is served, and how; a worker reads it from its environment. `empty` is the server with an endpoint that does
    nothing, to measure answers against. `own_ledger` keeps to the ledger under the working folder, wherever the book's
    is."""

    book_name: str
    path: str | None
    host: str
    port: int
    limits: Limits
    empty: bool = False
    own_ledger: bool = False

    def to_json(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, text: str) -> "Task":
        plain = json.loads(text)
        limits = plain["limits"]
        return cls(**{**plain, "limits": Limits(**{**limits, "body": BodyLimits(**limits["body"])})})

    def live(self) -> Live:
        """The book's engine, opened once it is asked for."""
        return Live(self.book_name, path=Path(self.path) if self.path else None, own_ledger=self.own_ledger)


def serve(task: Task, workers: int) -> None:
    """Answers until it is stopped: SIGTERM and Ctrl-C let the requests at work end, and take no others.

    With several workers, one that dies is replaced, and `/metrics` adds up what all of them counted. Raises
    TierwiseError, before anything listens, for a book that cannot be served.
    """
    live = task.live()
    engine = live()
    of_keys = told_of_keys(Keyring(engine.ledger.database), task.book_name, task.host)
    _require_free(task.host, task.port)
    hands = f", {workers} workers" if workers > 1 else ""
    where = f"http://{task.host}:{task.port}"
    typer.echo(f"Tierwise serves {engine.book.name} on {where} (model {engine.bundle.version}{hands})")
    if live.refused:
        typer.echo(f"The current model was refused, the one before it answers: {live.refused}")
    typer.echo(of_keys)
    log_plainly()
    served = f"book {engine.book.name} on {where}"
    logger.info("started: %s, model %s, workers: %d", served, engine.bundle.version, workers)
    if workers == 1:
        _alone(task, live, served)
    else:
        live.close()
        engine.ledger.close()
        _together(task, workers)
        logger.info(STOPPED, served)


def _require_free(host: str, port: int) -> None:
    """Raises ServingError where nobody can listen there, before anything says that somebody does."""
    try:
        socket.create_server((host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET).close()
    except OSError as error:
        known = error.errno in errno.errorcode  # not so for a name that cannot be looked up
        why = os.strerror(error.errno or 0).lower() if known else str(error)
        raise ServingError(f"--host {host} --port {port}: nobody can listen there ({why}); choose another") from None


def application() -> Any:
    """What a worker runs."""
    task = Task.from_json(os.environ[TASK])
    return _service(task, task.live())


def _service(task: Task, live: Live) -> Any:
    from serving.load.empty import empty_service
    from serving.service import service_for

    log_plainly()
    make = empty_service if task.empty else service_for
    return make(live, task.host, task.limits).to_asgi()


class Server(uvicorn.Server):
    """Says that it has stopped, once nothing is at work: what stopped it may end the process right after."""

    def __init__(self, config: uvicorn.Config, served: str) -> None:
        super().__init__(config)
        self._served = served

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await super().shutdown(sockets)
        logger.info(STOPPED, self._served)


def _alone(task: Task, live: Live, served: str) -> None:
    server = Server(uvicorn.Config(_service(task, live), host=task.host, port=task.port, **PLAIN), served)
    with suppress(KeyboardInterrupt):
        server.run()
    if not server.started:
        sys.exit(STARTUP_FAILURE)


def _together(task: Task, workers: int) -> None:
    with tempfile.TemporaryDirectory(prefix="tierwise-counts-") as counts:
        os.environ |= {TASK: task.to_json(), COUNTS: counts}
        app = f"{__name__}:application"
        config = uvicorn.Config(
            app,
            factory=True,
            host=task.host,
            port=task.port,
            workers=workers,
            **PLAIN,
        )
        listening = config.bind_socket()
        try:
            supervisor = Supervisor(config, sockets=[listening])
            supervisor.run()
        finally:
            listening.close()
    if supervisor.failed:
        raise ServingError("a worker could not start; its words are above")


class Supervisor(Multiprocess):
    """Replaces workers that died or went deaf, and takes what they had at work out of the counts. `failed` where one
    could not even start: the others would not either."""

    failed = False

    def keep_subprocess_alive(self) -> None:
        for place, process in enumerate(self.processes):
            if self._is_well(process):
                continue
            process.kill()
            process.join()
            mark_process_dead(process.pid)  # type: ignore[no-untyped-call]
            if process.exitcode == STARTUP_FAILURE:
                self.failed = True
                self.should_exit.set()
                return
            logger.warning("worker %s ended with code %s; another one starts", process.pid, process.exitcode)
            self.processes[place] = Process(self.config, self.sockets)
            self.processes[place].start()

    def _is_well(self, process: Process) -> bool:
        """Whether a worker answers; one that is killed while it is asked never will, and a signal does not wait."""
        process.parent_conn.send(b"ping")
        end = time.monotonic() + HANG_SECONDS
        while process.process.is_alive() and time.monotonic() < end:
            if process.parent_conn.poll(LOOK_SECONDS):
                process.parent_conn.recv()
                return True
            if self.signal_queue:
                return True
        return False


PLAIN: dict[str, Any] = {
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_graceful_shutdown": DRAIN_SECONDS,
}
