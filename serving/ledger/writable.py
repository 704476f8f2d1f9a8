"""Whether a ledger can be written, without writing anything."""

import os
import sqlite3
from pathlib import Path

from sqlalchemy import Connection

from data.errors import StoreError
from serving.ledger.ledger import Ledger


def require_writable(ledger: Ledger) -> None:
    """StoreError where the ledger's database cannot be reached, or takes no writes. Whoever is writing just now is no
    obstacle, and is not waited for."""
    database = ledger.database
    file = database.file
    if file is not None:
        _require_file(file)
        return
    with database.reading() as connection:
        _require_server(connection)


def _require_file(file: Path) -> None:
    if not file.is_file():
        folder = next(parent for parent in file.parents if parent.exists())
        if not os.access(folder, os.W_OK):
            raise StoreError(f"{folder}: not writable, and the ledger is made there")
        return
    try:
        with_turn = sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True, timeout=0, isolation_level=None)
        try:
            with_turn.execute("begin immediate")
            with_turn.execute("rollback")
        finally:
            with_turn.close()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & 0xFF != sqlite3.SQLITE_BUSY:
            raise StoreError(f"{file}: {error}") from error


def _require_server(connection: Connection) -> None:
    if connection.exec_driver_sql("show transaction_read_only").scalar() == "on":
        raise StoreError("the ledger's server takes no writes (transaction_read_only)")
