"""`POST /v1/what-if`: what the model would say, had some events followed; nothing is stored."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any

from data.clock import end_of_day, instant_of, isoformat, local_date, moment_of
from data.errors import SourceError
from data.events import Event
from data.handover import Customer
from data.histories.histories import Histories
from data.histories.inline import encode_customers
from features.feature import Words
from serving.api.asked import CandidateEvent, WhatIfAsked
from serving.api.owned import require_unowned_by_others
from serving.bridge.account import Bridge
from serving.bridge.build import bridge
from serving.bridge.since import standing_of
from serving.bridge.standpoint import Standpoint
from serving.engine import Engine
from serving.errors import Fault, RequestError
from serving.faults import faults_of, faults_of_event
from serving.figures import Language, said
from serving.keys.rates import charge
from serving.recommendation import Recommendation

NOTE = Words(
    "This is what the model would say had these events happened, compared at the same later moment with and without "
    "them, so that time passing is not credited to them. It is no statement of what the events would bring about.",
    "此为假设这些事件已发生时模型的判断；在同一较晚时点上分别按有无这些事件计算，时间推移的影响不计入其中。"
    "这并不表示这些事件会导致何种结果。",
)


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What the model says at the cutoff (`now`), and `as_of` a later moment with the assumed events and without them;
    the bridge leads from now to the former."""

    now: Recommendation
    replayed: Recommendation
    without: Recommendation
    bridge: Bridge
    note: str

    def to_dict(self) -> dict[str, Any]:
        return {
            "customer_id": self.now.customer_id,
            "cutoff": self.now.cutoff,
            "as_of": self.replayed.cutoff,
            "now": _scores(self.now),
            "with": _scores(self.replayed),
            "without": _scores(self.without),
            "bridge": self.bridge.to_dict(),
            "note": self.note,
            "model_version": self.now.model_version,
            "plan_version": self.now.plan_version,
        }


def what_if(engine: Engine, asked: WhatIfAsked) -> dict[str, Any]:
    """The answer to what was asked. Refused (403) about somebody else's customer; RequestError that names every field
    at fault."""
    charge(1)
    who = asked.who
    require_unowned_by_others(engine, {"customer.customer_id" if asked.customer else "customer_id": who.customer_id})
    cutoff = engine.cutoff(asked.cutoff)
    assumed = [_assumed(each, who.customer_id, cutoff, engine) for each in asked.events]
    later = _as_of(engine, asked.as_of, cutoff, assumed)
    _require_usable(engine, asked, cutoff, later)
    return replay(engine, who, assumed, cutoff, later, asked.language or engine.book.language).to_dict()


def replay(engine: Engine, who: Customer, assumed: list[Event], cutoff: int, later: int, language: Language) -> WhatIf:
    """What the model says at `cutoff`, and at `later` (µs UTC) with the assumed events and without. All of it is what
    it would be had they been appended: the same encoding, features, models, plan, ledger and words."""
    without, followed = (_history(engine, who, events, cutoff) for events in ([], assumed))
    (now,) = engine.recommend(without, cutoff, engine.plan, language)
    (unchanged,) = engine.recommend(without, later, engine.plan, language)
    (replayed,) = engine.recommend(followed, later, engine.plan, language)
    ends = [
        Standpoint(engine.bundle, engine.plan, moment, **standing_of(engine, who.customer_id, moment))
        for moment in (cutoff, later)
    ]
    (told,) = bridge(followed, ends[0], ends[1], language=language, level_names=engine.level_names)
    return WhatIf(now, replayed, unchanged, told, said(NOTE, language))


def _history(engine: Engine, who: Customer, events: list[Event], cutoff: int) -> Histories:
    """The customer's history as known at the cutoff, with some more events after it."""
    if not who.is_inline:
        return engine.store.followed(who.customer_id, events, cutoff)
    try:
        brought = encode_customers([who.history], engine.book).known_by(cutoff)
        if not events:
            return brought
        kept = [each for each in who.events or () if _is_known(each.time, each.known_time, cutoff)]
        return encode_customers([(who.customer_id, [*kept, *events], who.profile or {})], engine.book)
    except SourceError as error:
        faults = [_of_the_customer(fault) for fault in faults_of([who], engine.book)]
        raise RequestError(*faults or [Fault("customer", str(error))]) from error


def _is_known(time: Any, known_time: Any, cutoff: int) -> bool:
    return instant_of(time) <= cutoff and instant_of(known_time or time) <= cutoff


def _of_the_customer(fault: Fault) -> Fault:
    return Fault(fault.path.replace("customers.0", "customer", 1), fault.message)


def _assumed(candidate: CandidateEvent, customer_id: str, cutoff: int, engine: Engine) -> Event:
    """The candidate as an event of the customer; without a time of its own right after the cutoff."""
    given = {each.name: getattr(candidate, each.name) for each in fields(candidate)}
    right_after = moment_of(cutoff, engine.book.time_zone) + timedelta(microseconds=1)
    return Event(customer_id, **{**given, "time": candidate.time or right_after})


def _as_of(engine: Engine, text: str | None, cutoff: int, assumed: list[Event]) -> int:
    """When the scores are compared (µs UTC): as asked, else at the end of the day of the last assumed event."""
    zone = engine.book.time_zone
    if text is None:
        last = max(instant_of(event.time) for event in assumed)
        return end_of_day(local_date(max(last, cutoff + 1), zone), zone) if last <= engine.furthest_cutoff + 1 else last
    try:
        later = engine.cutoff(text)
    except RequestError as error:
        raise RequestError(*(Fault("as_of", fault.message) for fault in error.faults)) from error
    if later <= cutoff:
        raise RequestError(Fault("as_of", f"lies not after the cutoff ({isoformat(cutoff, zone)}); choose a later one"))
    return later


def _require_usable(engine: Engine, asked: WhatIfAsked, cutoff: int, later: int) -> None:
    faults = list(_faults(engine, asked, cutoff, later))
    if faults:
        raise RequestError(*faults)


def _faults(engine: Engine, asked: WhatIfAsked, cutoff: int, later: int) -> Iterator[Fault]:
    zone = engine.book.time_zone
    furthest = engine.furthest_cutoff + 1  # a moment right after the last cutoff that is answered
    for number, candidate in enumerate(asked.events):
        path = f"events.{number}"
        event = _assumed(candidate, asked.who.customer_id, cutoff, engine)
        wrong = list(faults_of_event(path, event.customer_id, event, engine.book))
        yield from wrong
        if wrong:
            continue
        at = instant_of(event.time)
        if at <= cutoff:
            yield Fault(f"{path}.time", f"lies not after the cutoff ({isoformat(cutoff, zone)}); assume a later one")
        elif at > min(later, furthest):
            latest = isoformat(min(later, furthest), zone)
            yield Fault(f"{path}.time", f"lies after {latest}, when the scores are compared; assume an earlier one")


def _scores(said_then: Recommendation) -> dict[str, Any]:
    plain = said_then.to_dict()
    names = ("cutoff", "lifetime_value", "conversion", "churn", "tier", "degraded")
    return {name: plain[name] for name in names}
