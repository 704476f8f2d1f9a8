"""A SQLite file without a trace of what was deleted from it."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from data.errors import StoreError

_PATIENCE = 60  # seconds that readers and writers are waited for


def scrub(file: Path) -> None:
    """Writes a database anew from what it holds, so that no free page keeps a deleted row, and empties its log.

    StoreError where another process keeps the file busy.
    """
    database = sqlite3.connect(file, timeout=_PATIENCE, isolation_level=None)
    try:
        database.execute("vacuum")
        busy, _, _ = database.execute("pragma wal_checkpoint(truncate)").fetchone()
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{file}: {error}") from error
    finally:
        database.close()
    if busy:
        raise StoreError(f"{file}: another process keeps reading it; run the command again")
