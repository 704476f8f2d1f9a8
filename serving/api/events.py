"""`POST /v1/events`: events that callers append to the book; the very next answer uses them."""

import time
from collections.abc import Iterator
from dataclasses import fields
from typing import Any

from data.clock import DAY, instant_of, isoformat
from data.errors import SourceError
from data.events import Event
from data.store.inbox import Appended
from serving.api.asked import AppendedEvent, EventsAsked
from serving.api.owned import require_own
from serving.engine import Engine
from serving.errors import Fault, RequestError
from serving.faults import faults_of_event

FORGOTTEN = "was forgotten, and nothing of a forgotten customer is kept; somebody who comes back needs a new id"


def append(engine: Engine, asked: EventsAsked) -> dict[str, Any]:
    """`appended`, with the clock of this machine as the moment of recording."""
    return appended(engine, asked, recorded=time.time_ns() // 1_000)


def appended(engine: Engine, asked: EventsAsked, *, recorded: int) -> dict[str, Any]:
    """Appends the events, all or none (`recorded` at µs UTC); once this returns they survive a crash.

    Refused (403) for customers of somebody else. RequestError for what is unusable, and for an event that has not
    happened yet: one dated more than a day (clocks differ) after `recorded`. One dated beyond `furthest_cutoff` is
    refused too: it would move the book's last day to where no model can tell anything; and so is one of a customer
    who was forgotten.
    """
    require_own(engine, {f"events.{place}.customer_id": event.customer_id for place, event in enumerate(asked.events)})
    latest = min(recorded + DAY, engine.furthest_cutoff)
    faults = [fault for place, event in enumerate(asked.events) for fault in _faults(place, event, latest, engine)]
    faults += _of_forgotten(engine, asked)
    if faults:
        raise RequestError(*faults)
    done = _kept(engine, asked)
    return {
        "kept": done.kept,
        "known": done.known,
        "latest_cutoff": isoformat(engine.latest_cutoff, engine.book.time_zone),
    }


def _kept(engine: Engine, asked: EventsAsked) -> Appended:
    """What became of the events. Somebody may have been forgotten since they were looked at: the inbox, which looks
    once more while nobody else writes, then refuses them."""
    try:
        return engine.store.inbox.append([_event(event) for event in asked.events])
    except SourceError:
        faults = _of_forgotten(engine, asked)
        if not faults:
            raise
        raise RequestError(*faults) from None


def _faults(place: int, event: AppendedEvent, latest: int, engine: Engine) -> Iterator[Fault]:
    path = f"events.{place}"
    wrong = list(faults_of_event(path, event.customer_id, event, engine.book))
    yield from wrong
    if not wrong and instant_of(event.time) > latest:
        furthest = isoformat(latest, engine.book.time_zone)
        yield Fault(
            f"{path}.time",
            f"lies after {furthest}; append an event once it has happened, and read a book whose records ended long "
            "ago from its sources",
        )


def _of_forgotten(engine: Engine, asked: EventsAsked) -> list[Fault]:
    gone = engine.store.tombstones.among({event.customer_id for event in asked.events})
    return [
        Fault(f"events.{place}.customer_id", FORGOTTEN)
        for place, event in enumerate(asked.events)
        if event.customer_id in gone
    ]


def _event(given: AppendedEvent) -> Event:
    return Event(**{each.name: getattr(given, each.name) for each in fields(given)})
