"""Spark: this machine's cores, or the cluster of a master. Needs the extra `spark`, and Java."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, Self

import pyarrow as pa  # type: ignore[import-untyped]
from pyspark import SparkConf, SparkContext
from pyspark.errors import PySparkException
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from data.engines.engine import ONE_THREAD, TRIES, Item, Result
from data.engines.program import TOP
from data.engines.reach import first_line, require_listening, why_silent
from data.engines.trip import Trip, answer_of, too_often
from data.errors import EngineError

SECONDS = 8
"""So long a master may take to answer."""

IN_TIME = {
    "spark.hadoop.yarn.resourcemanager.connect.max-wait.ms": f"{SECONDS}000",
    "spark.hadoop.yarn.resourcemanager.connect.retry-interval.ms": "1000",
    "spark.hadoop.ipc.client.connect.max.retries": "1",
}
"""For a manager that does not answer: Hadoop's own patience is a quarter of an hour."""

WAVE = 8
"""Items a core, in one job; two jobs are at work, so that no core waits for the last item of one."""

HERE = re.compile(r"local(\[([1-9]\d*|\*)\])?")
THERE = re.compile(r"spark://(?P<host>[^:,/]+):(?P<port>\d+)|yarn|k8s://.+")
CAUSE = re.compile(r'^(?:Caused by: |Exception in thread "\w+" |: )(?:[\w$]+\.)*([\w$]+): (.+)$', re.MULTILINE)
FAILED_TASK = re.compile(r"Task (\d+) in stage \S+ failed \d+ times")


class SparkEngine:
    """The workers of a Spark session; on other machines, Tierwise is installed there in the same version."""

    def __init__(self, session: Any) -> None:
        self._session = session

    @classmethod
    def at(cls, master: str) -> Self:
        """A session on a master: `local[2]`, `spark://host:7077`, `yarn` or `k8s://…`. EngineError for another one, one
        that does not answer, or where Java is missing."""
        settings = {"spark.task.maxFailures": str(TRIES)}
        if HERE.fullmatch(master):
            settings |= _here(master)
        elif found := THERE.fullmatch(master):
            settings |= {"spark.master": master} | IN_TIME
            if found["host"]:
                _require_answer(found["host"], int(found["port"]), master)
        else:
            raise EngineError(
                f'spark master "{master}": expected local[N] (N from 1 on), spark://host:7077, yarn or k8s://host:port'
            )
        _require_java()
        return cls(_session(settings))

    def map(self, task: Callable[[Item], Result], items: Sequence[Item]) -> Iterator[Result]:
        """As `Engine.map`; results come a wave of items at a time."""
        size = max(1, WAVE * self._session.sparkContext.defaultParallelism)
        trip, starts = Trip.of(task), range(0, len(items), size)
        with ThreadPoolExecutor(2) as pool:
            waves = pool.map(lambda start: self._answers(trip, items[start : start + size]), starts)
            try:
                yield from chain.from_iterable(waves)
            finally:
                pool.shutdown(wait=False, cancel_futures=True)
                if not self._session.sparkContext._jsc.sc().isStopped():
                    self._session.sparkContext.cancelAllJobs()

    def close(self) -> None:
        """Ends the session."""
        self._session.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _answers(self, trip: Trip, items: Sequence[Any]) -> list[Any]:
        """One partition an item, so that who dies takes no other item along."""
        numbers = self._session.range(0, len(items), 1, max(1, len(items)))
        try:
            table = numbers.mapInArrow(_answering(trip, items), "number long, answer binary").toArrow()
        except Exception as error:  # of Spark, or of its bridge to Java
            raise _told(error, items) from None
        rows = zip(table.column("number").to_pylist(), table.column("answer").to_pylist(), strict=True)
        return [answer_of(answer) for _, answer in sorted(rows)]


def _answering(trip: Trip, items: Sequence[Any]) -> Callable[[Iterator[Any]], Iterator[Any]]:
    """What a worker does with the numbers of items."""

    def answers(batches: Iterator[Any]) -> Iterator[Any]:
        for batch in batches:
            numbers = batch.column(0).to_pylist()
            found = pa.array([trip(items[number]) for number in numbers], pa.binary())
            yield pa.record_batch([pa.array(numbers, pa.int64()), found], names=["number", "answer"])

    return answers


def _here(master: str) -> dict[str, str]:
    """Of a session for this machine alone, whose workers import what this process does."""
    cores = (HERE.fullmatch(master) or [None])[2] or "*"
    return {
        "spark.master": f"local[{cores},{TRIES}]",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Xshare:auto",
        "spark.executorEnv.PYTHONPATH": os.pathsep.join([str(TOP), *filter(None, sys.path)]),
    }


def _session(settings: dict[str, str]) -> Any:
    builder = SparkSession.builder.appName("tierwise")
    always = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.adaptive.enabled": "false",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        **{f"spark.executorEnv.{name}": value for name, value in ONE_THREAD.items()},
    }
    settings = always | settings
    for name, value in settings.items():
        builder = builder.config(name, value)
    if settings["spark.master"].startswith("local"):
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
    with TemporaryFile("w+", errors="replace") as said:
        try:
            _start_java(settings, said)
            session = builder.getOrCreate()
        except Exception as error:
            said.seek(0)
            raise EngineError(
                f"spark: no session on {settings['spark.master']}: {_reason(error, said.read())}; put that right, or "
                f"take another engine"
            ) from None
    session.sparkContext.setLogLevel("OFF")
    return session


def _start_java(settings: Mapping[str, str], said: IO[str]) -> None:
    """Once for this process; what Java says, it says to a file: of what matters the session tells."""
    if SparkContext._gateway is None:
        conf = SparkConf(loadDefaults=False).setAll(list(settings.items()))
        java = launch_gateway(conf, {"stdout": said, "stderr": said})
        SparkContext._ensure_initialized(gateway=java)


def _reason(error: Exception, said: str) -> str:
    """The first cause of all, as the error tells it, or what Java said before it ended."""
    if "stopped SparkContext" in str(error):
        return "the master did not take the session on: it is none of Spark's, of another version, or without workers"
    found = CAUSE.findall(str(error)) or CAUSE.findall(said)
    if not found:
        return first_line(error)
    name, message = found[-1]
    return message.rstrip(".") if name == "SparkException" else f"{name}: {message}"


def _require_java() -> None:
    home = os.environ.get("JAVA_HOME")
    if not (shutil.which(str(Path(home) / "bin" / "java")) if home else shutil.which("java")):
        where = f"under JAVA_HOME={home}" if home else "on this machine"
        raise EngineError(f"engine spark: no Java {where}; install a Java runtime (17 or later), or use dask")


def _require_answer(host: str, port: int, master: str) -> None:
    try:
        require_listening(host, port, SECONDS)
    except OSError as error:
        raise EngineError(
            f"spark master {master}: {why_silent(error, SECONDS)}; start it, or correct the address"
        ) from None


def _told(error: Exception, items: Sequence[Any]) -> EngineError:
    """What went wrong, as far as Spark tells."""
    text = str(error)
    if "ModuleNotFoundError" in text:
        return EngineError("spark: Tierwise is missing on the workers; install it there, in the same version")
    if found := FAILED_TASK.search(text):
        return too_often(items[int(found[1])], TRIES)
    if isinstance(error, PySparkException):
        return EngineError(f"spark: {first_line(error)}; run the command again: what is finished is kept")
    return EngineError("spark is gone; run the command again: what is finished is kept")
