"""`GET /v1/customers/{customer_id}`: everything about one customer, as of a cutoff."""

from dataclasses import dataclass
from typing import Any

from data.clock import isoformat
from data.histories.histories import Histories
from serving.api.asked import CustomerAsked
from serving.api.owned import no_such_customer, require_visible
from serving.bridge.account import Bridge
from serving.bridge.since import Before, bridge_since
from serving.course import Moment, course
from serving.engine import Engine
from serving.figures import Language
from serving.keys.rates import charge
from serving.ledger.entry import Entry
from serving.ledger.kept import Kept
from serving.next_steps.answer import NextSteps
from serving.next_steps.find import next_steps
from serving.recommendation import Recommendation
from serving.timeline import Timeline, timeline

MOST_KEPT = 24
"""Kept recommendations that are listed."""

KEPT_FIELDS = ("tier", "lifetime_value", "conversion", "churn", "language", "model_version", "plan_version")


@dataclass(frozen=True)
class View:
    """What is known of one customer at a cutoff: bridge and next steps are None where nothing was on record by then."""

    owner: str | None
    recommendation: Recommendation
    history: tuple[Kept, ...]
    course: tuple[Moment, ...]
    timeline: Timeline
    bridge: Bridge | None
    next_steps: NextSteps | None
    overrides: tuple[Entry, ...]
    time_zone: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.recommendation.customer_id,
            "owner": self.owner,
            "recommendation": self.recommendation.to_dict(),
            "history": [_kept_dict(kept, self.time_zone) for kept in self.history],
            "course": [moment.to_dict() for moment in self.course],
            "timeline": self.timeline.to_dict(),
            "bridge": self.bridge.to_dict() if self.bridge else None,
            "next_steps": self.next_steps.to_dict() if self.next_steps else None,
            "overrides": [override_dict(entry, self.time_zone) for entry in self.overrides],
        }


def customer(engine: Engine, asked: CustomerAsked) -> dict[str, Any]:
    """The view of a customer on record. Refused (404) for anybody else; RequestError for a cutoff that is none."""
    charge(1)
    require_visible(engine, asked.customer_id)
    return view(engine, asked).to_dict()


def view(engine: Engine, asked: CustomerAsked) -> View:
    """The view of a stored customer. Refused (404) for one who was forgotten since somebody looked."""
    cutoff = engine.cutoff(asked.cutoff)
    language = asked.language or engine.book.language
    history = engine.store.histories([asked.customer_id])
    if not len(history):
        raise no_such_customer()
    (recommendation,) = engine.recommend(history, cutoff, engine.plan, language)
    (moments,) = course(history, cutoff, engine.bundle, engine.plan)
    known = history.known_by(cutoff).events > 0
    kept = engine.ledger.kept_of(asked.customer_id, MOST_KEPT)
    return View(
        owner=engine.owners_of(history)[0],
        recommendation=recommendation,
        history=tuple(kept),
        course=moments,
        timeline=timeline(
            engine.store.events(asked.customer_id),
            cutoff,
            engine.book,
            most=asked.events,
            before=asked.before,
            language=language,
        ),
        bridge=bridge_since(engine, history, cutoff, [_before(each) for each in kept], language) if known else None,
        next_steps=_next(engine, history, cutoff, language) if known else None,
        overrides=tuple(engine.ledger.overrides_of(asked.customer_id, cutoff)),
        time_zone=engine.book.time_zone,
    )


def override_dict(entry: Entry, time_zone: str) -> dict[str, Any]:
    """An override with its state and its end, as plain values; moments are local ISO times."""
    one, end = entry.override, entry.withdrawal
    return {
        "id": one.id,
        "customer_id": one.customer_id,
        "tier": one.tier,
        "by": one.by,
        "reason": one.reason,
        "from": isoformat(one.starts, time_zone),
        "until": isoformat(one.expires - 1, time_zone),
        "recorded": isoformat(one.recorded, time_zone),
        "state": entry.state,
        "withdrawn": end and {"by": end.by, "reason": end.reason, "as_of": isoformat(end.ends, time_zone)},
        "models_then": {
            "lifetime_value": one.value_then,
            "churn": one.churn_then,
            "tier": one.tier_then,
            "model_version": one.model_version,
        },
    }


def _kept_dict(kept: Kept, time_zone: str) -> dict[str, Any]:
    """A kept recommendation in short."""
    plain = {name: getattr(kept, name) for name in KEPT_FIELDS}
    moments = {"cutoff": kept.cutoff, "recorded": kept.recorded}
    return {"id": kept.id, **{name: isoformat(at, time_zone) for name, at in moments.items()}, **plain}


def _before(kept: Kept) -> Before:
    return Before(kept.cutoff, kept.model_version, kept.plan_version)


def _next(engine: Engine, history: Histories, cutoff: int, language: Language) -> NextSteps:
    return next_steps(
        history,
        cutoff,
        engine.bundle,
        engine.plan,
        engine.book,
        engine.practices.at(cutoff),
        playbook=engine.playbook,
        language=language,
    )
