"""The table file of a batch: one row per customer, Parquet or CSV."""

import csv
import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.drafts import draft_of, drafted, sweep
from serving.errors import ServingError

COLUMNS = (
    "customer_id",
    "lifetime_value",
    "conversion",
    "churn",
    "tier",
    "reasons",
    "indicators",
    "actions",
    "service",
    "degraded",
    "model_version",
    "plan_version",
    "playbook_version",
    "cutoff",
)
PLAIN = ("customer_id", "model_version", "plan_version", "playbook_version", "cutoff")
"""Columns that hold a text; the others hold JSON."""

Row = dict[str, str | None]


class Sheet(Protocol):
    """A table file that takes rows."""

    def write(self, rows: list[Row]) -> None: ...


class _Parquet:
    def __init__(self, draft: Path) -> None:
        self._schema = pa.schema([(name, pa.string()) for name in COLUMNS])
        self._writer = pq.ParquetWriter(draft, self._schema)

    def write(self, rows: list[Row]) -> None:
        self._writer.write_table(pa.Table.from_pylist(rows, schema=self._schema))

    def close(self) -> None:
        self._writer.close()


class _Csv:
    def __init__(self, draft: Path) -> None:
        self._file = draft.open("w", newline="", encoding="utf-8")
        self._writer = csv.DictWriter(self._file, COLUMNS)
        self._writer.writeheader()

    def write(self, rows: list[Row]) -> None:
        self._writer.writerows(rows)

    def close(self) -> None:
        self._file.close()


SHEETS: dict[str, Any] = {".parquet": _Parquet, ".csv": _Csv}


def require_suffix(file: Path) -> None:
    """Raises ServingError for a file that no sheet can be written to."""
    if file.suffix not in SHEETS:
        raise ServingError(f"--out {file}: expected a name that ends in {' or '.join(SHEETS)}")


def require_place(file: Path) -> None:
    """Raises ServingError for a file that no sheet can be written to, before any work is done; makes its
    folder where there is none, and clears away what killed runs have left of it."""
    require_suffix(file)
    if file.is_dir():
        raise ServingError(f"--out {file}: this is a folder; name a file")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        sweep(file)
        draft = draft_of(file)
        draft.touch()
        draft.unlink()
    except OSError as error:
        raise ServingError(f"--out {file}: cannot be written there ({error.strerror}); name another place") from error


@contextmanager
def open_sheet(file: Path) -> Iterator[Sheet]:
    """A sheet whose file appears when all was written, whole or not at all."""
    require_place(file)
    try:
        with drafted(file) as draft:
            sheet = SHEETS[file.suffix](draft)
            yield sheet
            sheet.close()
    except OSError as error:
        why = error.strerror or os.strerror(error.errno or errno.EIO)
        raise ServingError(
            f"--out {file}: cannot be written ({why}); what is finished is kept: make room and run the command again"
        ) from error
