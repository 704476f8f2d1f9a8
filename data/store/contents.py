"""What a published generation holds: its manifest, and how long each file is and what digest it has."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import IO
from urllib.parse import quote

from data.errors import StoreError
from data.store.manifest import Manifest, manifest_of, text_of

CONTENTS = "contents.json"
NAME = 16
"""So many hexadecimal digits has the name of a generation."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A file's size in bytes and its SHA-256 (hex)."""

    size: int
    sha256: str

    @classmethod
    def of_file(cls, file: Path) -> Piece:
        with file.open("rb") as stream:
            return cls.of(stream)

    @classmethod
    def of(cls, stream: IO[bytes]) -> Piece:
        """Of all that a stream holds."""
        stream.seek(0)
        digest = hashlib.file_digest(stream, "sha256").hexdigest()  # type: ignore[arg-type]
        return cls(stream.seek(0, 2), digest)


@dataclass(frozen=True)
class Contents:
    """Other contents have another name: whoever knows the name can tell whether all is as it was sent."""

    manifest: Manifest
    files: Mapping[str, Piece]

    @cached_property
    def text(self) -> str:
        """As it is published."""
        files = {name: asdict(piece) for name, piece in self.files.items()}
        return json.dumps({"manifest": text_of(self.manifest), "files": files}, ensure_ascii=False, indent=1)

    @property
    def name(self) -> str:
        """Of the generation."""
        return _name_of(self.text)


def contents_of(text: str, name: str, place: str, advice: str) -> Contents:
    """The contents of the generation of that name as they were read from a place; StoreError, with what to do, where
    they are others, or of another version of stores."""
    if _name_of(text) != name:
        raise StoreError(f"{place}/{CONTENTS}: was changed since it was published; {advice}")
    values = json.loads(text)
    manifest = manifest_of(values["manifest"], place, advice)
    return Contents(manifest, {file: Piece(**piece) for file, piece in values["files"].items()})


def words_file(column: str) -> str:
    """Where the words of a column are published."""
    return f"words-{quote(column, safe='')}.json"


def _name_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:NAME]
