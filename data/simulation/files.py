"""A simulated world on disk: chunk files for the book, and the truth beside them."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import polars as pl
import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.errors import SourceError
from data.simulation.parts import Part, make_part
from data.simulation.world import TIME_ZONE, World

MARK = "world.json"  # tells a folder that a simulation wrote, and may replace
OPEN = ("events", "companies", "ratings", "records")  # one file a chunk each
HIDDEN = ("truth", "identity", "service")  # one file each, in truth/


@dataclass(frozen=True, slots=True)
class Written:
    """How many events and customers there are so far."""

    customers: int
    events: int


def write_world(world: World, folder: Path, workers: int = 1, advance: Callable[[int], None] = lambda _: None) -> int:
    """Writes a world into a folder and returns how many events it has; `advance(customers)` after each chunk.

    The same bytes for the same world, whatever the number of workers. A folder that an earlier simulation
    wrote is replaced once the new one is complete; SourceError for one that holds anything else.
    """
    require_free(folder)
    building = folder.with_name(f"{folder.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    (building / "truth").mkdir(parents=True)
    try:
        events = _write_parts(world, building, workers, advance)
        _write_mark(world, events, building)
        shutil.rmtree(folder, ignore_errors=True)
        building.rename(folder)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return events


def require_free(folder: Path) -> None:
    """SourceError unless the folder is absent, empty, or an earlier simulation's."""
    if folder.exists() and not folder.is_dir():
        raise SourceError(f"{folder}: expected a folder, found a file; choose another --out")
    if folder.is_dir() and any(folder.iterdir()) and not (folder / MARK).is_file():
        raise SourceError(f"{folder}: not empty, and not written by a simulation; choose another --out")


def _write_parts(world: World, folder: Path, workers: int, advance: Callable[[int], None]) -> int:
    events = 0
    with ExitStack() as opened:
        writers: dict[str, pq.ParquetWriter] = {}
        for written, hidden in _parts(world, folder, workers):
            for name, table in hidden.items():
                if name not in writers:
                    file = folder / "truth" / f"{name}.parquet"
                    writers[name] = opened.enter_context(pq.ParquetWriter(file, table.schema, compression="zstd"))
                writers[name].write_table(table)
            events += written.events
            advance(written.customers)
    return events


def _parts(world: World, folder: Path, workers: int) -> Iterator[tuple[Written, dict[str, pa.Table]]]:
    """Every chunk in order, its open files written, its hidden tables handed over."""
    make = partial(_write_chunk, world, folder)
    if workers == 1 or world.chunks == 1:
        yield from map(make, range(world.chunks))
        return
    with ProcessPoolExecutor(min(workers, world.chunks), get_context("spawn")) as pool:
        yield from pool.map(make, range(world.chunks))


def _write_chunk(world: World, folder: Path, chunk: int) -> tuple[Written, dict[str, pa.Table]]:
    part = make_part(world, chunk)
    for name in OPEN:
        pq.write_table(_arrow(part, name), folder / f"trade-{name}-{chunk:04d}.parquet", compression="zstd")
    written = Written(part.companies.height, part.events.height)
    return written, {name: _arrow(part, name) for name in HIDDEN}


def _arrow(part: Part, name: str) -> pa.Table:
    table: pl.DataFrame = getattr(part, name)
    return table.to_arrow(compat_level=pl.CompatLevel.oldest())


def _write_mark(world: World, events: int, folder: Path) -> None:
    told = {
        "customers": world.customers,
        "seed": world.seed,
        "first": world.first.isoformat(),
        "last": world.last.isoformat(),
        "time_zone": TIME_ZONE,
        "chunk": world.chunk,
        "events": events,
    }
    (folder / MARK).write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")
