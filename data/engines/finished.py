"""What a job has finished: files in a folder whose name tells everything that they depend on."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from data.doors import resumable
from data.drafts import draft_of
from data.errors import EngineError
from data.remote.folder import RemoteFolder


@dataclass(frozen=True)
class Finished:
    """A `folder` for whoever joins the files; workers that share no disk with that process leave theirs in a folder
    `between`."""

    folder: Path
    between: RemoteFolder | None = None

    @contextmanager
    def collecting(self) -> Iterator[None]:
        """From what there is to the end of the job, when it goes; what other jobs have left beside it goes first.
        The caller has seen to it that no other job is at work there."""
        for other in self.folder.parent.iterdir():
            if other.is_dir() and other != self.folder:
                shutil.rmtree(other)
        self.folder.mkdir(exist_ok=True)
        self.fetch()
        try:
            with resumable():
                yield
        except BaseException:
            with suppress(OSError):  # what is finished is kept
                self.folder.rmdir()
            raise
        shutil.rmtree(self.folder)
        if self.between:
            self.between.remove()

    @contextmanager
    def draft(self) -> Iterator[Draft]:
        """A stream for a file, which appears whole under the name that it was given meanwhile, or not at all; once this
        returns it survives a crash."""
        file = draft_of(self._place / self.folder.name)
        try:
            with self._written_on(file) as stream:
                draft = Draft(stream)
                yield draft
            if self.between:
                self.between.put(file, draft.name)
            else:
                file.replace(self.folder / draft.name)
        finally:
            file.unlink(missing_ok=True)

    def fetch(self) -> None:
        """Fetches all that workers have finished and is not here yet."""
        if self.between:
            self.between.fetch(self.folder)

    def bring(self, name: str) -> bool:
        """Fetches a file that a worker has just finished, where it is not here yet; False where it is gone."""
        file = self.folder / name
        return file.is_file() or bool(self.between and self.between.get(name, file))

    @property
    def _place(self) -> Path:
        return Path(tempfile.gettempdir()) if self.between else self.folder

    @contextmanager
    def _written_on(self, file: Path) -> Iterator[IO[bytes]]:
        """Survives a crash once it is written; what is wrong with a worker's own disk is told as such."""
        try:
            with file.open("wb") as stream:
                yield stream
                stream.flush()
                os.fsync(stream.fileno())
        except OSError as error:
            if not self.between:
                raise
            raise EngineError(
                f"{self._place}: {error.strerror}; make room there, or name another folder by TMPDIR, and run the "
                f"command again: what is finished is kept"
            ) from error


@dataclass
class Draft:
    """A file that is being written, and what it will be called."""

    stream: IO[bytes]
    name: str = ""
