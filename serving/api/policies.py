"""`GET /v1/policies`: how the book's tiers are assigned, and the other policies that could."""

from collections.abc import Mapping
from typing import Any

from data.settings.tiers.section import Tiers
from features.feature import Words
from features.spec import FeatureSpec
from serving.api.asked import NothingAsked
from serving.engine import Engine
from serving.errors import PlanError
from serving.tiers.inputs import Input
from serving.tiers.policies import POLICIES, Policy, policy_of

DIRECTIONS = {True: "higher_is_better", False: "lower_is_better"}


def policies(engine: Engine, _: NothingAsked) -> dict[str, Any]:
    """The policy in force with its settings and what it learnt, and all that are shipped."""
    tiers, spec, horizon = engine.book.tiers, engine.bundle.spec, engine.bundle.horizons["lifetime_value"]
    return {
        "book": engine.book.name,
        "current": {
            "name": tiers.policy,
            "title": _both(policy_of(tiers.policy).title),
            "settings": getattr(tiers, tiers.policy).model_dump(mode="json"),
            "stability": tiers.stability.model_dump(mode="json"),
            "plan": _plan(engine, horizon),
        },
        "policies": [_shipped(policy, tiers, spec, horizon) for policy in POLICIES],
    }


def _plan(engine: Engine, horizon: int) -> dict[str, Any] | None:
    """What the policy learnt from the book; None where it was never scored."""
    plan = engine.plan
    if plan is None:
        return None
    return {
        "version": plan.version,
        "policy": plan.policy,
        "model_version": plan.model_version,
        "cutoff": engine.local(plan.cutoff),
        "currency": plan.currency,
        "horizon_days": plan.horizon_days,
        "customers": plan.customers,
        "counts": dict(plan.counts),
        "inputs": [_input(each, horizon) for each in plan.rule.inputs],
        "learnt": dict(plan.learnt),
    }


def _shipped(policy: Policy, tiers: Tiers, spec: FeatureSpec, horizon: int) -> dict[str, Any]:
    return {
        "name": policy.name,
        "title": _both(policy.title),
        "inputs": [_input(each, horizon) for each in policy.looks_at],
        "also_reads": _more(policy, tiers, spec),
    }


def _more(policy: Policy, tiers: Tiers, spec: FeatureSpec) -> list[str]:
    """The columns that the book's settings add to the inputs; none where they name one that the book does not have."""
    named = {each.name for each in policy.looks_at}
    try:
        return [column for column in policy.columns(tiers, spec) if column not in named]
    except PlanError:
        return []


def _input(given: Input, horizon: int) -> dict[str, Any]:
    title = {language: text.replace("{days}", str(horizon)) for language, text in _both(given.words).items()}
    return {"name": given.name, "title": title, "unit": given.unit, "direction": DIRECTIONS[given.rises]}


def _both(words: Words) -> Mapping[str, str]:
    return {"en": words.en, "zh": words.zh}
