"""One task gives the same results wherever it is done, also when a worker is killed; what fails is told as it is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from data.engines import choice, program, trip
from data.engines.choice import engine_of
from data.engines.engine import Engine
from data.engines.local import LocalEngine
from data.errors import EngineError, SourceError
from tests.data.engines.tasks import Deadly, Failing, Interrupted, KilledOnce, Mute, Square, Told

NUMBERS = range(20)


def test_results_come_in_the_order_of_the_items(cluster: Engine) -> None:
    assert list(cluster.map(Square(), NUMBERS)) == [number * number for number in NUMBERS]
    assert list(cluster.map(Square(), [])) == []


def test_an_item_whose_worker_is_killed_is_done_by_another(cluster: Engine, tmp_path: Path) -> None:
    assert list(cluster.map(KilledOnce(tmp_path / "killed", 5), NUMBERS)) == [-number for number in NUMBERS]
    assert (tmp_path / "killed").exists()


def test_an_item_that_kills_every_worker_is_named_and_the_engine_lives_on(cluster: Engine) -> None:
    with pytest.raises(EngineError, match=r"item 5: its worker died 4 times.*memory ran out"):
        list(cluster.map(Deadly(5), NUMBERS))
    assert list(cluster.map(Square(), [3])) == [9]


def test_the_error_of_a_task_arrives_as_it_is_and_the_other_items_are_not_begun(
    cluster: Engine, tmp_path: Path
) -> None:
    with pytest.raises(SourceError, match=r"^line 0: not a number$"):
        list(cluster.map(Failing(tmp_path, 0), range(200)))
    assert len(list(tmp_path.iterdir())) < 100


def test_an_error_of_the_file_system_is_no_dead_worker(cluster: Engine, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="missing"):
        list(cluster.map(os.stat, [tmp_path, tmp_path / "missing"]))


def test_an_error_that_cannot_travel_is_told_by_its_name(cluster: Engine) -> None:
    with pytest.raises(EngineError, match="a worker failed: UnportableError: about that"):
        list(cluster.map(Mute(), [1]))


def test_workers_are_processes_of_one_thread(cluster: Engine) -> None:
    names = ["OMP_NUM_THREADS", "POLARS_MAX_THREADS", "polars"]
    assert list(cluster.map(Told(os.getpid()), names)) == [("1", True)] * 3


@pytest.mark.parametrize("text", ["local:2", "dask:1"])
def test_workers_leave_ctrl_c_to_the_process_that_asks(text: str) -> None:
    pytest.importorskip("distributed")
    with engine_of(text) as engine:
        assert list(engine.map(Interrupted(), range(4))) == [0, 1, 2, 3]


def test_who_takes_no_more_results_leaves_the_engine_as_it_was(cluster: Engine) -> None:
    results = cluster.map(Square(), range(50))
    assert next(results) == 0
    results.close()  # type: ignore[attr-defined]
    assert list(cluster.map(Square(), [4])) == [16]


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_workers_end_with_the_process_that_asks(how: signal.Signals, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from data.engines.choice import engine_of; "
        "from tests.data.engines.tasks import Slow; "
        "list(engine_of('local:2').map(Slow(Path(sys.argv[1])), range(4)))"
    )
    with subprocess.Popen([sys.executable, "-c", code, str(tmp_path)], cwd=program.TOP) as asker:
        assert until(lambda: len(list(tmp_path.iterdir())) == 2, 60)
        asker.send_signal(how)
    assert until(lambda: not any(alive(int(note.name)) for note in tmp_path.iterdir()), 5)


def until(holds: Callable[[], bool], seconds: float) -> bool:
    """Whether it holds within so many seconds."""
    end = time.monotonic() + seconds
    while not holds() and time.monotonic() < end:
        time.sleep(0.02)
    return holds()


def alive(number: int) -> bool:
    """Whether the process runs; one that nobody has asked about since it ended does not."""
    with suppress(OSError):
        return Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def test_local_is_this_process_itself() -> None:
    with engine_of("local") as engine:
        assert list(engine.map(Told(os.getpid()), ["nothing"])) == [(None, False)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ray", r'engine "ray": expected one of local\[:N\], dask.*spark'),
        ("sparc", 'did you mean "spark"'),
        ("LOCAL:2", 'did you mean "local"'),
        ("Dask", 'did you mean "dask"'),
        ("local:0", r'engine "local:0": expected a number of workers from 1 on, as in local\[:N\]'),
        ("local:many", 'engine "local:many"'),
        ("dask:0", 'engine "dask:0"'),
        ("spark:local[0]", r'spark master "local\[0\]": expected local\[N\] \(N from 1 on\)'),
        ("spark:mesos://host", 'spark master "mesos://host": expected local'),
    ],
)
def test_an_engine_that_does_not_exist_is_told_with_those_that_do(text: str, message: str) -> None:
    with pytest.raises(EngineError, match=message):
        engine_of(text)


@pytest.mark.parametrize("name", ["dask", "spark"])
def test_a_missing_extra_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, f"data.engines.{name}", raising=False)
    monkeypatch.setitem(sys.modules, {"dask": "distributed", "spark": "pyspark.sql"}[name], None)
    with pytest.raises(EngineError, match=rf"pip install 'tierwise\[{name}\]'"):
        engine_of(name)


def test_workers_of_another_version_are_refused() -> None:
    answer = trip.Trip(Square(), "another")(3)
    with pytest.raises(EngineError, match="another version of Tierwise"):
        trip.answer_of(answer)


def test_nothing_of_a_cluster_is_imported_unless_it_is_chosen() -> None:
    code = (
        "import sys; from data.engines.choice import engine_of; import features.__main__, features.table; "
        "engine_of('local:2'); print({'dask', 'distributed', 'pyspark'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=program.TOP, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "set()"


def test_there_are_as_many_workers_as_cores_unless_told_otherwise() -> None:
    assert 1 <= choice.cores() <= (os.cpu_count() or 1)
    assert LocalEngine(3).workers == 3
