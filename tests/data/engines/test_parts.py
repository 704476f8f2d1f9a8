"""Parts of several jobs at once."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from data.engines.parts import Parts
from data.errors import EngineError
from data.remote.folder import RemoteFolder


def test_a_worker_whose_own_disk_is_full_is_told_as_such(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "gettempdir", lambda: str(tmp_path / "gone"))
    parts = Parts.of(tmp_path / "out", "given", RemoteFolder(str(tmp_path / "bucket")))
    told = r"/gone: .*; make room there, or name another folder by TMPDIR"
    with parts.at_work(), pytest.raises(EngineError, match=told), parts.writing(0):
        pytest.fail("the work began")


def test_ctrl_c_says_what_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    parts = Parts.of(tmp_path / "f.csv", "given")
    with pytest.raises(KeyboardInterrupt), parts.at_work():  # noqa: PT012
        with parts.writing(0) as part:
            part.rows = 3
        raise KeyboardInterrupt
    assert "Stopped: what is finished is kept, the same command goes on from there." in capsys.readouterr().err
    with parts.at_work():
        assert [rows for _, rows in parts.finished().values()] == [3]


def test_jobs_in_threads_of_one_worker_never_write_into_each_others_parts(tmp_path: Path) -> None:
    jobs = {name: Parts.of(tmp_path / name, name, RemoteFolder(str(tmp_path / "bucket" / name))) for name in "ab"}
    with jobs["a"].at_work(), jobs["b"].at_work():
        with jobs["a"].writing(0) as one, jobs["b"].writing(0) as other:
            one.stream.write(b"customers of a")
            other.stream.write(b"b")
        for name, said in (("a", b"customers of a"), ("b", b"b")):
            (found,) = jobs[name].finished().values()
            assert found[0].read_bytes() == said
