"""Tasks of an ingest whose worker is killed at a bad moment; workers can import them."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from data.engines.engine import Engine
from data.errors import EngineError
from data.ingest.intake import TakeIn
from data.ingest.writing import WriteBucket

BAD_MOMENTS = {TakeIn: "data.ingest.harvest._moved", WriteBucket: "data.ingest.writing.asdict"}
"""What comes when all is written and nothing of it counts yet."""


@dataclass(frozen=True)
class KilledOnce:
    """The worker that is first to come to the bad moment of a task is killed there."""

    task: Callable[[Any], Any]
    marker: Path

    def __call__(self, item: Any) -> Any:
        if self.marker.exists():
            return self.task(item)
        with patch(BAD_MOMENTS[type(self.task)], self._die):  # type: ignore[index]
            return self.task(item)

    def _die(self, *_: object) -> None:
        self.marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


@dataclass(frozen=True)
class Killing:
    """An engine that loses a worker whenever it reads, and whenever it writes."""

    engine: Engine
    folder: Path

    def map(self, task: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        if type(task) not in BAD_MOMENTS:
            return self.engine.map(task, items)
        return self.engine.map(KilledOnce(task, self.folder / type(task).__name__), items)


@dataclass(frozen=True)
class Stopped:
    """An engine that is gone after so many results of one kind of task."""

    engine: Engine
    kind: type
    after: int

    def map(self, task: Callable[[Any], Any], items: Sequence[Any]) -> Iterator[Any]:
        for number, result in enumerate(self.engine.map(task, items)):
            yield result
            if isinstance(task, self.kind) and number + 1 == self.after:
                raise EngineError("the engine is gone")
