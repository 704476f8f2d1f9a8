"""Outputs that are named by a URL: written here first, and put where they belong in one piece."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from data.errors import EngineError, RemoteError, listed
from data.remote.driver import require_url, system_of, told
from data.remote.folder import RemoteFolder

FOLDER = "remote"


@contextmanager
def placed(out: str, home: Path, endings: Sequence[str], beside: Sequence[str] = ()) -> Iterator[Path]:
    """The local file to write for `out`: the file itself, or, for a URL such as `s3://bucket/scores.parquet`, one under
    `home` that is put there once all went well, so that nobody ever reads half of it.

    `beside` are the endings of files that may lie beside it: they are put too, and one that was not written is removed
    there. RemoteError, before anything is written, for a URL of which nothing is known, a driver that is missing, or a
    name that ends in none of the `endings`; and where the file cannot be put: what was written is then kept, and named.
    """
    require_url(out)
    local = RemoteFolder(out).path
    if local is not None:
        yield local
        return
    system, path = system_of(out)
    if not out.endswith(tuple(endings)):
        raise RemoteError(f"{out}: expected the URL of a file that ends in {listed(endings)}")
    place = out.rpartition("/")[0]
    if place.endswith(":/"):
        raise RemoteError(f"{out}: expected the URL of a file in a bucket or folder")
    RemoteFolder(place).require_writable()
    folder = home / FOLDER / hashlib.sha256(out.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / path.rpartition("/")[2]
    try:
        yield file
    except EngineError as error:
        raise EngineError(str(error).replace(str(file), out)) from error
    finally:
        with suppress(OSError):  # what was begun is kept
            folder.rmdir()
    try:
        for ending in ("", *beside):
            _put(file.with_name(file.name + ending), system, path + ending)
    except Exception as error:  # each driver has errors of its own
        raise RemoteError(f"{out}: cannot be put there ({told(error)}); the file is kept as {file}") from error
    shutil.rmtree(folder)


def parts_beside(out: str) -> RemoteFolder | None:
    """The folder beside an output under a URL, for its parts; None for an output of this machine."""
    if RemoteFolder(out).path is not None:
        return None
    place, _, name = out.rstrip("/").rpartition("/")
    return RemoteFolder(f"{place}/.{name}.parts")


def _put(file: Path, system: Any, path: str) -> None:
    if file.is_file():
        system.put_file(str(file), path)
    elif system.exists(path):
        system.rm_file(path)
