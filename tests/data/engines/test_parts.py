"""Parts of several jobs at once."""

from __future__ import annotations

from pathlib import Path

from data.engines.parts import Parts
from data.remote.folder import RemoteFolder


def test_jobs_in_threads_of_one_worker_never_write_into_each_others_parts(tmp_path: Path) -> None:
    jobs = {name: Parts.of(tmp_path / name, name, RemoteFolder(str(tmp_path / "bucket" / name))) for name in "ab"}
    with jobs["a"].at_work(), jobs["b"].at_work():
        with jobs["a"].writing(0) as one, jobs["b"].writing(0) as other:
            one.stream.write(b"customers of a")
            other.stream.write(b"b")
        for name, said in (("a", b"customers of a"), ("b", b"b")):
            (found,) = jobs[name].finished().values()
            assert found[0].read_bytes() == said
