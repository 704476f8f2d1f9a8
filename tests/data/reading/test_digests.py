"""Digests of files are remembered, and never past a change."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from data.reading import digests
from data.reading.digests import Digests


@pytest.fixture
def file(tmp_path: Path) -> Path:
    file = tmp_path / "rows.csv"
    file.write_bytes(b"old")
    return file


def digest(file: Path) -> str:
    seen = Digests(file.parent / "memory" / "digests.json")
    found = seen.of(file)
    seen.remember()
    return found


def test_a_file_changed_at_once_to_the_same_size_is_read_again(file: Path) -> None:
    assert digest(file) == hashlib.sha256(b"old").hexdigest()
    file.write_bytes(b"new")
    assert digest(file) == hashlib.sha256(b"new").hexdigest()


def test_a_settled_file_is_not_read_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_SETTLED_NS", -1)
    first = digest(file)
    monkeypatch.setattr(hashlib, "file_digest", None)
    assert digest(file) == first


def test_a_change_that_restores_size_and_time_is_still_seen(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(digests, "_SETTLED_NS", -1)
    digest(file)
    state = file.stat()
    file.write_bytes(b"new")
    os.utime(file, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert digest(file) == hashlib.sha256(b"new").hexdigest()


@pytest.mark.parametrize("left", [b"", b"{", b"[1]", b"\xff"])
def test_an_unreadable_memory_is_no_memory(file: Path, left: bytes) -> None:
    memory = file.parent / "memory" / "digests.json"
    memory.parent.mkdir()
    memory.write_bytes(left)
    assert digest(file) == hashlib.sha256(b"old").hexdigest()
