"""What was measured, as tables for people and as one JSON document."""

import json
import os
from dataclasses import asdict
from statistics import median

import numpy as np
from rich.table import Table

from features.bench.report import table_of
from serving.bench.measure import Measured

MEGABYTE = 1e6


def tables_of(found: Measured) -> list[Table]:
    """Everything for people to read."""
    return [_tables(found), _races(found), _latencies(found), _sums(found)]


def document(found: Measured) -> str:
    """All figures: seconds, milliseconds, bytes, and the ratios that follow."""
    races = [asdict(race) | {"ratio": median(race.ratios), "rows_per_second": race.rate} for race in found.races]
    plain = asdict(found) | {"cores": os.cpu_count(), "races": races}
    return json.dumps(plain, indent=1)


def _tables(found: Measured) -> Table:
    table = table_of("Tables, built once when a bundle is first asked", "forest", "trees", "seconds", "MB")
    for built in found.tables:
        table.add_row(built.what, str(built.trees), f"{built.seconds:.2f}", f"{built.bytes / MEGABYTE:.1f}")
    return table


def _races(found: Measured) -> Table:
    title = "Explaining, beside LightGBM's pred_contrib: same trees, rows and threads, in turns"
    table = table_of(title, "", "rows", "threads", "ours, µs a row", "LightGBM, µs a row", "ratio", "rows/s")
    for race in found.races:
        table.add_row(
            race.what,
            f"{race.rows:,}",
            str(race.threads),
            f"{1e6 * median(race.ours) / race.rows:.1f}",
            f"{1e6 * median(race.anchor) / race.rows:.1f}",
            f"{median(race.ratios):.1f} ({race.ratios[0]:.1f} to {race.ratios[-1]:.1f})",
            f"{race.rate:,.0f}",
        )
    return table


def _latencies(found: Measured) -> Table:
    customers, seconds = found.recommended
    title = f"One customer, milliseconds; recommend() for {customers:,} together: {1e3 * seconds / customers:.2f} each"
    table = table_of(title, "", "fastest", "p50", "p95")
    for latency in found.latencies:
        figures = np.quantile(latency.milliseconds, [0.0, 0.5, 0.95])
        table.add_row(latency.what, *(f"{figure:.2f}" for figure in figures))
    return table


def _sums(found: Measured) -> Table:
    table = table_of(
        "Base value + contributions = score, at most this far apart", "score", "customers", "relative", "from predict()"
    )
    for one in found.sums:
        table.add_row(
            one.target.replace("_", " "), f"{one.customers:,}", f"{one.residual:.1e}", f"{one.from_score:.1e}"
        )
    return table
