"""One worker and two of every engine on the same book: how fast, how much of the second is lost, how much memory."""

import hashlib
import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from data.engines.choice import engine_of
from data.errors import EngineError
from data.store.store import Store, opened
from features.bench.stream import peak_bytes, write_book
from features.bench.world import BOOK, CUTOFFS
from features.build import build_features
from features.errors import FeatureError
from features.part import TablePart
from features.table import join_parts, task_of

ENGINES = (("plain processes", "local:{}"), ("Dask", "dask:{}"), ("Spark", "spark:local[{}]"))
"""Each with the text that asks for so many workers of it; the first is what the others are held against."""

WORKERS = (1, 2)
WARM = 4
"""Items a worker that warm it up: it imports and compiles before anything is timed."""


@dataclass(frozen=True)
class Pace:
    """One run: seconds of the map and of joining its parts, the highest peak of any worker (bytes), SHA-256 of the
    file."""

    engine: str
    workers: int
    events: int
    cutoffs: int
    buckets: int
    wall: float
    joined: float
    peak_bytes: int
    digest: str

    @property
    def rate(self) -> float:
        """Events and cutoffs a second and worker."""
        return self.events * self.cutoffs / self.wall / self.workers


@dataclass(frozen=True)
class Scale:
    """All runs over one book, and the engines that are not there, with the reason."""

    paces: tuple[Pace, ...]
    missing: dict[str, str]

    def of(self, engine: str, workers: int) -> list[Pace]:
        """The runs of one engine with so many workers, in turns."""
        return [pace for pace in self.paces if (pace.engine, pace.workers) == (engine, workers)]

    def efficiencies(self, engine: str) -> list[float]:
        """Which share of two workers is as good as two times one, turn by turn, ascending."""
        pairs = zip(self.of(engine, 1), self.of(engine, 2), strict=True)
        return sorted(one.wall / (2.0 * two.wall) for one, two in pairs)

    def beside_plain(self, engine: str) -> float:
        """The engine's efficiency against that of plain processes, medians."""
        return median(self.efficiencies(engine)) / median(self.efficiencies(ENGINES[0][0]))


@dataclass(frozen=True)
class Watched:
    """A task, and what its worker has taken so far."""

    task: TablePart

    def __call__(self, bucket: int) -> int:
        """The highest peak of the worker until now (bytes)."""
        self.task(bucket)
        return peak_bytes()


@dataclass(frozen=True)
class WarmUp:
    """Imports and compiles, over one customer, and takes so long that every worker gets one."""

    task: TablePart

    def __call__(self, _: int) -> int:
        one = opened(self.task.store).read(0).select([0])
        build_features(one, self.task.cutoffs, self.task.spec)
        time.sleep(0.5)
        return os.getpid()


def scales(sizes: Sequence[tuple[int, int]], advance: Callable[[str], None]) -> Iterator[Scale]:
    """Books of about so many events, each run over in so many turns, one engine after the other. Raises FeatureError
    where two runs wrote different files."""
    for events, turns in sizes:
        with TemporaryDirectory() as name:
            folder = Path(name)
            write_book(events, folder)
            yield _scale(folder, events, turns, advance)


def _scale(folder: Path, events: int, turns: int, advance: Callable[[str], None]) -> Scale:
    paces, missing = list[Pace](), dict[str, str]()
    for turn in range(1, turns + 1):
        for name, text in ENGINES:
            for workers in WORKERS:
                if name in missing:
                    continue
                advance(f"{events / 1e6:.0f} M events, turn {turn} of {turns}: {name}, {workers}")
                try:
                    paces.append(_in_a_process_of_its_own(folder, name, text.format(workers), workers))
                except EngineError as error:
                    missing[name] = str(error)
    _require_the_same(paces)
    return Scale(tuple(paces), missing)


def _in_a_process_of_its_own(folder: Path, name: str, text: str, workers: int) -> Pace:
    """So that no engine finds anything that another has left."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(pace, folder, name, text, workers).result()


def pace(folder: Path, name: str, text: str, workers: int) -> Pace:
    """Builds the features of the store in `folder` on an engine; only the map is timed, with warm workers."""
    store, out = Store.of(BOOK, folder / "home", folder), folder / "features.parquet"
    task = task_of(store, CUTOFFS, out)
    with engine_of(text) as engine, task.parts.at_work():
        list(engine.map(WarmUp(task), range(WARM * workers)))
        started = time.perf_counter()
        peaks = list(engine.map(Watched(task), range(store.buckets)))
        built = time.perf_counter()
        join_parts(task, store.buckets)
        joined = time.perf_counter()
    totals = store.manifest.totals
    with out.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return Pace(
        engine=name,
        workers=workers,
        events=totals.events,
        cutoffs=len(CUTOFFS),
        buckets=totals.buckets,
        wall=built - started,
        joined=joined - built,
        peak_bytes=max(peaks),
        digest=digest,
    )


def _require_the_same(paces: Sequence[Pace]) -> None:
    for each in paces:
        if each.digest != paces[0].digest:
            first = paces[0]
            raise FeatureError(
                f"{each.engine} with {each.workers} wrote other bytes than {first.engine} with {first.workers}"
            )
