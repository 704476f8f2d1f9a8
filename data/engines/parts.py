"""Finished parts of one output, in a folder beside it, until all are there and are joined."""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from data.engines.program import program_digest
from data.errors import EngineError
from data.remote.folder import RemoteFolder


@dataclass(frozen=True)
class Parts:
    """Parts by number; the name of the `folder` tells everything that they depend on, so that what a job that was cut
    off has finished counts for the next one of the same kind, and for no other. Workers that share no disk with this
    process leave theirs in a folder `between`."""

    out: Path
    folder: Path
    between: RemoteFolder | None = None

    @classmethod
    def of(cls, out: Path, given: object, between: RemoteFolder | None = None) -> Parts:
        """Those of an output that is made from what is `given` (JSON values) by this program."""
        text = json.dumps([program_digest(), given], sort_keys=True)
        name = hashlib.sha256(text.encode()).hexdigest()[:16]
        return cls(out, out.absolute().with_name(f".{out.name}.parts") / name, between / name if between else None)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Holds the output until the work is done, then removes the parts; what other jobs have left goes first.
        EngineError where another process writes the same output."""
        home = self.folder.parent
        with _locked(home, self.out):
            for other in home.iterdir():
                if other.is_dir() and other != self.folder:
                    shutil.rmtree(other)
            self.folder.mkdir(exist_ok=True)
            yield
            shutil.rmtree(home)
            if self.between:
                self.between.remove()

    def finished(self) -> dict[int, tuple[Path, int]]:
        """The file of each finished part, and how many rows it has."""
        if self.between:
            self.between.fetch(self.folder)
        found = {}
        for file in self.folder.glob("[!.]*"):
            number, _, rows = file.name.partition("-")
            found[int(number)] = (file, int(rows))
        return found

    @contextmanager
    def writing(self, number: int) -> Iterator[Draft]:
        """A stream for a part, which appears whole with the rows that were `told`, or not at all; once this returns it
        survives a crash. Whoever writes the same part elsewhere writes the same bytes."""
        folder = Path(tempfile.gettempdir()) if self.between else self.folder
        mine = f"{socket.gethostname()}.{os.getpid()}.{threading.get_ident()}"
        draft = folder / f".{self.folder.name}.{number:06}.{mine}"
        try:
            with draft.open("wb") as stream:
                part = Draft(stream)
                yield part
                stream.flush()
                os.fsync(stream.fileno())
            name = f"{number:06}-{part.rows}"
            if self.between:
                self.between.put(draft, name)
            else:
                draft.replace(self.folder / name)
        finally:
            draft.unlink(missing_ok=True)


@dataclass
class Draft:
    """A part that is being written, and how many rows it has."""

    stream: IO[bytes]
    rows: int = 0


@contextmanager
def _locked(home: Path, out: Path) -> Iterator[None]:
    """The lock goes with the folder; whoever opened one that is gone opens the new one."""
    while True:
        home.mkdir(exist_ok=True)
        try:
            stream = (home / "lock").open("a")
        except FileNotFoundError:
            continue
        with stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EngineError(f"{out}: another job is writing it; wait until that is done") from None
            if _is_still(stream, home / "lock"):
                yield
                return


def _is_still(stream: IO[str], file: Path) -> bool:
    try:
        return os.fstat(stream.fileno()).st_ino == file.stat().st_ino
    except FileNotFoundError:
        return False
