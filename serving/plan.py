"""The plan: what a tier policy learnt from the whole book, in a file that is named by its own hash."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from data.drafts import replace_durably, sweep
from serving.errors import PlanError
from serving.tiers.moves import Moves
from serving.tiers.policies import policy_of
from serving.tiers.rule import Rule
from training.manifest import canonical_json

POINTER = "current"
VERSION = re.compile(rb"[0-9a-f]{16}")
AGAIN = "run `python -m serving score BOOK --out FILE` again"


@dataclass(frozen=True)
class Plan:
    """What a policy learnt from a book's scores and indicators at `cutoff` (µs UTC), made by one model version.

    `settings` are those of the policy in the book, `learnt` is what its rule is made of, `moves` how tiers moved from
    one review to the next, `stability` when a tier is kept; `counts` are the customers of each tier by the
    policy alone.
    """

    policy: str
    book: str
    model_version: str
    cutoff: int
    currency: str
    horizon_days: int
    customers: int
    settings: Mapping[str, Any]
    learnt: Mapping[str, Any]
    moves: Mapping[str, Any]
    stability: Mapping[str, float]
    counts: Mapping[str, int]

    @cached_property
    def rule(self) -> Rule:
        """The policy with what it learnt."""
        return policy_of(self.policy).rule(self.learnt)

    @cached_property
    def chances(self) -> Moves | None:
        """Where customers are at the next review; None where nobody was on record at the one before."""
        return Moves.of(self.moves)

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


def promote(plan: Plan, home: Path, latest: int) -> bool:
    """Makes a saved plan the one that assigns, by one atomic rename; answers whether it is now current.

    A plan of the same model with a later cutoff stays: scoring the past does not change today's tiers. One
    whose cutoff lies beyond `latest` (µs UTC), the end of the last day on record, or that is damaged, gives
    way.
    """
    if not stands(plan, home, latest):
        return False
    _replace(_folder(plan.book, home) / POINTER, plan.version.encode())
    return True


def stands(plan: Plan, home: Path, latest: int) -> bool:
    """Whether `promote` would make the plan current."""
    standing = _standing(plan.book, home)
    return not (standing and standing.model_version == plan.model_version and plan.cutoff < standing.cutoff <= latest)


def current_plan(book: str, home: Path) -> Plan | None:
    """The plan that assigns now, or None where the book was never scored. PlanError when it was damaged."""
    pointer = _folder(book, home) / POINTER
    if not pointer.is_file():
        return None
    version = pointer.read_bytes().strip()
    if not VERSION.fullmatch(version):
        raise PlanError(f"{pointer} names no plan; {AGAIN}")
    return load_plan(_folder(book, home) / f"{version.decode()}.json")


def plan_for(model_version: str, book: str, home: Path) -> Plan | None:
    """The plan that goes with a model: the current one where this model made it, else the latest that it made, else
    the current one, whose answers then say that another model made it. PlanError when the current one is damaged.
    """
    current = current_plan(book, home)
    if current is None or current.model_version == model_version:
        return current
    own = [plan for plan in saved_plans(book, home) if plan.model_version == model_version]
    return max(own, key=lambda plan: plan.cutoff, default=current)


def saved_plans(book: str, home: Path) -> list[Plan]:
    """All plans of a book that were saved, by version; damaged ones are left out."""
    return [plan for file in sorted(_folder(book, home).glob("*.json")) if (plan := _whole(file))]


def load_plan(file: Path) -> Plan:
    """A plan whose content still has the hash that its name says; else PlanError."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise PlanError(f"plan {file} cannot be read; {AGAIN}") from error
    if _version_of(content) != file.stem:
        raise PlanError(f"plan {file} was changed; {AGAIN}")
    try:
        return _understood(Plan(**json.loads(content)))
    except (KeyError, TypeError, ValueError, PlanError) as error:
        raise PlanError(f"plan {file} is of another version of this program; {AGAIN}") from error


def _understood(plan: Plan) -> Plan:
    """The plan, once its rule was made: one that makes none is of another version."""
    vars(plan)["rule"] = plan.rule
    return plan


def _whole(file: Path) -> Plan | None:
    try:
        return load_plan(file)
    except PlanError:
        return None


def _standing(book: str, home: Path) -> Plan | None:
    try:
        return current_plan(book, home)
    except PlanError:
        return None


def _folder(book: str, home: Path) -> Path:
    return home / book / "plans"


def _version_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _replace(file: Path, content: bytes) -> None:
    sweep(file)
    replace_durably(file, content)
