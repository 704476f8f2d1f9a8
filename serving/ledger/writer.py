"""What many threads want to keep at the same time is written together: all that waits goes into one transaction."""

import os
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from serving.ledger import kept
from serving.ledger.database import Database

Rows = Sequence[Mapping[str, Any]]
MOST = 64
"""Calls that share a transaction."""


@dataclass(eq=False, slots=True)
class _Call:
    rows: Rows
    is_done: bool = False
    error: Exception | None = None


@dataclass(slots=True)
class _Desk:
    """The calls of one process that wait, and the lock of who writes."""

    process: int = field(default_factory=os.getpid)
    waiting: deque[_Call] = field(default_factory=deque)
    turn: Lock = field(default_factory=Lock)


class Writer:
    """Keeps rows for many threads of a server; a call returns once its rows are kept.

    Whoever comes while nobody writes writes at once, for all that wait: no call waits for another thread to wake up.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._desk = _Desk()

    def keep(self, rows: Rows) -> None:
        """Raises what the writing of these rows raised, and not that of other rows."""
        desk, call = self._own(), _Call(rows)
        desk.waiting.append(call)
        with desk.turn:
            while not call.is_done:
                self._written([desk.waiting.popleft() for _ in range(min(len(desk.waiting), MOST))])
        if call.error:
            raise call.error

    def _own(self) -> _Desk:
        """That of this process; a forked child must not wait for a thread of its parent's."""
        if self._desk.process != os.getpid():
            self._desk = _Desk()
        return self._desk

    def _written(self, calls: Sequence[_Call]) -> None:
        """Writes the rows of all calls together, or where that fails those of each alone."""
        try:
            kept.added(self._database, [row for call in calls for row in call.rows])
        except Exception as error:
            if len(calls) > 1:
                for call in calls:
                    self._written([call])
                return
            calls[0].error = error
        for call in calls:
            call.is_done = True
