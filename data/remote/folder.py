"""Folders of object stores."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any
from urllib.parse import unquote, urlsplit

from data.drafts import draft_of, drafted
from data.errors import RemoteError
from data.remote.driver import require_url, system_of, told

PIECE_BYTES = 8 << 20


@dataclass(frozen=True)
class RemoteFolder:
    """A folder under a URL. Every method raises RemoteError where it cannot be reached."""

    url: str

    @classmethod
    def of(cls, text: str) -> RemoteFolder:
        """The folder of a URL or path; RemoteError for neither. A path means the same in every working directory."""
        if not text.strip():
            raise RemoteError("expected the URL or path of a folder, got nothing")
        require_url(text)
        return cls(text.rstrip("/") if "://" in text else os.path.abspath(text))  # noqa: PTH100  `..` is resolved

    def __truediv__(self, name: str) -> RemoteFolder:
        return RemoteFolder(f"{self.url.rstrip('/')}/{name}")

    @property
    def path(self) -> Path | None:
        """Where it lies on a disk; None for an object store."""
        parts = urlsplit(self.url)
        if parts.scheme == "file" and parts.netloc in ("", "localhost"):
            return Path(unquote(parts.path))
        return None if "://" in self.url else Path(self.url)

    def require_writable(self) -> None:
        """RemoteError where nothing can be put there."""
        probe = f".probe-{secrets.token_hex(4)}"
        try:
            self.write("", probe)
            (self / probe).remove()
        except RemoteError as error:
            reason = told(error.__cause__) if isinstance(error.__cause__, Exception) else str(error)
            raise RemoteError(
                f"{self.url}: nothing can be put there ({reason}); make the bucket or folder, or see to the rights"
            ) from error

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
                    while piece := source.read(PIECE_BYTES):
                        self._keep(piece, stream, name)
            except FileNotFoundError:
                return -1
            self._keep(b"", stream, name)
            return stream.tell()

    def get(self, name: str, file: Path) -> bool:
        """Fetches a file, which appears whole or not at all; False where there is none of that name."""
        draft = draft_of(file)
        try:
            with draft.open("wb") as stream:
                if self.copy(name, stream) < 0:
                    return False
            draft.replace(file)
        finally:
            draft.unlink(missing_ok=True)
        return True

    def fetch(self, folder: Path) -> None:
        """Fetches what is in it and not yet in a folder of this machine."""
        for name in self.sizes():
            if not name.startswith(".") and not (folder / name).exists():
                self.get(name, folder / name)

    def sizes(self) -> dict[str, int]:
        """The files in it, and how many bytes each has; none where there is no such folder."""
        return {_name(each["name"]): int(each["size"]) for each in self._listed() if each["type"] == "file"}

    def folders(self) -> list[str]:
        """The folders in it, sorted."""
        return sorted(_name(each["name"]) for each in self._listed() if each["type"] == "directory")

    def remove(self) -> None:
        """Removes it with everything in it, if it is there."""
        with self._reached("removed") as (system, path):
            if system.exists(path):
                system.rm(path, recursive=True)

    def _listed(self) -> list[dict[str, Any]]:
        with self._reached("listed") as (system, path):
            try:
                return list(system.ls(path, detail=True))
            except FileNotFoundError:
                return []

    def _keep(self, piece: bytes, stream: IO[bytes], name: str) -> None:
        """Writes what was read, whose disk is another than that of the URL."""
        try:
            stream.write(piece)
            stream.flush()
        except OSError as error:
            raise RemoteError(
                f"{self.url}/{name}: cannot be kept on this machine ({error.strerror}); make room there (TMPDIR names "
                f"the folder of what is fetched) and run the command again"
            ) from error

    @contextmanager
    def _reached(self, what: str, name: str = "") -> Iterator[tuple[Any, str]]:
        system, path = system_of(self.url)
        try:
            system.invalidate_cache(path)  # others write there too
            yield system, f"{path.rstrip('/')}/{name}".rstrip("/")
        except RemoteError:
            raise
        except Exception as error:  # each driver has errors of its own
            raise RemoteError(f"{self.url}: {name or 'it'} cannot be {what} ({told(error)})") from error


def _name(path: str) -> str:
    return path.rstrip("/").rpartition("/")[2]


def _put_whole(system: Any, file: Path, path: str) -> None:
    """Object stores show what is put once all of it is there; a folder of a disk shows every step."""
    if "file" not in system.protocol:
        system.put_file(str(file), path)
        return
    target = Path(path)
    target.parent.mkdir(parents=True, exist_ok=True)
    with drafted(target) as draft:
        shutil.copyfile(file, draft)
