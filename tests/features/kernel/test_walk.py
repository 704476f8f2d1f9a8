from __future__ import annotations

from pathlib import Path

import pytest

from features.kernel import walk


def test_the_compiled_code_tells_which_sources_it_was_made_from() -> None:
    assert walk.fingerprint() == walk.fingerprint()


def test_another_order_of_the_columns_is_other_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = walk.fingerprint()
    monkeypatch.setattr(walk, "NAMES", walk.NAMES[::-1])
    assert walk.fingerprint() != before


def test_another_source_of_a_piece_is_other_compiled_code(monkeypatch: pytest.MonkeyPatch) -> None:
    before = walk.fingerprint()
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda file: read(file) + (b" " if file.stem == "ranks" else b""))
    assert walk.fingerprint() != before
