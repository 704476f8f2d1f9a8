"""The final trees grown by LightGBM on a Dask cluster, for those who insist: `--on dask[:N | :address]`."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, redirect_stdout, suppress
from dataclasses import dataclass
from io import StringIO
from os import devnull, dup2
from pathlib import Path
from re import MULTILINE, sub
from threading import Event, Thread
from typing import TYPE_CHECKING, Any

import lightgbm as lgb
import numpy as np
from numpy.typing import NDArray

from data.errors import did_you_mean
from training.boosting import Grow, fit_booster, parameters
from training.dask_workers import connected, workers_of
from training.errors import TrainingError
from training.sample import Sample

if TYPE_CHECKING:
    from dask.array import Array
    from distributed import Client

ATTEMPTS = 3
RETURN_SECONDS = 60
"""How long to wait for workers that were started again."""
GLANCE_SECONDS = 0.25

ESTIMATOR_NAMES = {
    "min_data_in_leaf": "min_child_samples",
    "feature_fraction": "colsample_bytree",
    "bagging_fraction": "subsample",
    "bagging_freq": "subsample_freq",
    "lambda_l2": "reg_lambda",
    "seed": "random_state",
}
"""What estimators call LightGBM's parameters: by the other name, their own default would be given beside it."""

AT_HOME = {"num_machines": "1", "local_listen_port": "12400", "machines": ""}
"""What a model's text says of the network when it grew on one machine: a bundle names no host."""


@dataclass(frozen=True)
class Engine:
    """What grows the final trees, and what a bundle keeps on record of it."""

    grow: Grow
    facts: Mapping[str, Any]


@contextmanager
def engine_of(on: str, advance: Callable[[str], None] = lambda _: None) -> Iterator[Engine]:
    """The engine `local`; or `dask`, with a worker on every core of this machine; or `dask:` and how many, or where.

    `advance` is told of workers that die. Raises TrainingError at once for another engine, without the extra, and
    where nobody answers.
    """
    name, _, where = on.partition(":")
    if on == "local":
        yield Engine(fit_booster, {})
    elif name == "dask":
        with connected(where) as client:
            facts = {"engine": "dask", "workers": len(workers_of(client))}
            yield Engine(Cluster(client, advance).grow, {"grown_on": facts})
    else:
        raise TrainingError(
            f"unknown engine {on}: training runs on local, dask or dask:<address of the scheduler, or a number of "
            f"workers>{did_you_mean(name.lower(), ('local', 'dask'))}"
        )


@dataclass(frozen=True)
class Cluster:
    """Dask workers, each with a part of the rows, that grow the same trees together.

    Two runs are not byte-equal: every worker cuts the bins of some features by its own rows and draws its own bags.
    """

    client: "Client"
    advance: Callable[[str], None]

    def grow(
        self, target: str, sample: Sample, chosen: Mapping[str, float | int], rounds: int, seed: int
    ) -> lgb.Booster:
        """As `fit_booster`. Where a worker dies, the whole booster is grown again by those that are left or come
        back; TrainingError after three attempts."""
        settings = {**parameters(target, sample.labels, chosen, seed), "n_estimators": rounds}
        del settings["num_threads"]
        renamed = {ESTIMATOR_NAMES.get(name, name): value for name, value in settings.items()}
        reason = ""
        for attempt in range(1, ATTEMPTS + 1):
            workers = workers_of(self.client)
            if self.client.cluster is not None:  # our own, and not the log of somebody's worker
                self.client.run(_mute)
            try:
                return self._grown(sample, renamed, workers, seed)
            except Exception as error:  # a lost worker comes as any of a dozen types
                reason = f"{type(error).__name__} {error}".strip()
                self.advance(f"attempt {attempt} of {ATTEMPTS} at the trees of {target} failed: {reason}")
                _start_again(self.client, workers)
        raise TrainingError(
            f"the Dask cluster failed {ATTEMPTS} times to grow the trees of {target}; the last time: {reason}. See "
            "the logs of its workers, give them more memory, or train with --on local"
        )

    def _grown(self, sample: Sample, settings: Mapping[str, Any], workers: Sequence[str], seed: int) -> lgb.Booster:
        import dask
        from lightgbm.dask import DaskLGBMRegressor

        # Every worker cuts bins by its own rows: each must have some of every snapshot.
        shuffled = np.random.default_rng(seed).permutation(len(sample))
        parts = [np.sort(part) for part in np.array_split(shuffled, len(workers))]

        def spread(column: NDArray[np.float64]) -> "Array":
            return _spread(self.client, column, parts, workers)

        # A regressor for chances too: a classifier would ask for classes, and labels may be chances themselves.
        estimator = DaskLGBMRegressor(client=self.client, **settings)
        # Fused graphs of the optimiser hide the partitions that LightGBM looks for.
        with _quiet(), dask.config.set({"optimization.tune.active": False}), _watched(self.client, workers):
            estimator.fit(
                spread(sample.seen),
                spread(sample.labels),
                sample_weight=None if sample.weights is None else spread(sample.weights),
                init_score=spread(sample.start),
                feature_name=list(sample.names),
                categorical_feature=_known_everywhere(sample, parts),
            )
        return _at_home(estimator.booster_)


