"""Finished parts of one output, in a folder beside it, until all are there and are joined."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from data.engines.alone import folder_of, writing_alone
from data.engines.finished import Finished
from data.engines.program import program_digest
from data.remote.folder import RemoteFolder


@dataclass(frozen=True)
class Parts:
    """Parts by number: what a job that was cut off has finished counts for the next one of the same kind, and for no
    other."""

    out: Path
    kept: Finished

    @classmethod
    def of(cls, out: Path, given: object, between: RemoteFolder | None = None) -> Parts:
        """Those of an output that is made from what is `given` (JSON values) by this program; `between` as of
        `Finished`."""
        text = json.dumps([program_digest(), given], sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        return cls(out, Finished(folder_of(out) / name, between / name if between else None))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Holds the output until the work is done, then removes the parts; what other jobs have left goes first.
        EngineError where another process writes the same output."""
        with writing_alone(self.out), self.kept.collecting():
            yield

    def finished(self) -> dict[int, tuple[Path, int]]:
        """The file of each finished part, and how many rows it has."""
        self.kept.fetch()
        found = {}
        for file in self.kept.folder.glob("[!.]*"):
            number, _, rows = file.name.partition("-")
            found[int(number)] = (file, int(rows))
        return found

    @contextmanager
    def writing(self, number: int) -> Iterator[Part]:
        """A stream for a part, which appears whole with the rows that were told, or not at all; once this returns it
        survives a crash. Whoever writes the same part elsewhere writes the same bytes."""
        with self.kept.draft() as draft:
            part = Part(draft.stream)
            yield part
            draft.name = f"{number:06}-{part.rows}"


@dataclass
class Part:
    """A part that is being written, and how many rows it has."""

    stream: IO[bytes]
    rows: int = 0
