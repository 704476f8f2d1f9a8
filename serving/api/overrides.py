"""`POST /v1/overrides`: a tier that a person gives, or the end of it, by the rules of the command `override`."""

import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from data.clock import isoformat
from serving.api.asked import OverrideAsked
from serving.api.customer import override_dict
from serving.api.owned import NOBODY, require_own
from serving.engine import Engine
from serving.errors import Fault, RequestError
from serving.ledger.asked import Asked
from serving.ledger.decide import give, take
from serving.ledger.override import Override
from serving.ledger.told import Given, Taken


def override(engine: Engine, asked: OverrideAsked) -> dict[str, Any]:
    """`decided`, with the clock of this machine as the moment of recording."""
    return decided(engine, asked, recorded=time.time_ns() // 1_000)


def decided(engine: Engine, asked: OverrideAsked, *, recorded: int) -> dict[str, Any]:
    """Records what was decided at `recorded` (µs UTC), and answers the overrides that were made and ended, those that
    give way, and all of it in sentences.

    Refused (403) for somebody else's customer; RequestError names every fault, and then nothing was recorded.
    """
    require_own(engine, {"customer_id": asked.customer_id})
    wanted = Asked(asked.customer_id, asked.by, asked.reason, asked.tier, asked.starts, asked.until)
    done = _done(engine, wanted, asked.withdraw, recorded)
    made, ended, others = _parts(done)
    return {
        "customer_id": asked.customer_id,
        "recorded": isoformat(recorded, engine.book.time_zone),
        "made": _told(engine, asked, made),
        "withdrawn": _told(engine, asked, ended),
        "gives_way": _told(engine, asked, others),
        "text": list(done.lines(asked.language or engine.book.language)),
    }


def _done(engine: Engine, wanted: Asked, withdraw: bool, recorded: int) -> Given | Taken:
    """What was recorded. What callers sent is not repeated in what they are told of faults."""
    try:
        if withdraw:
            return take(engine.store, engine.ledger, wanted, recorded=recorded)
        return give(engine, engine.ledger, wanted, recorded=recorded)
    except RequestError as error:
        raise RequestError(*(_discreet(fault, wanted) for fault in error.faults)) from error


def _discreet(fault: Fault, wanted: Asked) -> Fault:
    if fault.path == "customer_id":
        return replace(fault, message=NOBODY)
    message = fault.message.partition(", got ")[0].replace(f'of "{wanted.customer}" ', "")
    return replace(fault, message=message)


def _parts(done: Given | Taken) -> tuple[Sequence[Override], Sequence[Override], Sequence[Override]]:
    """What was made and what was ended, and what gives way."""
    if isinstance(done, Taken):
        return (), done.overrides, ()
    return (done.override,), (), done.others


def _told(engine: Engine, asked: OverrideAsked, some: Sequence[Override]) -> list[dict[str, Any]]:
    """The overrides as they stand now in the ledger, withdrawals included."""
    standing = {
        entry.override.id: entry for entry in engine.ledger.overrides_of(asked.customer_id, engine.latest_cutoff)
    }
    return [override_dict(standing[each.id], engine.book.time_zone) for each in some]
