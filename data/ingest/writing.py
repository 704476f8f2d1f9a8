"""From gathered rows to buckets: who owns a mark that several customers claim, and each bucket's files."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import polars as pl

from data.drafts import drafted
from data.frames import FRAME_SCHEMA, in_order
from data.histories.encoding import encode_sorted, people_of
from data.ingest.facts import settled
from data.ingest.intake import origins
from data.ingest.kinds import CLAIMS, EVENTS, FACTS
from data.ingest.resolution import owners_of, rejected_conflicts, resolved
from data.ingest.spill import Rows
from data.settings.book import Book
from data.store.bucket_writer import write_bucket
from data.store.layout import customers_file, events_file

Gathered = Sequence[Mapping[str, Rows]]
"""The rows of every delivery by kind, in the order of reading."""


@dataclass(frozen=True, eq=False)
class FindOwners:
    """The task that finds the owners of contested marks among the claims of one part of `parts`."""

    gathered: Gathered
    parts: int

    def __call__(self, part: int) -> pl.DataFrame:
        return owners_of(_rows(self.gathered, CLAIMS, part, self.parts))


@dataclass(frozen=True, slots=True)
class Written:
    """What a bucket on disk holds: its last and first instant where it has events, rows kept and conflicts by source
    or profile, and the sizes of its files."""

    customers: int
    events: int
    times: Sequence[int]
    kept: Mapping[str, int]
    conflicts: Mapping[str, int]
    sizes: Mapping[str, int]


@dataclass(frozen=True, eq=False)
class WriteBucket:
    """The task that makes one bucket of `buckets`; one that is finished stays as it is.

    `told` is the folder of what was written: a summary a bucket, and the rows whose key belongs to another.
    """

    book: Book
    folder: Path
    told: Path
    gathered: Gathered
    owners: pl.DataFrame
    buckets: int

    def __call__(self, number: int) -> Written:
        summary = self.told / f"{number:04}.json"
        known = _read_written(summary, self.folder)
        if known is not None:
            return known
        written = self._write(number)
        with drafted(summary) as draft:
            draft.write_text(json.dumps(asdict(written), ensure_ascii=False), encoding="utf-8")
        return written

    def _write(self, number: int) -> Written:
        found = resolved(_rows(self.gathered, EVENTS, number, self.buckets), self.owners)
        kept, conflicts = self._by_origin(found.events), self._by_origin(found.conflicts)
        _write_conflicts(found.conflicts, conflicts_file(self.told, number))
        frame = found.events.select(*FRAME_SCHEMA, "role")
        del found  # as large as the bucket
        frame = in_order(frame)
        facts = settled(_rows(self.gathered, FACTS, number, self.buckets), self.book)
        histories = encode_sorted(frame, people_of(frame, facts), facts, self.book)
        write_bucket(histories, frame, facts, self.folder, number)
        files = [self.folder / name(number) for name in (events_file, customers_file)]
        return Written(
            customers=len(histories),
            events=histories.events,
            times=[int(histories.time.min()), int(histories.time.max())] if histories.events else [],
            kept=kept | dict(facts.unique("row")["source"].value_counts().iter_rows()),
            conflicts=conflicts,
            sizes={file.name: file.stat().st_size for file in files},
        )

    def _by_origin(self, rows: pl.DataFrame) -> dict[str, int]:
        names = origins(self.book)
        return {names[origin]: count for origin, count in rows["origin"].value_counts().iter_rows()}


def conflicts_file(told: Path, number: int) -> Path:
    """Where the conflicts of a bucket lie if it has any: origin, delivery, line, reason, raw."""
    return told / f"conflicts-{number:04}.arrow"


def _rows(gathered: Gathered, kind: str, bucket: int, buckets: int) -> pl.DataFrame:
    return pl.concat([rows[kind].of(bucket, buckets) for rows in gathered])


def _write_conflicts(conflicts: pl.DataFrame, file: Path) -> None:
    if conflicts.height:
        with drafted(file) as draft:
            rejected_conflicts(conflicts).write_ipc(draft)


def _read_written(summary: Path, folder: Path) -> Written | None:
    """What a finished bucket holds, if its files are whole."""
    try:
        written = Written(**json.loads(summary.read_text(encoding="utf-8")))
        whole = all((folder / name).stat().st_size == size for name, size in written.sizes.items())
    except (OSError, ValueError, TypeError):
        return None
    return written if whole else None
