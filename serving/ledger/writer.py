"""One thread that writes what many threads want to keep: all that waits goes into one transaction."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from queue import Empty, SimpleQueue
from threading import Lock, Thread
from typing import Any

from serving.ledger import kept
from serving.ledger.database import Database

Rows = Sequence[Mapping[str, Any]]
MOST = 64
"""Calls that share a transaction."""


class Writer:
    """Keeps rows for many threads of a server; a call returns once its rows are kept."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: SimpleQueue[tuple[Rows, Future[None]]] = SimpleQueue()
        self._starting = Lock()
        self._process = 0

    def keep(self, rows: Rows) -> None:
        """Raises what the writing of these rows raised, and not that of other rows."""
        self._start()
        done: Future[None] = Future()
        self._waiting.put((rows, done))
        done.result()

    def _start(self) -> None:
        """A thread for this process; a forked child has none of its parent's."""
        if self._process == os.getpid():
            return
        with self._starting:
            if self._process != os.getpid():
                self._waiting = SimpleQueue()
                Thread(target=self._work, name="ledger", daemon=True).start()
                self._process = os.getpid()

    def _work(self) -> None:
        while True:
            calls = [self._waiting.get()]
            while len(calls) < MOST and not self._waiting.empty():
                try:
                    calls.append(self._waiting.get_nowait())
                except Empty:
                    break
            self._written(calls)

    def _written(self, calls: Sequence[tuple[Rows, Future[None]]]) -> None:
        """Writes the rows of all calls together, or where that fails those of each alone."""
        try:
            self._together([row for rows, _ in calls for row in rows])
        except Exception as error:
            if len(calls) == 1:
                calls[0][1].set_exception(error)
                return
            for call in calls:
                self._written([call])
        else:
            for _, done in calls:
                done.set_result(None)

    def _together(self, rows: Rows) -> None:
        with self._database.writing(decision=False) as connection:
            kept.added(connection, rows)
