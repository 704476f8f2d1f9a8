"""A whole book streamed by bucket into a file, in a process of its own, with its memory."""

import multiprocessing
import resource
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from data.doors import progress
from data.hashing import bucket_of, stable_hash
from data.ingest.facts import NO_FACTS
from data.ingest.spill import MOST_EVENTS, PARTS
from data.store.bucket_writer import write_bucket
from data.store.manifest import FORMAT, Manifest, Totals, write_manifest
from data.store.store import Store
from features.bench.world import BOOK, CUTOFFS, customer_names, random_histories, words_of
from features.table import write_table

STATUS = Path("/proc/self/status")
MEGABYTE = 1e6


@dataclass(frozen=True)
class Stream:
    """Events of the book, rows and bytes of the feature table, seconds, and bytes of memory."""

    events: int
    cutoffs: int
    buckets: int
    rows: int
    columns: int
    file_bytes: int
    wall: float
    cpu: float
    idle_bytes: int
    peak_bytes: int

    @property
    def rate(self) -> float:
        """Events and cutoffs a second on one core."""
        return self.events * self.cutoffs / self.cpu

    @property
    def nanoseconds(self) -> float:
        """CPU time of one event at one cutoff."""
        return 1e9 / self.rate


def streams(sizes: Sequence[int]) -> Iterator[Stream]:
    """Books of about so many events, each through the code of `python -m features build`."""
    for size in sizes:
        with TemporaryDirectory() as name:
            folder = Path(name)
            write_book(size, folder)
            yield in_a_process_of_its_own(folder)


def write_book(events: int, folder: Path) -> None:
    """A store of about so many events, made bucket by bucket as ingest makes them."""
    count = buckets_for(events)
    customers = customer_names(events)
    place = bucket_of(stable_hash(customers), count)
    held = 0
    first, last = CUTOFFS[0], 0
    with progress(f"making a book of {events:,} events", count) as advance:
        for number in range(count):
            own = [customers[index] for index in np.flatnonzero(place == number)]
            histories = random_histories(own, number)
            write_bucket(histories, words_of(histories, number), NO_FACTS, folder, number)
            held += histories.events
            first, last = min(first, int(histories.time.min())), max(last, int(histories.time.max()))
            advance(1)
    sizes = {file.name: file.stat().st_size for file in sorted(folder.iterdir())}
    write_manifest(
        Manifest(BOOK.name, "", 0, Totals(count, len(customers), held, first, last), (), sizes, FORMAT), folder
    )


def buckets_for(events: int) -> int:
    """The smallest power of two that keeps a bucket within what ingest aims at."""
    count = 1
    while count < PARTS and events / count > MOST_EVENTS:
        count *= 2
    return count


def in_a_process_of_its_own(folder: Path) -> Stream:
    """So that nothing else counts as its memory."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(stream, folder).result()


def stream(folder: Path) -> Stream:
    """Builds the features of the store in `folder`, all of the catalogue and the book's signals."""
    store, out = Store.of(BOOK, folder / "home", folder), folder / "features.parquet"
    idle, wall, cpu = peak_bytes(), time.perf_counter(), time.process_time()
    rows, columns = write_table(store, CUTOFFS, out)
    return Stream(
        store.manifest.totals.events,
        len(CUTOFFS),
        store.buckets,
        rows,
        columns,
        out.stat().st_size,
        time.perf_counter() - wall,
        time.process_time() - cpu,
        idle,
        peak_bytes(),
    )


def peak_bytes() -> int:
    """The most that was ever resident of this process, mapped files included."""
    if STATUS.exists():  # the other figure starts from the parent's peak
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
