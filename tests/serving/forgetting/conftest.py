"""A shop of one's own, in which customers can be forgotten."""

import shutil
from pathlib import Path

import pytest

from serving.engine import Engine


@pytest.fixture
def own_shop(shop: Path, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the shop, with its bundle and its plan, as the working folder."""
    folder = tmp_path / "own"
    shutil.copytree(shop, folder, ignore=shutil.ignore_patterns("ledger.db*", "inbox.sqlite*"))
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def own_home(own_shop: Path) -> Path:
    return own_shop / ".tierwise"
