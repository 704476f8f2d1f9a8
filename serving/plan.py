"""The plan: what a tier policy learnt from the whole book, in a file that is named by its own hash."""

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

from serving.errors import PlanError
from training.manifest import canonical_json, write_durably

POINTER = "current"
AGAIN = "run `python -m serving score BOOK --out FILE` again"


@dataclass(frozen=True)
class Plan:
    """The cuts of a policy, fitted on a book's scores at `cutoff` (µs UTC) by one model version.

    `cuts` holds the lowest value (currency) of each tier but the lowest, None where nobody reached it;
    `percent` the share of customers it was meant for, counted from the top; `counts` the customers it got.
    """

    policy: str
    book: str
    model_version: str
    cutoff: int
    currency: str
    horizon_days: int
    customers: int
    percent: Mapping[str, float]
    cuts: Mapping[str, float | None]
    counts: Mapping[str, int]

    @cached_property
    def content(self) -> bytes:
        """The plan as canonical JSON."""
        return canonical_json(asdict(self))

    @cached_property
    def version(self) -> str:
        """The first 16 hex digits of the SHA-256 of the content."""
        return _version_of(self.content)

    def save(self, home: Path) -> Path:
        """Writes `<home>/<book>/plans/<version>.json`, whole or not at all."""
        folder = _folder(self.book, home)
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / f"{self.version}.json"
        _replace(file, self.content)
        return file


def promote(plan: Plan, home: Path) -> bool:
    """Makes a saved plan the one that assigns, by one atomic rename.

    A plan of the same model with a later cutoff stays: scoring the past does not change today's tiers.
    Answers whether the plan is now current.
    """
    standing = current_plan(plan.book, home)
    if standing and standing.model_version == plan.model_version and standing.cutoff > plan.cutoff:
        return False
    _replace(_folder(plan.book, home) / POINTER, plan.version.encode())
    return True


def current_plan(book: str, home: Path) -> Plan | None:
    """The plan that assigns now, or None where the book was never scored. PlanError when it was damaged."""
    pointer = _folder(book, home) / POINTER
    if not pointer.is_file():
        return None
    return load_plan(_folder(book, home) / f"{pointer.read_text().strip()}.json")


def load_plan(file: Path) -> Plan:
    """A plan whose content still has the hash that its name says; else PlanError."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise PlanError(f"plan {file} cannot be read; {AGAIN}") from error
    if _version_of(content) != file.stem:
        raise PlanError(f"plan {file} was changed; {AGAIN}")
    return Plan(**json.loads(content))


def _folder(book: str, home: Path) -> Path:
    return home / book / "plans"


def _version_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _replace(file: Path, content: bytes) -> None:
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    write_durably(draft, content)
    draft.replace(file)
