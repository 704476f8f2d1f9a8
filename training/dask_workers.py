"""The Dask workers that training may ask: of this machine, or of a scheduler."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from data.engines.choice import cores
from data.engines.quiet import silenced
from data.engines.reach import why_silent
from training.errors import TrainingError

if TYPE_CHECKING:
    from distributed import Client

REACH_SECONDS = 10
"""How long to wait for a scheduler."""


@contextmanager
def connected(where: str) -> "Iterator[Client]":
    """A client of the scheduler there, or of a cluster on this machine that ends with it."""
    try:
        import dask.array
        import dask.dataframe  # noqa: F401 LightGBM asks for both
        from distributed import Client

        from data.engines.dask import LOGGERS, local_cluster, require_scheduler
    except ModuleNotFoundError as error:
        raise TrainingError(
            "--on dask needs the extra `dask`: pip install 'tierwise[dask]', or train with --on local"
        ) from error
    if not where or where.isdecimal():
        if where and not int(where):
            raise TrainingError("--on dask:0 has no workers: give one or more, such as dask:2")
        with silenced(*LOGGERS), local_cluster(int(where or cores())) as own, Client(own) as client:
            yield client
        return
    try:
        require_scheduler(where, REACH_SECONDS)
        client = Client(where, timeout=REACH_SECONDS)
    except (OSError, ValueError) as error:
        raise TrainingError(
            f"no Dask scheduler answers at {where} ({why_silent(error, REACH_SECONDS)}): start one with "
            "`dask scheduler`, or check the address, such as dask:tcp://10.0.0.5:8786"
        ) from error
    with silenced(*LOGGERS), client:
        if not workers_of(client):
            raise TrainingError(f"the Dask scheduler at {where} has no worker: start some with `dask worker`")
        yield client


def workers_of(client: "Client") -> list[str]:
    return sorted(client.ncores())
