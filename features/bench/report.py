"""What was measured, as tables for people and as one JSON document."""

import json
import os
from collections.abc import Sequence
from dataclasses import asdict
from statistics import median
from typing import Any

from rich.table import Table

from features.bench.alone import Latency, at
from features.bench.race import Race, Seconds
from features.bench.scale import ENGINES, WORKERS, Scale
from features.bench.stream import MEGABYTE, Stream

RIGHT: Any = "right"


def table_of(title: str, *columns: str) -> Table:
    """A table whose first column is words and whose others are figures."""
    table = Table(title=title, title_justify="left")
    for place, column in enumerate(columns):
        table.add_column(column, justify="left" if place == 0 else RIGHT)
    return table


def races_table(races: Sequence[Race]) -> Table:
    """Both sides' CPU seconds and their ratio, with the spread."""
    table = table_of("Parquet in and out, CPU seconds", "events x cutoffs", "features", "Polars", "kernel", "ratio")
    for race in races:
        size = f"{race.events / 1e6:.2f} M x {race.cutoffs}"
        low, high = race.ratios[0], race.ratios[-1]
        ratio = f"{median(race.ratios):.1f} ({low:.1f} to {high:.1f})"
        table.add_row(size, f"{race.shared} shared", spread(race.polars), spread(race.kernel), ratio)
        rate = f"{race.rate(race.whole) / 1e6:.1f} M/s/core"
        table.add_row(size, f"all {race.features}", "", spread(race.whole), rate)
    return table


def spread(seconds: Seconds) -> str:
    """The median, and the ends where they differ."""
    return f"{median(seconds):.2f} ({min(seconds):.2f} to {max(seconds):.2f})"


def latencies_table(latencies: Sequence[Latency]) -> Table:
    """Milliseconds of one customer."""
    table = table_of("One customer, milliseconds", "", "fastest", "p50", "p95", "CPU p50")
    for latency in latencies:
        figures = (*(at(share, latency.wall) for share in (0, 0.5, 0.95)), at(0.5, latency.cpu))
        table.add_row(latency.what, *(f"{figure:.3f}" for figure in figures))
    return table


def streams_table(streams: Sequence[Stream]) -> Table:
    """What a book costs as it grows."""
    heads = ("events x cutoffs", "buckets", "wall s", "CPU s", "ns/event", "M events/s/core", "peak MB", "file MB")
    table = table_of("A book streamed by bucket into Parquet, all features", *heads)
    for stream in streams:
        table.add_row(
            f"{stream.events / 1e6:.2f} M x {stream.cutoffs}",
            str(stream.buckets),
            f"{stream.wall:.1f}",
            f"{stream.cpu:.1f}",
            f"{stream.nanoseconds:.0f}",
            f"{stream.rate / 1e6:.1f}",
            f"{stream.peak_bytes / MEGABYTE:.0f}",
            f"{stream.file_bytes / MEGABYTE:.0f}",
        )
    return table


def scale_table(scale: Scale) -> Table:
    """What a second worker is worth on each engine, and what a worker holds in memory."""
    first = scale.paces[0]
    title = (
        f"{first.events / 1e6:.2f} M events x {first.cutoffs} cutoffs in {first.buckets} buckets; "
        f"{len(scale.of(first.engine, 1))} turns, every file the same"
    )
    heads = ("workers", "wall s", "M/s/core", "peak MB", "efficiency", "of plain")
    table = table_of(title, "engine", *heads)
    for name, _ in ENGINES:
        for workers in WORKERS:
            paces = scale.of(name, workers)
            if paces:
                table.add_row(name, str(workers), *_pace_figures(scale, name, workers))
    return table


def _pace_figures(scale: Scale, name: str, workers: int) -> tuple[str, ...]:
    paces = scale.of(name, workers)
    rate, peak = median(pace.rate for pace in paces), max(pace.peak_bytes for pace in paces)
    told = (spread(tuple(pace.wall for pace in paces)), f"{rate / 1e6:.2f}", f"{peak / MEGABYTE:.0f}")
    if workers == 1:
        return (*told, "", "")
    efficiencies = scale.efficiencies(name)
    low, high = efficiencies[0], efficiencies[-1]
    return (*told, f"{median(efficiencies):.0%} ({low:.0%} to {high:.0%})", f"{scale.beside_plain(name):.0%}")


def scale_document(scales: Sequence[Scale]) -> str:
    """All runs as JSON."""
    return json.dumps({"cores": os.cpu_count(), "books": [asdict(scale) for scale in scales]}, indent=1)


def document(races: Sequence[Race], latencies: Sequence[Latency], streams: Sequence[Stream]) -> str:
    """All figures: seconds, milliseconds, bytes, and the ratios that follow."""
    figures = {
        "cores": os.cpu_count(),
        "races": [
            {
                **asdict(race),
                "ratio": median(race.ratios),
                "kernel_events_per_second": race.rate(race.kernel),
                "whole_events_per_second": race.rate(race.whole),
            }
            for race in races
        ],
        "one_customer": [
            {
                "what": each.what,
                "fastest_ms": at(0, each.wall),
                "p50_ms": at(0.5, each.wall),
                "p95_ms": at(0.95, each.wall),
                "cpu_p50_ms": at(0.5, each.cpu),
            }
            for each in latencies
        ],
        "streams": [
            {**asdict(each), "events_per_second": each.rate, "nanoseconds_per_event": each.nanoseconds}
            for each in streams
        ],
    }
    return json.dumps(figures, indent=1)
