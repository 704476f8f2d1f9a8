"""The shared features by Polars and by the kernel, and the whole catalogue, from Parquet to Parquet."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from data.doors import progress
from data.settings.signals import signal_set
from features.bench.anchor import INTEREST, anchor, subset
from features.bench.world import CUTOFFS, DAY, customer_names, histories_of, random_histories, table_of
from features.build import build_features
from features.embedding import AS_THEY_ARE
from features.kernel.columns import Floats
from features.part import column_of
from features.spec import FeatureSpec
from features.transitions import Embedding

SEED = 1
SIX_PATTERNS = Embedding(AS_THEY_ARE.pairs, AS_THEY_ARE.loadings[:6])
WHOLE = FeatureSpec("UTC", 2, signals=signal_set("trade"), embedding=SIX_PATTERNS)
SHARED = FeatureSpec(
    "UTC", 2, columns=tuple(name for name in subset() if not name.startswith("signal_")), signals=(INTEREST,)
)
REPETITIONS = {1: 3, len(CUTOFFS): 2}  # by the number of cutoffs
Seconds = tuple[float, ...]


@dataclass(frozen=True)
class Race:
    """CPU seconds of all threads, one figure a repetition; the three took turns."""

    events: int
    cutoffs: int
    shared: int
    features: int
    polars: Seconds
    kernel: Seconds
    whole: Seconds
    difference: float

    @property
    def ratios(self) -> Seconds:
        """Polars over the kernel, ascending."""
        return tuple(sorted(polars / kernel for polars, kernel in zip(self.polars, self.kernel, strict=True)))

    def rate(self, seconds: Seconds) -> float:
        """Events and cutoffs a second on one core, in the median repetition."""
        return self.events * self.cutoffs / median(seconds)


def races(events: int) -> Iterator[Race]:
    """Races over about so many events at one cutoff and at six."""
    histories = random_histories(customer_names(events), SEED)
    with TemporaryDirectory() as name:
        folder = Path(name)
        table_of(histories).write_parquet(folder / "events.parquet")
        build_features(histories.one(0), CUTOFFS, WHOLE)
        build_features(histories.one(0), CUTOFFS, SHARED)
        for cutoffs in (CUTOFFS[:1], CUTOFFS):
            yield race(folder, len(histories), histories.events, cutoffs)


def race(folder: Path, customers: int, events: int, cutoffs: Sequence[int]) -> Race:
    """Lets all three run in turns; `folder` holds the events."""
    runners: tuple[Callable[[], None], ...] = (
        partial(by_polars, folder, customers, cutoffs),
        partial(by_kernel, folder, customers, cutoffs, SHARED, "kernel"),
        partial(by_kernel, folder, customers, cutoffs, WHOLE, "whole"),
    )
    turns = REPETITIONS[len(cutoffs)]
    seconds: list[list[float]] = []
    with progress(f"{events:,} events, {len(cutoffs)} cutoffs", turns * len(runners)) as advance:
        for _ in range(turns):
            seconds.append([])
            for runner in runners:
                seconds[-1].append(cpu_seconds(runner))
                advance(1)
    polars, kernel, whole = zip(*seconds, strict=True)
    apart = difference(folder)
    return Race(events, len(cutoffs), len(SHARED.names), len(WHOLE.names), polars, kernel, whole, apart)


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of all threads."""
    start = time.process_time()
    work()
    return time.process_time() - start


def by_polars(folder: Path, customers: int, cutoffs: Sequence[int]) -> None:
    """The anchor at every cutoff."""
    events = pl.read_parquet(folder / "events.parquet").with_columns(pl.col("amount") / 100)
    names = pl.Series(np.arange(customers, dtype=np.int32))
    for number, cutoff in enumerate(cutoffs):
        anchor(events, names, cutoff, cutoff // DAY).write_parquet(
            folder / f"polars-{number}.parquet", compression="snappy"
        )


def by_kernel(folder: Path, customers: int, cutoffs: Sequence[int], spec: FeatureSpec, name: str) -> None:
    """The features of a specification at every cutoff."""
    histories = histories_of(pl.read_parquet(folder / "events.parquet"), customers)
    for number, table in enumerate(build_features(histories, cutoffs, spec)):
        frame_of(table, spec.names).write_parquet(folder / f"{name}-{number}.parquet", compression="snappy")


def frame_of(table: Floats, names: Sequence[str]) -> pl.DataFrame:
    """One row a customer; null where undefined."""
    columns = {name: column_of(table[:, place], None) for place, name in enumerate(names)}
    return pl.DataFrame({"customer": np.arange(len(table), dtype=np.int32), **columns})


def difference(folder: Path) -> float:
    """How far the two versions lie apart at the first cutoff, at most, against 1 or the value if that is larger."""
    one, other = (pl.read_parquet(folder / f"{name}-0.parquet") for name in ("polars", "kernel"))
    apart = 0.0
    for name in SHARED.names:
        ours, theirs = (frame[name].cast(pl.Float64) for frame in (other, one))
        if not ours.is_null().equals(theirs.is_null()):
            return float("inf")
        gap = ((ours - theirs).abs() / pl.select(pl.max_horizontal(theirs.abs(), 1.0)).to_series()).max()
        apart = max(apart, float(gap or 0.0))  # type: ignore[arg-type]
    return apart
