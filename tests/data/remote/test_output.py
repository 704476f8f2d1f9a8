"""A file that a URL names appears there in one piece, or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from data.errors import RemoteError
from data.remote.output import placed

ENDINGS = (".csv", ".parquet")


@pytest.fixture
def memory() -> Iterator[Any]:
    """An object store of this process."""
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()
    system.pseudo_dirs[:] = [""]


def test_an_object_appears_once_it_is_whole_and_nothing_is_left_here(memory: Any, tmp_path: Path) -> None:
    with placed("memory://bucket/scores.csv", tmp_path, ENDINGS) as file:
        file.write_text("half")
        assert not memory.exists("/bucket/scores.csv")
        file.write_text("whole")
    assert memory.cat("/bucket/scores.csv") == b"whole"
    assert list((tmp_path / "remote").iterdir()) == []


def test_what_lies_beside_goes_along_and_is_removed_when_it_is_gone(memory: Any, tmp_path: Path) -> None:
    for told, listed in (("somebody", True), (None, False)):
        with placed("memory://bucket/scores.csv", tmp_path, ENDINGS, beside=(".left_out",)) as file:
            file.write_text("scores")
            if told:
                file.with_name("scores.csv.left_out").write_text(told)
        assert memory.exists("/bucket/scores.csv.left_out") == listed


def test_a_failure_puts_nothing_and_keeps_what_was_begun(memory: Any, tmp_path: Path) -> None:
    with pytest.raises(KeyError), placed("memory://bucket/scores.csv", tmp_path, ENDINGS) as file:  # noqa: PT012
        file.write_text("half")
        raise KeyError
    assert not memory.exists("/bucket/scores.csv")
    with pytest.raises(KeyError), placed("memory://bucket/other.csv", tmp_path, ENDINGS):
        raise KeyError
    assert len(list((tmp_path / "remote").iterdir())) == 1
    with placed("memory://bucket/scores.csv", tmp_path, ENDINGS) as again:
        assert again.read_text() == "half"


def test_a_store_that_refuses_is_told_and_the_file_is_kept(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: Any, **__: Any) -> None:
        raise PermissionError("access denied")

    with monkeypatch.context() as refusing:
        refusing.setattr(type(memory), "put_file", refused)
        told = r"memory://bucket: nothing can be put there \(access denied\); make the bucket or folder"
        with pytest.raises(RemoteError, match=told), placed("memory://bucket/scores.csv", tmp_path, ENDINGS):
            pytest.fail("the work began")
    with (  # noqa: PT012
        pytest.raises(RemoteError, match=r"cannot be put there \(access denied\); the file is kept as"),
        placed("memory://bucket/scores.csv", tmp_path, ENDINGS) as file,
    ):
        file.write_text("whole")
        monkeypatch.setattr(type(memory), "put_file", refused)
    assert file.read_text() == "whole"


def test_paths_and_file_urls_are_the_files_themselves(tmp_path: Path) -> None:
    for out in (str(tmp_path / "a b.csv"), (tmp_path / "a b.csv").as_uri()):
        with placed(out, tmp_path / "home", ENDINGS) as file:
            assert file == tmp_path / "a b.csv"
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    ("out", "message"),
    [
        ("gopher://host/file.csv", "expected a path, or the URL of an object store"),
        ("memory://", r"expected a path, or a URL such as s3://bucket/folder"),
        ("memory:/bucket/scores.csv", r"expected a path, or a URL such as s3://bucket/folder"),
        ("memory://scores.csv", "expected the URL of a file in a bucket or folder"),
        ("memory://bucket/scores.csv/", "expected the URL of a file that ends in"),
        ("memory://bucket/scores.txt", "memory://bucket/scores.txt: expected the URL of a file that ends in"),
    ],
)
def test_a_url_of_which_nothing_is_known_is_told_before_the_work(out: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(RemoteError, match=message), placed(out, tmp_path, ENDINGS):
        pytest.fail("the work began")
    assert list(tmp_path.iterdir()) == []
