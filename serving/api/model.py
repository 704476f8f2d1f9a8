"""`GET /v1/model`: which model answers, what it learnt from, and how good it was judged to be."""

from typing import Any

from serving.api.asked import NothingAsked
from serving.circumstances import circumstances
from serving.engine import Engine


def model(engine: Engine, _: NothingAsked) -> dict[str, Any]:
    """The model in force, its data window and its card."""
    bundle, book, totals = engine.bundle, engine.book, engine.store.manifest.totals
    return {
        "book": book.name,
        "title": book.title or book.name,
        "version": bundle.version,
        "plan_version": engine.plan.version if engine.plan else None,
        "playbook_version": engine.playbook.version,
        "policy": book.tiers.policy,
        "currency": bundle.currency,
        "time_zone": book.time_zone,
        "data": {
            "first_event": engine.local(engine.store.first_time),
            "trained_until": engine.local(bundle.cutoff),
            "last_cutoff": engine.local(engine.latest_cutoff),
            "furthest_cutoff": engine.local(engine.furthest_cutoff),
            "customers": totals.customers,
            "events": totals.events,
        },
        "horizons": {target: _horizons(engine, target) for target in bundle.horizons},
        "conversion_types": list(engine.conversion_types),
        "features": len(bundle.spec.names),
        "mixed": {target: dict(choice) for target, choice in bundle.choices.items() if isinstance(choice, dict)},
        "degraded": list(circumstances(engine.latest_cutoff, bundle, engine.plan, engine.latest_cutoff)),
        "card": engine.card.model_dump(mode="json") if engine.card else None,
    }


def _horizons(engine: Engine, target: str) -> dict[str, Any]:
    main = engine.bundle.horizons[target]
    return {"main_days": main, "days": sorted({main, *engine.bundle.asked.get(target, ())})}
