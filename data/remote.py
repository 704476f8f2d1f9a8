"""Files that are named by a URL: folders of an object store, and outputs that are put there in one piece."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from data.errors import RemoteError

FOLDER = "remote"
PIECE_BYTES = 8 << 20


@contextmanager
def placed(out: str, home: Path, beside: Sequence[str] = ()) -> Iterator[Path]:
    """The local file to write for `out`: the file itself, or, for a URL such as `s3://bucket/scores.parquet`, one under
    `home` that is put there once all went well, so that nobody ever reads half of it.

    `beside` are the endings of files that may lie beside it: they are put too, and one that was not written is removed
    there. RemoteError, before anything is written, for a URL of which nothing is known, or a driver that is missing;
    and where the file cannot be put: what was written is then kept, and named.
    """
    local = _local(out)
    if local is not None:
        yield local
        return
    system, path = system_of(out)
    if not path.rpartition("/")[2]:
        raise RemoteError(f"{out}: expected the URL of a file, not of a folder")
    folder = home / FOLDER / hashlib.sha256(out.encode()).hexdigest()[:16]
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / path.rpartition("/")[2]
    yield file
    try:
        for ending in ("", *beside):
            _put(file.with_name(file.name + ending), system, path + ending)
    except Exception as error:  # each driver has errors of its own
        raise RemoteError(f"{out}: cannot be put there ({told(error)}); the file is kept as {file}") from error
    shutil.rmtree(folder)


@dataclass(frozen=True)
class RemoteFolder:
    """A folder under a URL. Every method raises RemoteError where it cannot be reached."""

    url: str

    def __truediv__(self, name: str) -> RemoteFolder:
        return RemoteFolder(f"{self.url.rstrip('/')}/{name}")

    def put(self, file: Path, name: str) -> None:
        """Sends a file; whoever looks for it finds it whole or not at all."""
        with self._reached("put", name) as (system, path):
            _put_whole(system, file, path)

    def write(self, text: str, name: str) -> None:
        """Sends a short text as a file."""
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            self.put(Path(file.name), name)

    def read(self, name: str) -> str | None:
        """A short text; None where there is none of that name."""
        with self._reached("read", name) as (system, path):
            try:
                return str(system.cat_file(path).decode("utf-8", errors="replace"))
            except FileNotFoundError:
                return None

    def copy(self, name: str, stream: IO[bytes]) -> int:
        """Reads a file into a stream, and answers its size in bytes; -1 where there is none of that name."""
        with self._reached("read", name) as (system, path):
            try:
                with system.open(path, "rb") as source:
                    shutil.copyfileobj(source, stream, PIECE_BYTES)
            except FileNotFoundError:
                return -1
            stream.flush()
            return stream.tell()

    def sizes(self) -> dict[str, int]:
        """The files in it, and how many bytes each has; none where there is no such folder."""
        with self._reached("listed") as (system, path):
            try:
                found = system.ls(path, detail=True, refresh=True)
            except FileNotFoundError:
                return {}
            return {_name(each["name"]): int(each["size"]) for each in found if each["type"] == "file"}

    def folders(self) -> list[str]:
        """The folders in it, sorted."""
        with self._reached("listed") as (system, path):
            try:
                found = system.ls(path, detail=True, refresh=True)
            except FileNotFoundError:
                return []
            return sorted(_name(each["name"]) for each in found if each["type"] == "directory")

    def remove(self) -> None:
        """Removes it with everything in it, if it is there."""
        with self._reached("removed") as (system, path):
            if system.exists(path):
                system.rm(path, recursive=True)

    @contextmanager
    def _reached(self, what: str, name: str = "") -> Iterator[tuple[Any, str]]:
        url = f"{self.url.rstrip('/')}/{name}".rstrip("/")
        system, path = system_of(url)
        try:
            yield system, path
        except Exception as error:  # each driver has errors of its own
            raise RemoteError(f"{url}: cannot be {what} ({told(error)})") from error


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _put_whole(system: Any, file: Path, path: str) -> None:
    """Object stores show what is put once all of it is there; a folder of a disk shows every step."""
    if "file" not in system.protocol:
        system.put_file(str(file), path)
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    draft = target.with_name(f".{target.name}.{socket.gethostname()}.{os.getpid()}")
    try:
        shutil.copyfile(file, draft)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


def _local(out: str) -> Path | None:
    """The file of a path or of a `file://` URL."""
    parts = urlsplit(out)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Path(unquote(parts.path))
    return None if "://" in out else Path(out)


def system_of(url: str) -> tuple[Any, str]:
    """The driver of a URL or path, and the path within; RemoteError where none is known, or it is missing."""
    import fsspec

    try:
        system, path = fsspec.core.url_to_fs(url)
    except (ImportError, ValueError, OSError) as error:
        raise RemoteError(f"{url}: {told(error)}; expected a path, or the URL of an object store") from error
    return system, path


def _put(file: Path, system: Any, path: str) -> None:
    if file.is_file():
        system.put_file(str(file), path)
    elif system.exists(path):
        system.rm_file(path)


def told(error: Exception) -> str:
    """An error's first line."""
    return (str(error).splitlines() or [type(error).__name__])[0]
