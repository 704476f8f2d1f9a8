"""A job: the folder in which the finished parts of one scoring lie until all are there."""

import fcntl
import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from data.engines.finished import Finished
from data.engines.program import program_digest
from data.remote.folder import RemoteFolder
from serving.batch.rows import text_of
from serving.engine import Engine
from serving.errors import ServingError
from serving.figures import Language
from serving.ledger.decisions import Decisions
from serving.ledger.kept import Said
from serving.plan import Plan
from serving.sheet import COLUMNS, Row
from training.manifest import canonical_json

FORMAT = 2
SCHEMA = pa.schema([(name, pa.string()) for name in (*COLUMNS, "account", "kept")])
"""The columns of the sheet, and as JSON the account of who is on record and the ledger's columns."""


@dataclass(frozen=True)
class Part:
    """The rows of some customers in their order, their accounts (None for who is not on record by the cutoff), what the
    ledger keeps beside each text, and what is said of those who are left out."""

    rows: list[Row]
    accounts: list[dict[str, Any] | None]
    kept: list[dict[str, Any]]
    quarantined: list[dict[str, str]]


@dataclass(frozen=True)
class Job:
    """Parts by number, kept for the next job of the same kind where this one is cut off."""

    kept: Finished

    @classmethod
    def of(
        cls,
        engine: Engine,
        plan: Plan,
        cutoff: int,
        language: Language,
        decisions: Decisions,
        size: int,
        home: Path,
        between: RemoteFolder | None = None,
    ) -> "Job":
        """The job with parts of `size` customers; `between` as of `Finished`."""
        store, book = engine.store, engine.book
        given = {
            "format": FORMAT,
            "program": program_digest(),
            "model": engine.bundle.version,
            "plan": plan.version,
            "playbook": engine.playbook.version,
            "book": book.fingerprint(),
            "accounts": book.accounts.model_dump(),
            "cutoff": cutoff,
            "language": language,
            "decisions": decisions.digest,
            "store": [store.manifest.fingerprint, store.manifest.appended_through, store.inbox.last()],
            "size": size,
        }
        name = hashlib.sha256(canonical_json(given)).hexdigest()[:16]
        return cls(Finished(home.absolute() / book.name / "batches" / name, between / name if between else None))

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Holds the book's batches until the work is done, then removes the job; what other jobs have left goes first.
        ServingError where another scoring of the book is at work."""
        batches = self.kept.folder.parent
        batches.mkdir(parents=True, exist_ok=True)
        with (batches / "lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                book = batches.parent.name
                raise ServingError(f"book {book} is being scored already; wait until that is done") from error
            with self.kept.collecting():
                yield

    def has(self, number: int) -> bool:
        """Whether the part is finished."""
        return self._file(number).is_file()

    def finish(self, number: int, part: Part) -> None:
        """Writes a part, whole or not at all; once this returns it survives a crash."""
        accounts = [None if account is None else json.dumps(account) for account in part.accounts]
        rows = [
            {**row, "account": account, "kept": json.dumps(kept)}
            for row, account, kept in zip(part.rows, accounts, part.kept, strict=True)
        ]
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        sink = pa.BufferOutputStream()
        quarantined = {b"quarantined": json.dumps(part.quarantined)}
        pq.write_table(table.replace_schema_metadata(quarantined), sink, compression="zstd")
        with self.kept.draft() as draft:
            draft.stream.write(sink.getvalue())
            draft.name = self._file(number).name

    def bring(self, number: int) -> None:
        """Fetches a part that a worker has just finished, where it is not here yet; ServingError where it is gone."""
        if not self.kept.bring(self._file(number).name):
            raise ServingError(f"{self.kept.between or self.kept.folder}: part {number} is gone; run the command again")

    def said(self, number: int) -> list[Said]:
        """The answers of a finished part, as the ledger keeps them."""
        kept = pq.read_table(self._file(number), columns=["kept"]).column("kept").to_pylist()
        return [_said(row, json.loads(columns)) for row, columns in zip(self.rows(number), kept, strict=True)]

    def is_kept(self, number: int) -> bool:
        """Whether the ledger has the part's answers."""
        return self._mark(number).is_file()

    def mark_kept(self, number: int) -> None:
        """Takes note that the ledger has them."""
        self._mark(number).touch()

    def rows(self, number: int) -> list[Row]:
        """The rows of a finished part."""
        found: list[Row] = pq.read_table(self._file(number), columns=list(COLUMNS)).to_pylist()
        return found

    def accounts(self, number: int) -> list[dict[str, Any]]:
        """The accounts of a finished part."""
        column = pq.read_table(self._file(number), columns=["account"]).column("account")
        return [json.loads(account) for account in column.to_pylist() if account is not None]

    def quarantined(self, number: int) -> list[dict[str, str]]:
        """Whom a finished part leaves out, and why."""
        found: list[dict[str, str]] = json.loads(pq.read_schema(self._file(number)).metadata[b"quarantined"])
        return found

    def _file(self, number: int) -> Path:
        return self.kept.folder / f"{number:06}.parquet"

    def _mark(self, number: int) -> Path:
        return self.kept.folder / f"{number:06}.kept"


def _said(row: Row, columns: dict[str, Any]) -> Said:
    typical = columns.pop("typical")
    nameless = partial(text_of, {**row, "customer_id": ""}) if typical else None
    return Said(columns, text_of(row).encode(), nameless)
