"""The bridge from what was recommended before, for doors that are asked often: old models and plans are kept loaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from data.clock import add_days
from data.histories.histories import Histories
from serving.bridge.account import Bridge
from serving.bridge.build import bridge
from serving.bridge.standpoint import Standpoint, require_one_question
from serving.engine import Engine
from serving.errors import PlanError, ServingError
from serving.figures import Language
from serving.plan import Plan, load_plan
from training.bundle import Bundle
from training.errors import BundleError
from training.shelf import shelf


@dataclass(frozen=True, slots=True)
class Before:
    """What was recommended before: the cutoff (µs UTC), the model and the plan."""

    cutoff: int
    model_version: str
    plan_version: str | None


def bridge_since(
    engine: Engine, history: Histories, cutoff: int, kept: Sequence[Before], language: Language
) -> Bridge | None:
    """Why the scores and the tier of one customer changed until `cutoff` (µs UTC) since the latest of the `kept` that
    has an earlier cutoff; else since one horizon ago, by the current model and plan.

    A model that is gone, or that answered another question, gives way to the current one, and so does its plan. None
    where a horizon ago lies before the book.
    """
    earlier = [before for before in kept if before.cutoff < cutoff]
    before = max(earlier, key=lambda each: each.cutoff, default=None) or _a_horizon_ago(engine, cutoff)
    if before.cutoff < engine.store.first_time:
        return None
    customer = history.customer_ids[0]
    model, plan = _then(engine, before)
    (told,) = bridge(
        history,
        Standpoint(model, plan, before.cutoff, **standing_of(engine, customer, before.cutoff)),
        Standpoint(engine.bundle, engine.plan, cutoff, **standing_of(engine, customer, cutoff)),
        language=language,
        level_names=engine.level_names,
    )
    return told


def standing_of(engine: Engine, customer: str, moment: int) -> dict[str, Any]:
    """What the ledger knew of a customer at a moment (µs UTC), as a standpoint takes it."""
    given = engine.ledger.overrides_at(moment, [customer])
    return {
        "overrides": {whose: each.tier for whose, each in given.items()},
        "previous": engine.ledger.previous(moment, [customer]),
    }


def _a_horizon_ago(engine: Engine, cutoff: int) -> Before:
    days = engine.bundle.horizons["lifetime_value"]
    plan = engine.plan.version if engine.plan else None
    return Before(add_days(cutoff, -days, engine.book.time_zone), engine.bundle.version, plan)


def _then(engine: Engine, before: Before) -> tuple[Bundle, Plan | None]:
    if before.model_version == engine.bundle.version:
        return engine.bundle, _plan(engine, before.plan_version)
    try:
        model = _model_at(shelf(engine.book.name, engine.home) / before.model_version)
        require_one_question(Standpoint(model, None, 0), Standpoint(engine.bundle, None, 0))
    except (BundleError, ServingError):
        return engine.bundle, engine.plan
    return model, _plan(engine, before.plan_version)


def _plan(engine: Engine, version: str | None) -> Plan | None:
    if version is None or (engine.plan and engine.plan.version == version):
        return engine.plan
    try:
        return _plan_at(engine.home / engine.book.name / "plans" / f"{version}.json")
    except PlanError:
        return engine.plan


@lru_cache(maxsize=4)
def _model_at(folder: Path) -> Bundle:
    return Bundle.load(folder)


@lru_cache(maxsize=64)
def _plan_at(file: Path) -> Plan:
    return load_plan(file)
