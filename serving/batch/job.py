"""A job: the folder in which the finished parts of one scoring lie until all are there."""

import fcntl
import hashlib
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa  # type: ignore[import-untyped]
import pyarrow.parquet as pq  # type: ignore[import-untyped]

from serving.draft import draft_of
from serving.engine import Engine
from serving.errors import ServingError
from serving.figures import Language
from serving.ledger.decisions import Decisions
from serving.plan import Plan
from serving.sheet import COLUMNS, Row
from training.manifest import canonical_json, write_durably

FORMAT = 1
ROOMS = ("data", "features", "training", "serving")
SCHEMA = pa.schema([(name, pa.string()) for name in (*COLUMNS, "account")])
"""The columns of the sheet, and the account of who is on record as JSON."""


@dataclass(frozen=True)
class Part:
    """The rows of some customers in their order, their accounts (None for who is not on record by the cutoff), and what
    is said of those who are left out."""

    rows: list[Row]
    accounts: list[dict[str, Any] | None]
    quarantined: list[dict[str, str]]


@dataclass(frozen=True)
class Job:
    """Parts by number in a folder whose name tells everything that they depend on."""

    folder: Path

    @classmethod
    def of(
        cls, engine: Engine, plan: Plan, cutoff: int, language: Language, decisions: Decisions, size: int, home: Path
    ) -> "Job":
        """The job with parts of `size` customers."""
        store, book = engine.store, engine.book
        given = {
            "format": FORMAT,
            "program": _program(),
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
        return cls(home / book.name / "batches" / name)

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Holds the book's batches until the work is done, then removes the job; what other jobs have left goes first.
        ServingError where another scoring of the book is at work."""
        batches = self.folder.parent
        batches.mkdir(parents=True, exist_ok=True)
        with (batches / "lock").open("a") as stream:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                book = batches.parent.name
                raise ServingError(f"book {book} is being scored already; wait until that is done") from error
            for other in batches.iterdir():
                if other.is_dir() and other != self.folder:
                    shutil.rmtree(other)
            self.folder.mkdir(exist_ok=True)
            yield
            shutil.rmtree(self.folder)

    def has(self, number: int) -> bool:
        """Whether the part is finished."""
        return self._file(number).is_file()

    def finish(self, number: int, part: Part) -> None:
        """Writes a part, whole or not at all; once this returns it survives a crash."""
        accounts = [None if account is None else json.dumps(account) for account in part.accounts]
        rows = [{**row, "account": account} for row, account in zip(part.rows, accounts, strict=True)]
        table = pa.Table.from_pylist(rows, schema=SCHEMA)
        sink = pa.BufferOutputStream()
        quarantined = {b"quarantined": json.dumps(part.quarantined)}
        pq.write_table(table.replace_schema_metadata(quarantined), sink, compression="zstd")
        draft = draft_of(self._file(number))
        write_durably(draft, sink.getvalue().to_pybytes())
        draft.replace(self._file(number))

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
        return self.folder / f"{number:06}.parquet"


def _program() -> str:
    """A digest of the program itself: another version may say other things."""
    digest = hashlib.sha256()
    top = Path(__file__).parents[2]
    for room in ROOMS:
        for file in sorted((top / room).rglob("*.py")):
            digest.update(f"{file.relative_to(top)}\n".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()
