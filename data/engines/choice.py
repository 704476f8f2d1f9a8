"""Which engine a text such as `dask:tcp://host:8786` asks for."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable

from data.engines.engine import Engine
from data.engines.local import LocalEngine
from data.errors import EngineError, did_you_mean

LOCAL = "local"
FORMS = "local[:N], dask[:N | :tcp://host:8786], spark[:local[N] | :spark://host:7077 | :yarn | :k8s://host:port]"


def engine_of(text: str) -> Engine:
    """The engine, started or reached, for use in a `with`.

    `local` is this process, `local:2` two of them; `dask` and `spark` alone are workers of this machine, one a core
    and each a process. EngineError for another engine, one whose extra is missing, or one that is out of reach.
    """
    require_known(text)
    name, _, where = text.partition(":")
    return ENGINES[name](where)


def require_known(text: str) -> None:
    """EngineError for an engine that does not exist; none is started."""
    name = text.partition(":")[0]
    if name not in ENGINES:
        raise EngineError(f'engine "{text}": expected one of {FORMS}{did_you_mean(name.lower(), ENGINES)}')


def count_of(where: str, text: str) -> int:
    """A number of workers; EngineError for anything else."""
    if not where.isdecimal() or not int(where):
        raise EngineError(f'engine "{text}:{where}": expected a number of workers from 1 on, as in {FORMS}')
    return int(where)


def cores() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _local(where: str) -> Engine:
    return LocalEngine(count_of(where, LOCAL) if where else 1)


def _dask(where: str) -> Engine:
    try:
        from data.engines.dask import DaskEngine
    except ImportError as error:
        raise _missing("dask", error) from error
    if "." in where or ":" in where or where.isalpha():
        return DaskEngine.at(where)
    return DaskEngine.here(count_of(where, "dask") if where else cores())


def _spark(where: str) -> Engine:
    # Its pandas functions, which Arrow batches pass by, do not know pandas 3, and say so on import.
    warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
    try:
        from data.engines.spark import SparkEngine
    except ImportError as error:
        raise _missing("spark", error) from error
    return SparkEngine.at(where or f"local[{cores()}]")


def _missing(extra: str, error: ImportError) -> EngineError:
    return EngineError(f"engine {extra}: {error}; install it with: pip install 'tierwise[{extra}]'")


ENGINES: dict[str, Callable[[str], Engine]] = {LOCAL: _local, "dask": _dask, "spark": _spark}
