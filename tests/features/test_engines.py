"""The feature table is the same file wherever it is built, also when workers are killed or a disk runs full."""

from __future__ import annotations

import hashlib
import os
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import fsspec
import polars as pl
import pytest
from typer.testing import CliRunner

from data.engines.engine import Engine
from data.engines.local import LocalEngine
from data.engines.parts import Parts
from data.errors import EngineError, StoreError
from data.remote.folder import RemoteFolder
from data.store.publishing import publish
from data.store.store import Store, opened
from features import part
from features.__main__ import app
from features.bench.stream import write_book
from features.bench.world import BOOK, CUTOFFS
from features.errors import FeatureError
from features.part import TablePart, frame_of, labels_of, runs_of
from features.sheets import ParquetWriter, begin
from features.spec import fit_spec_over
from features.table import task_of, write_table

BUCKETS = 5
SHOP = """
name = "shop"
currency = "EUR"
time_zone = "Europe/Berlin"
roles = { order = "purchase" }
[[sources]]
name = "orders"
path = "orders.csv"
type = "order"
columns = { customer_id = "customer", time = "at" }
"""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A book in five buckets."""
    folder = tmp_path_factory.mktemp("book")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("features.bench.stream.buckets_for", lambda events: BUCKETS)
        write_book(20_000, folder)
    return Store.of(BOOK, folder / "home", folder)


@pytest.fixture(scope="module")
def digests(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """What one writer alone writes, bucket after bucket, into one file of each kind."""
    folder = tmp_path_factory.mktemp("alone")
    spec = fit_spec_over(store.book, (part.profile for part in store.each()), max(CUTOFFS))
    frames = [
        frame_of(run, CUTOFFS, spec, labels_of(store, spec))
        for histories in store.each()
        for run in runs_of(histories, len(CUTOFFS))
    ]
    with (folder / "alone.parquet").open("wb") as stream:
        writer = ParquetWriter(stream)
        for frame in frames:
            writer.write(frame)
        writer.close()
    pl.concat(frames).write_csv(folder / "alone.csv")
    return {suffix: digest(folder / f"alone{suffix}") for suffix in (".parquet", ".csv")}


def digest(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_one_process_writes_what_one_writer_would(
    store: Store, digests: dict[str, str], suffix: str, tmp_path: Path
) -> None:
    out = tmp_path / f"features{suffix}"
    rows, columns = write_table(store, CUTOFFS, out)
    assert digest(out) == digests[suffix]
    assert columns == len(pl.scan_csv(out).collect_schema() if suffix == ".csv" else pl.read_parquet_schema(out))
    assert rows == 6 * 200
    assert list(tmp_path.iterdir()) == [out]


def test_every_engine_writes_the_same_bytes(
    store: Store, digests: dict[str, str], cluster: Engine, tmp_path: Path
) -> None:
    for suffix, expected in digests.items():
        out = tmp_path / f"features{suffix}"
        write_table(store, CUTOFFS, out, cluster)
        assert digest(out) == expected


def test_workers_need_no_disk_in_common_with_the_command(
    store: Store, digests: dict[str, str], cluster: Engine, tmp_path: Path
) -> None:
    """The parts of the first try are finished before the command has a folder for them."""
    there = opened(publish(store, str(tmp_path / "bucket"), lambda _: None))
    between = RemoteFolder((tmp_path / "bucket" / "parts").as_uri())
    out = tmp_path / "driver" / "features.parquet"
    out.parent.mkdir()
    task = task_of(there, CUTOFFS, out, between)
    assert sum(cluster.map(task, range(BUCKETS))) == 6 * 200
    assert list(out.parent.iterdir()) == []
    write_table(there, CUTOFFS, out, cluster, between)
    assert digest(out) == digests[".parquet"]
    assert list(out.parent.iterdir()) == [out]
    assert list((tmp_path / "bucket" / "parts").iterdir()) == []


@dataclass(frozen=True)
class Fragile:
    """The task on a worker that is killed in the middle of a part, once."""

    task: TablePart
    marker: Path

    def __call__(self, bucket: int) -> int:
        if bucket == 2 and not self.marker.exists():
            self.marker.touch()
            with self.task.parts.writing(bucket) as draft:
                draft.stream.write(b"half a part")
                draft.stream.flush()
                os.kill(os.getpid(), signal.SIGKILL)
        return self.task(bucket)


@dataclass(frozen=True)
class Killing:
    """An engine one of whose workers is killed."""

    engine: Engine
    marker: Path

    def map(self, task: Any, items: Sequence[Any]) -> Iterator[Any]:
        return self.engine.map(Fragile(task, self.marker), items)


def test_a_killed_worker_changes_no_byte(
    store: Store, digests: dict[str, str], cluster: Engine, tmp_path: Path
) -> None:
    out = tmp_path / "features.parquet"
    write_table(store, CUTOFFS, out, Killing(cluster, tmp_path / "killed"))  # type: ignore[arg-type]
    assert digest(out) == digests[".parquet"]
    assert sorted(tmp_path.iterdir()) == [out, tmp_path / "killed"]


def test_what_was_finished_before_the_disk_ran_full_is_not_built_again(
    store: Store, digests: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, built, room = tmp_path / "features.csv", list[int](), 3

    def counted(*arguments: Any) -> pl.DataFrame:
        if len(built) == room:
            raise OSError(28, "No space left on device")
        built.append(len(built))
        return frame_of(*arguments)

    monkeypatch.setattr(part, "frame_of", counted)
    with pytest.raises(FeatureError, match="No space left on device; what is finished is kept, run the command again"):
        write_table(store, CUTOFFS, out)
    assert not out.exists()
    room = BUCKETS
    write_table(store, CUTOFFS, out)
    assert digest(out) == digests[".csv"]
    assert len(built) == BUCKETS


def test_parts_of_another_question_do_not_count(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "features.parquet"
    monkeypatch.setattr("features.table.JOINS", {})
    with pytest.raises(KeyError):
        write_table(store, CUTOFFS[:1], out)
    monkeypatch.undo()
    assert write_table(store, CUTOFFS, out)[0] == 6 * 200


def test_two_jobs_never_write_one_output(store: Store, tmp_path: Path) -> None:
    out = tmp_path / "features.parquet"
    with (
        Parts.of(out, "another").at_work(),
        pytest.raises(EngineError, match=r"features\.parquet: another job is writing it; wait until that is done"),
    ):
        write_table(store, CUTOFFS, out, LocalEngine(2))
    assert write_table(store, CUTOFFS[:1], out)[0] == 200


def test_a_store_of_another_version_is_told_at_once(store: Store, tmp_path: Path) -> None:
    manifest = (store.at.generation / "manifest.json").read_text()
    (tmp_path / "manifest.json").write_text(manifest.replace('"format": 4', '"format": 5'))
    with pytest.raises(StoreError, match="expected store format 4, found 5"):
        Store.of(BOOK, tmp_path, tmp_path)


def test_a_csv_file_begins_with_the_names(tmp_path: Path) -> None:
    with (tmp_path / "names.csv").open("wb") as stream:
        begin(".csv", ["a", "b"], stream)
    assert (tmp_path / "names.csv").read_text() == "a,b\n"


def test_the_command_takes_an_engine_and_refuses_one_that_does_not_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "shop.toml").write_text(SHOP)
    (tmp_path / "orders.csv").write_text("customer,at\na,2021-03-01 10:00\nb,2021-03-02 10:00\n")

    def build(out: str, on: str) -> str:
        options = ["build", "shop.toml", "--cutoff", "2021-03-20", "--out", out, "--on", on]
        return CliRunner().invoke(app, options, catch_exceptions=False).output

    assert "f.csv: 2 rows" in build("f.csv", "local:2")
    build((tmp_path / "g.csv").as_uri(), "local")
    build("memory://shop/f.csv", "local:2")
    assert fsspec.filesystem("memory").cat("/shop/f.csv") == (tmp_path / "f.csv").read_bytes()
    assert digest(tmp_path / "f.csv") == digest(tmp_path / "g.csv")
    with pytest.raises(EngineError, match='engine "sparc"'):
        build("h.csv", "sparc")
