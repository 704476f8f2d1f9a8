"""Folders under a URL, of which others write as well."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, ClassVar

import fsspec
import pytest
from fsspec.implementations.memory import MemoryFileSystem

from data.errors import RemoteError
from data.remote.folder import RemoteFolder


class Remembering(MemoryFileSystem):
    """A driver that believes what it has listed until it is told to look again, as those of object stores do."""

    protocol = "remembering"
    store: ClassVar[dict[str, Any]] = {}
    pseudo_dirs: ClassVar[list[str]] = [""]
    listed: ClassVar[dict[str, list[Any]]] = {}

    def ls(self, path: str, detail: bool = True, **more: Any) -> Any:
        path = self._strip_protocol(path)
        if path not in self.listed:
            self.listed[path] = super().ls(path, detail=True, **more)
        return self.listed[path]

    def _open(self, path: str, mode: str = "rb", **more: Any) -> Any:
        above = self.listed.get(self._parent(path))
        if mode == "rb" and above is not None and path not in [each["name"] for each in above]:
            raise FileNotFoundError(path)
        return super()._open(path, mode, **more)

    def invalidate_cache(self, path: str | None = None) -> None:
        self.listed.clear()


@pytest.fixture
def folder() -> Iterator[RemoteFolder]:
    fsspec.register_implementation("remembering", Remembering, clobber=True)
    yield RemoteFolder("remembering://bucket/parts")
    Remembering.store.clear()
    Remembering.pseudo_dirs[:] = [""]


def test_what_others_have_put_meanwhile_is_there(folder: RemoteFolder, tmp_path: Path) -> None:
    (tmp_path / "part").write_text("one")
    folder.put(tmp_path / "part", "1")
    assert folder.sizes() == {"1": 3}
    (there,) = Remembering.store
    Remembering.store[there.removesuffix("1") + "2"] = Remembering.store[there]
    assert folder.get("2", tmp_path / "2")
    assert (tmp_path / "2").read_text() == "one"
    assert folder.sizes().keys() == {"1", "2"}
    assert not folder.get("3", tmp_path / "3")
    assert folder.read("3") is None
    assert sorted(path.name for path in tmp_path.iterdir()) == ["2", "part"]


def test_all_that_is_missing_here_is_fetched(folder: RemoteFolder, tmp_path: Path) -> None:
    for name in ("a", "b"):
        folder.write(name, name)
    (tmp_path / "a").write_text("here already")
    folder.fetch(tmp_path)
    assert {file.name: file.read_text() for file in tmp_path.iterdir()} == {"a": "here already", "b": "b"}
    folder.remove()
    assert folder.sizes() == {}
    folder.remove()


def test_a_driver_that_refuses_is_told_with_the_place(folder: RemoteFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError("access denied")

    monkeypatch.setattr(Remembering, "cat_file", refused)
    with pytest.raises(RemoteError, match=r"remembering://bucket/parts: it\.json cannot be read \(access denied\)"):
        folder.read("it.json")
