"""Drafts: what is written beside a file until it is whole and takes the file's place."""

from __future__ import annotations

import glob
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def draft_of(file: Path) -> Path:
    """A name beside the file that no other writer takes; it ends in the number of this process."""
    return file.with_name(f".{file.name}.{secrets.token_hex(4)}.{os.getpid()}")


@contextmanager
def drafted(file: Path) -> Iterator[Path]:
    """A draft to write, which takes the file's place once all went well, and is gone otherwise."""
    draft = draft_of(file)
    try:
        yield draft
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


def sweep(file: Path) -> None:
    """Removes the drafts of a file that killed processes of this machine have left."""
    for draft in file.parent.glob(f".{glob.escape(file.name)}.*"):
        process = draft.name.rpartition(".")[2]
        if process.isdecimal() and not _is_running(int(process)):
            draft.unlink(missing_ok=True)


def write_durably(file: Path, content: bytes) -> None:
    """Writes and syncs; the caller makes the result visible by a rename."""
    with file.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())


def replace_durably(file: Path, content: bytes) -> None:
    """Gives a file another content by one atomic rename, which a loss of power does not undo."""
    with drafted(file) as draft:
        write_durably(draft, content)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


def _is_running(process: int) -> bool:
    try:
        os.kill(process, 0)
    except (ProcessLookupError, OverflowError):
        return False
    except PermissionError:
        return True
    return True