def _known_everywhere(sample: Sample, parts: Sequence[NDArray[np.int64]]) -> list[str]:
    """The categories of which every part has a value: where a worker has none, LightGBM 4.7 reads bins that are not
    there, and the worker dies. Of the others trees see the codes as numbers."""
    stated = dict(zip(sample.names, (sample.seen >= 0).T, strict=True))
    return [name for name in sample.categorical if all(stated[name][part].any() for part in parts)]


def _mute() -> None:
    """Sends to nowhere what a worker prints: LightGBM's listeners tell of every port, whatever they are asked for."""
    with Path(devnull).open("wb") as nowhere:
        dup2(nowhere.fileno(), 1)


def _spread(
    client: "Client", column: NDArray[np.float64], parts: Sequence[NDArray[np.int64]], workers: Sequence[str]
) -> "Array":
    """A Dask array of the rows, one part a worker: LightGBM grows trees where the parts lie."""
    import dask.array as da
    from dask import delayed

    sent = [
        client.scatter(column[part], workers=[worker], hash=False) for part, worker in zip(parts, workers, strict=True)
    ]
    shapes = [(len(part), *column.shape[1:]) for part in parts]
    return da.concatenate(
        [da.from_delayed(delayed(future), shape, column.dtype) for future, shape in zip(sent, shapes, strict=True)]
    )


@contextmanager
def _watched(client: "Client", workers: Sequence[str]) -> Iterator[None]:
    """Gives up what the client waits for once one of the workers is gone: LightGBM itself waits for two hours."""
    done = Event()

    def watch() -> None:
        while not done.wait(GLANCE_SECONDS):
            if not set(workers) <= set(workers_of(client)):
                _cancel(client)
                return

    glance = Thread(target=watch, daemon=True)
    glance.start()
    try:
        yield
    finally:
        done.set()
        glance.join()


def _cancel(client: "Client") -> None:
    from distributed import Future

    client.cancel([Future(key, client) for key in list(client.futures)])


def _start_again(client: "Client", workers: Sequence[str]) -> None:
    """Ends what is left of an attempt: a worker whose neighbour died may wait inside LightGBM for ever."""
    left = [worker for worker in workers if worker in workers_of(client)]
    with suppress(ValueError, TimeoutError):  # without a nanny nobody can start them again
        client.restart_workers(left, timeout=RETURN_SECONDS, raise_for_error=False)
    with suppress(TimeoutError):
        client.wait_for_workers(len(workers), timeout=RETURN_SECONDS)


@contextmanager
def _quiet() -> Iterator[None]:
    """Without LightGBM's notes: that it looks for ports, and that every worker has its own number of threads."""
    with warnings.catch_warnings(), redirect_stdout(StringIO()):
        warnings.filterwarnings("ignore", message="Parameter n_jobs will be ignored", category=UserWarning)
        yield


def _at_home(booster: lgb.Booster) -> lgb.Booster:
    text = booster.model_to_string()
    for name, value in AT_HOME.items():
        text = sub(rf"^\[{name}: .*\]$", f"[{name}: {value}]", text, flags=MULTILINE)
    return lgb.Booster(model_str=text)
