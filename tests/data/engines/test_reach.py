"""Clusters that do not answer, or answer no longer, are told in one line: what was wrong, where, and what to do."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import IO

import pytest

from data.engines import program
from data.engines.choice import engine_of
from data.errors import EngineError
from tests.data.engines.tasks import KilledOnce, Square

NUMBERS = range(20)


@pytest.mark.parametrize("form", ["dask:tcp://{}", "dask:{}", "spark:spark://{}"])
def test_a_scheduler_that_does_not_listen_is_told_at_once(form: str) -> None:
    pytest.importorskip({"dask": "distributed", "spark": "pyspark"}[form.partition(":")[0]])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(EngineError, match=f"{address}: the connection was refused, nothing listens there; start"):
            engine_of(form.format(address))


@pytest.mark.parametrize("form", ["dask:tcp://{}:8786", "spark:spark://{}:7077"])
def test_a_scheduler_of_no_known_host_is_told_at_once(form: str) -> None:
    pytest.importorskip({"dask": "distributed", "spark": "pyspark"}[form.partition(":")[0]])
    with pytest.raises(EngineError, match=r"nowhere.invalid:\d+: no such host \(.+\); start it"):
        engine_of(form.format("nowhere.invalid"))


def test_who_takes_calls_and_never_answers_is_told_within_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("data.engines.dask.SECONDS", 1)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        address = f"tcp://127.0.0.1:{mute.getsockname()[1]}"
        with pytest.raises(EngineError, match=f"dask scheduler {address}: no answer within 1 s; start it"):
            engine_of(f"dask:{address}")


@pytest.mark.parametrize(("where", "message"), [("head", "missing port"), ("http://head:80", "unknown address scheme")])
def test_what_is_no_address_is_told_as_such(where: str, message: str) -> None:
    pytest.importorskip("distributed")
    with pytest.raises(EngineError, match=f"dask scheduler {where}: {message}.*correct the address"):
        engine_of(f"dask:{where}")


def test_a_scheduler_without_workers_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    distributed = pytest.importorskip("distributed")
    monkeypatch.setattr("data.engines.dask.SECONDS", 1)
    with (
        distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as cluster,
        pytest.raises(EngineError, match="it has no workers; start some with `dask worker"),
    ):
        engine_of(f"dask:{cluster.scheduler_address}")


def test_a_scheduler_that_dies_is_told_in_one_line_and_what_is_finished_is_kept(
    capfd: pytest.CaptureFixture[str],
) -> None:
    pytest.importorskip("distributed")
    with running("dask_scheduler", "--port", "0", "--dashboard-address", "127.0.0.1:0") as (scheduler, said):
        address = found(r"Scheduler at: +(\S+)", said)
        with running("dask_worker", address, "--no-dashboard"), engine_of(f"dask:{address}") as engine:
            results = engine.map(Square(), range(5000))
            assert next(results) == 0
            scheduler.kill()
            with pytest.raises(EngineError, match="scheduler is gone; start it and run the command again"):
                list(results)
    assert capfd.readouterr().err == ""


def test_workers_that_are_all_gone_are_told_and_what_is_finished_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("distributed")
    monkeypatch.setattr("data.engines.dask.RETURN_SECONDS", 2)
    with running("dask_scheduler", "--port", "0", "--dashboard-address", "127.0.0.1:0") as (_, said):
        address = found(r"Scheduler at: +(\S+)", said)
        hands = [running("dask_worker", address, "--no-dashboard", "--no-nanny") for _ in range(2)]
        with hands[0] as (one, _), hands[1] as (other, _), engine_of(f"dask:{address}") as engine:
            results = engine.map(Square(), range(5000))
            assert next(results) == 0
            one.kill()
            assert next(results) == 1
            other.kill()
            with pytest.raises(EngineError, match=rf"{address} has no workers any more; start .*dask worker {address}"):
                list(results)


def test_the_only_worker_of_a_cluster_may_be_killed_and_come_back(tmp_path: Path) -> None:
    pytest.importorskip("distributed")
    with engine_of("dask:1") as engine:
        assert list(engine.map(KilledOnce(tmp_path / "killed", 5), NUMBERS)) == [-number for number in NUMBERS]
    assert (tmp_path / "killed").exists()


def test_workers_come_back_where_whoever_starts_them_has_given_up() -> None:
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        ExitStack() as opened,
    ):
        client = opened.enter_context(distributed.Client(cluster))
        (starter,) = cluster.workers.values()
        starter.status = distributed.Status.starting  # in which the death of a worker is nobody's business
        os.kill(starter.process.pid, signal.SIGKILL)
        engine = pytest.importorskip("data.engines.dask").DaskEngine(client, "", opened, cluster)
        assert list(engine.map(Square(), NUMBERS)) == [number**2 for number in NUMBERS]


@contextmanager
def running(tool: str, *options: str) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """One of Dask's own commands, with what it says."""
    command = [sys.executable, "-m", f"distributed.cli.{tool}", *options, "--host", "127.0.0.1"]
    environment = {**os.environ, "PYTHONPATH": str(program.TOP)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr
        try:
            yield process, process.stderr
        finally:
            process.kill()


def found(pattern: str, said: IO[str]) -> str:
    """What a line that matches says."""
    return next(match[1] for line in said if (match := re.search(pattern, line)))


def test_spark_without_java_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    pytest.importorskip("pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    with pytest.raises(EngineError, match=r"no Java under JAVA_HOME=.*install a Java runtime"):
        engine_of("spark:local[1]")


@pytest.mark.skipif(not shutil.which("java"), reason="there is no Java here")
@pytest.mark.parametrize(
    ("master", "reason"),
    [
        ("yarn", "either HADOOP_CONF_DIR or YARN_CONF_DIR must be set"),
        ("k8s://https://127.0.0.1:9", "Connection refused"),
    ],
)
def test_spark_without_a_cluster_tells_why_in_one_line(master: str, reason: str) -> None:
    pytest.importorskip("pyspark")
    code = (
        "import sys; from data.engines.choice import engine_of; from data.errors import EngineError\n"
        "try: engine_of(sys.argv[1])\n"
        "except EngineError as error: print(error)"
    )
    command = [sys.executable, "-c", code, f"spark:{master}"]
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_CONF_DIR")}
    told = subprocess.run(command, cwd=program.TOP, env=environment, capture_output=True, text=True, check=True)
    assert re.fullmatch(rf"spark: no session on {master}: .*{reason}.*; put that right, or take .*\n", told.stdout)
    assert told.stderr == ""
