"""The feature table of a whole book as a file, built bucket by bucket on an engine."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from data.clock import isoformat, local_day
from data.doors import notes, progress
from data.engines.engine import Engine
from data.engines.local import LocalEngine
from data.engines.parts import Parts
from data.errors import did_you_mean, listed
from data.remote.folder import RemoteFolder
from data.store.store import Store
from features.errors import FeatureError
from features.part import TablePart, labels_of, unwritable
from features.sheets import JOINS, WRITERS, begin, replacing
from features.spec import fit_spec_over

SUFFIXES = tuple(WRITERS)
LATE_DAYS = 7  # a book may be some days behind


def check_target(out: Path) -> None:
    """FeatureError unless a table can be written there."""
    if out.suffix not in SUFFIXES:
        suggestion = did_you_mean(out.suffix, SUFFIXES)
        raise FeatureError(f'{out}: expected a file that ends in {listed(SUFFIXES)}, got "{out.suffix}"{suggestion}')
    if out.is_dir() or not out.parent.is_dir():
        raise FeatureError(f"{out}: expected a file in a folder that exists")


def later_than_told(cutoff: int, store: Store) -> str | None:
    """What to say of a cutoff long after the last event: silence since then is a lack of data."""
    zone = store.book.time_zone
    if local_day(cutoff, zone) - local_day(store.last_time, zone) < LATE_DAYS:
        return None
    last = isoformat(store.last_time, zone)
    return f"cutoff {isoformat(cutoff, zone)}: the events of book {store.book.name} end at {last}; bring newer ones"


def check_cutoffs(cutoffs: Sequence[int], store: Store) -> None:
    """FeatureError for a cutoff at which nothing had happened yet."""
    zone = store.book.time_zone
    for cutoff in cutoffs:
        if cutoff < store.first_time:
            first = isoformat(store.first_time, zone)
            raise FeatureError(
                f"cutoff {isoformat(cutoff, zone)}: nothing had happened yet; "
                f"the first event of book {store.book.name} is of {first}"
            )


def write_table(
    store: Store,
    cutoffs: Sequence[int],
    out: Path,
    engine: Engine | None = None,
    between: RemoteFolder | None = None,
) -> tuple[int, int]:
    """Writes the features of every customer known at a cutoff (us UTC) to a Parquet or CSV file.

    Columns: customer_id, cutoff, then the features; what is undefined is empty, levels are in words. Rows
    stand by bucket, by run of customers within it, by cutoff and by customer; a cutoff given twice counts
    once. The `engine` (default: this process) builds a part a bucket; a worker has one run in memory at a time. The
    file appears whole or not at all, with the same bytes on every engine; a job that was cut off goes on where it was.
    Workers that share no disk with this process leave their parts in the folder `between`.
    Returns the numbers of rows and columns; FeatureError for a cutoff before the first event or a file that cannot be
    written, EngineError where another job writes it.
    """
    task = task_of(store, cutoffs, out, between)
    with _writable(out), task.parts.at_work():
        _build(task, store.buckets, engine or LocalEngine())
        return join_parts(task, store.buckets)


def task_of(store: Store, cutoffs: Sequence[int], out: Path, between: RemoteFolder | None = None) -> TablePart:
    """What is to be done for every bucket; as for `write_table`."""
    check_target(out)
    check_cutoffs(cutoffs, store)
    cutoffs = list(dict.fromkeys(cutoffs))
    for told in filter(None, (later_than_told(cutoff, store) for cutoff in cutoffs)):
        notes().print(f"Note: {told}", markup=False)
    spec = fit_spec_over(store.book, store.profiles(), max(cutoffs))
    parts = Parts.of(out, [store.state, cutoffs, spec.hash, out.suffix], between)
    return TablePart(store.at, cutoffs, spec, labels_of(store, spec), parts)


def join_parts(task: TablePart, buckets: int) -> tuple[int, int]:
    """Writes the file from its finished parts, and answers the numbers of rows and columns."""
    out, columns = task.parts.out, ("customer_id", "cutoff", *task.spec.names)
    found = task.parts.finished()
    finished = [found[number] for number in range(buckets)]
    with replacing(out) as stream:
        begin(out.suffix, columns, stream)
        JOINS[out.suffix]([file for file, _ in finished], stream)
    return sum(rows for _, rows in finished), len(columns)


def _build(task: TablePart, buckets: int, engine: Engine) -> None:
    """Builds the parts that are not finished."""
    done = task.parts.finished()
    left = [number for number in range(buckets) if number not in done]
    with progress("building features", buckets) as advance:
        advance(len(done))
        for _ in engine.map(task, left):
            advance(1)


@contextmanager
def _writable(out: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise unwritable(out, error) from error


def write_frame(frame: pl.DataFrame, out: Path) -> None:
    """Writes one frame to a Parquet or CSV file, whole or not at all; FeatureError if it cannot be written."""
    check_target(out)
    with replacing(out) as stream:
        begin(out.suffix, frame.columns, stream)
        writer = WRITERS[out.suffix](stream)
        writer.write(frame)
        writer.close()
