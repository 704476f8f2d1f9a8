"""One job at a time for each output."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

from data.errors import EngineError

LOCK = "lock"


def folder_of(out: Path) -> Path:
    """Beside an output, where whoever writes it keeps what is finished."""
    return out.absolute().with_name(f".{out.name}.parts")


@contextmanager
def writing_alone(out: Path) -> Iterator[None]:
    """Holds an output; its folder goes in the end, unless something was left in it. EngineError where another process
    writes the same output."""
    folder = folder_of(out)
    with _locked(folder, out):
        try:
            yield
        finally:
            with suppress(OSError):
                if [file.name for file in folder.iterdir()] == [LOCK]:
                    shutil.rmtree(folder)


def sweep_parts(folder: Path) -> None:
    """Removes what jobs that were cut off have left anywhere under a folder."""
    for left in [found for found in folder.rglob(".*.parts") if found.is_dir()]:
        with suppress(EngineError), _locked(left, left):
            shutil.rmtree(left)


@contextmanager
def _locked(folder: Path, out: Path) -> Iterator[None]:
    """The lock goes with the folder; whoever opened one that is gone opens the new one."""
    while True:
        folder.mkdir(exist_ok=True)
        try:
            stream = (folder / LOCK).open("a")
        except FileNotFoundError:
            continue
        with stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise EngineError(f"{out}: another job is writing it; wait until that is done") from None
            if _is_still(stream, folder / LOCK):
                yield
                return


def _is_still(stream: IO[str], file: Path) -> bool:
    try:
        return os.fstat(stream.fileno()).st_ino == file.stat().st_ino
    except FileNotFoundError:
        return False
