"""Digests of files, remembered for as long as the file system says that a file is the same."""

from __future__ import annotations

import hashlib
import json
import time
from pathlib import Path

from data.drafts import drafted

_SETTLED_NS = 2_000_000_000  # a file changed just now may change again within one tick of its clock


class Digests:
    """SHA-256 of files in hex, kept in a file of the working folder so that big files are read once."""

    def __init__(self, memory: Path) -> None:
        self._memory = memory
        self._known = _remembered(memory)
        self._seen: dict[str, list[object]] = {}

    def of(self, file: Path) -> str:
        """The digest of a file's bytes."""
        signature = _signature(file)
        known = self._known.get(str(file))
        if known is not None and known[:-1] == signature:
            self._seen[str(file)] = known
            return str(known[-1])
        with file.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        if signature == _signature(file) and _settled(file):
            self._seen[str(file)] = [*signature, digest]
        return digest

    def remember(self) -> None:
        """Keeps what was seen for the next time."""
        if self._seen != self._known:
            self._memory.parent.mkdir(parents=True, exist_ok=True)
            with drafted(self._memory) as draft:
                draft.write_text(json.dumps(self._seen), encoding="utf-8")


def _remembered(memory: Path) -> dict[str, list[object]]:
    try:
        known = json.loads(memory.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


def _signature(file: Path) -> list[object]:
    state = file.stat()
    return [state.st_size, state.st_mtime_ns, state.st_ctime_ns, state.st_ino]


def _settled(file: Path) -> bool:
    state = file.stat()
    return time.time_ns() - max(state.st_mtime_ns, state.st_ctime_ns) > _SETTLED_NS
