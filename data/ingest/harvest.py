"""What one delivery brought: counts of its rows, and the rows themselves in memory or in a folder."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import polars as pl

from data.drafts import draft_of
from data.ingest.kinds import EMPTY
from data.ingest.spill import Room, Rows, Spill, StoredRows


@dataclass
class Counts:
    """Rows read, usable rows, and rows that were left out by filter, each by source or profile."""

    delivery: str = ""
    rows: Counter[str] = field(default_factory=Counter)
    usable: Counter[str] = field(default_factory=Counter)
    filtered: dict[str, Counter[str]] = field(default_factory=dict)

    def leave_out(self, name: str, counts: Mapping[str, int]) -> None:
        self.filtered.setdefault(name, Counter()).update(counts)

    def update(self, other: Counts) -> None:
        """Adds what another delivery brought."""
        self.rows.update(other.rows)
        self.usable.update(other.usable)
        for name, counts in other.filtered.items():
            self.leave_out(name, counts)

    @classmethod
    def from_values(cls, values: Mapping[str, Any]) -> Counts:
        filtered = {name: Counter(counts) for name, counts in values["filtered"].items()}
        return cls(values["delivery"], Counter(values["rows"]), Counter(values["usable"]), filtered)


@dataclass(frozen=True, eq=False)
class Harvest:
    """The counts of one delivery, and its rows by kind."""

    number: int
    counts: Counts
    rows: Mapping[str, Rows]


class Gathering:
    """The rows of one delivery as they come: in memory as long as there is room, else in `folder` once all are there.

    Without a `room` they go to the folder at once.
    """

    def __init__(self, folder: Path, parts: int, room: Room | None) -> None:
        self._folder = folder
        self._draft = draft_of(folder)
        self._spills = {kind: Spill(kind, parts) for kind in EMPTY}
        self._room = room
        if room is None:
            self._store()

    def add(self, kind: str, frame: pl.DataFrame) -> None:
        """Takes in rows of one kind."""
        spill = self._spills[kind]
        if frame.height and self._room is not None and not self._room.take(kind, frame.height):
            self._store()
        spill.add(frame)

    def settled(self, number: int, counts: Counts) -> Harvest:
        """All that came."""
        if self._room is not None:
            return Harvest(number, counts, {kind: spill.held() for kind, spill in self._spills.items()})
        for spill in self._spills.values():
            spill.stored()
        told = {"number": number, "counts": vars(counts)}
        (self._draft / "harvest.json").write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        _moved(self._draft, self._folder)
        return _stored(self._folder, number, counts)

    def close(self) -> None:
        """Whatever became of it, no draft stays."""
        for spill in self._spills.values():
            spill.close()
        shutil.rmtree(self._draft, ignore_errors=True)

    def _store(self) -> None:
        self._draft.mkdir(parents=True)
        for kind, spill in self._spills.items():
            if self._room is not None:
                self._room.leave(kind, spill.rows)
            spill.store(self._draft)
        self._room = None


def read_harvest(folder: Path) -> Harvest | None:
    """What an ingest that was cut off has gathered already, if it is whole."""
    try:
        values = json.loads((folder / "harvest.json").read_text(encoding="utf-8"))
        found = _stored(folder, values["number"], Counts.from_values(values["counts"]))
        whole = all(StoredRows(folder, kind).whole() for kind in EMPTY)
    except (OSError, ValueError, KeyError):
        return None
    return found if whole else None


def _stored(folder: Path, number: int, counts: Counts) -> Harvest:
    return Harvest(number, counts, {kind: StoredRows(folder, kind) for kind in EMPTY})


def _moved(draft: Path, folder: Path) -> None:
    """Makes the draft the folder in one step, unless another worker did so before, with the same rows."""
    try:
        draft.rename(folder)
    except OSError:
        if read_harvest(folder) is None:
            raise
