"""Rows that cannot be used, each with its reason, its line and what it said."""

from __future__ import annotations

import os
from pathlib import Path

import polars as pl

SCHEMA = pl.Schema(
    {
        "source": pl.String,
        "delivery": pl.String,
        "line": pl.Int64,
        "reason": pl.String,
        "raw": pl.String,
        "value": pl.String,
    }
)


def named(rejected: pl.DataFrame, source: str, delivery: str) -> pl.DataFrame:
    """Rows as line, reason, raw, and where there is one `value`, the text that could not be read, with the names of
    what they come from."""
    rejected = rejected if "value" in rejected.columns else rejected.with_columns(value=None)
    rows = rejected.with_columns(source=pl.lit(source), delivery=pl.lit(delivery))
    return rows.select(SCHEMA.names()).cast(dict(SCHEMA.items()))


def distinct_rejected(rows: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """The rows in order of source, delivery and line, one that came again in another delivery held once; and how many
    came again, by source."""
    same = ["source", "raw", "reason"]
    number = pl.int_range(pl.len()).over(*same, "delivery")
    kept = rows.with_columns(number=number).unique([*same, "number"], keep="first", maintain_order=True)
    again = rows["source"].value_counts().join(kept["source"].value_counts(), on="source")
    counts = {source: before - after for source, before, after in again.iter_rows()}
    return kept.drop("number").sort("source", "delivery", "line", "reason", "raw"), counts


def reasons(rows: pl.DataFrame, source: str) -> dict[str, int]:
    """How many rows of a source are quarantined for each reason, the most frequent first."""
    counted = (
        rows.filter(pl.col("source") == source)["reason"]
        .value_counts()
        .sort("count", "reason", descending=[True, False])
    )
    return dict(counted.iter_rows())


def read_quarantine(source: str, folder: Path) -> pl.DataFrame:
    """The rejected rows of a source; none when it has no file."""
    file = folder / f"{source}.parquet"
    return pl.read_parquet(file) if file.is_file() else pl.DataFrame(schema=SCHEMA)


def write_quarantine(rows: pl.DataFrame, folder: Path) -> None:
    """One Parquet file a source that has rejected rows; files of other times are removed."""
    folder.mkdir(parents=True, exist_ok=True)
    written = set()
    for (source,), own in rows.partition_by("source", as_dict=True).items():
        building = folder / f".{source}.parquet.{os.getpid()}"
        own.write_parquet(building)
        written.add(building.replace(folder / f"{source}.parquet"))
    for file in folder.iterdir():
        if file not in written:
            file.unlink()
