"""One customer: the tier and how close to the next, the scores and how they came about, what to do, what happened."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from serving.api.asked import CustomerAsked
from serving.api.customer import view
from serving.degraded import sentence
from serving.errors import RequestError
from serving.figures import money
from serving.ledger.asked import Asked
from serving.ledger.decide import give, take
from serving.pages import kept
from serving.pages.change import changes
from serving.pages.frame import Frame
from serving.pages.scores import MONTHS, chances, facts, scores
from serving.pages.words import WORDS
from serving.tiers.ladder import TIERS
from serving.tiers.moves import REVIEW_DAYS

ENTRIES = 30
"""Of the timeline on one page."""

FIELDS = ("tier", "until", "by", "reason")
"""Of the form that sets a tier by hand."""


FAULTS = {"until": "wrong_day", "from": "wrong_day", "by": "wrong_text", "reason": "wrong_text"}
"""What to say of a wrong field."""


def page(frame: Frame, request: Request, form: Mapping[str, str] | None = None, faults: Sequence[str] = ()) -> Response:
    """The customer; `form` is what was filled in, where `faults` keep it from being recorded."""
    engine, language, customer = frame.engine, frame.language, frame.customer(request)
    if not frame.seen([customer]):
        return frame.page("unknown.html", 404, here="customers", customer_id=customer)
    seen = view(engine, CustomerAsked(customer_id=customer, language=language, events=ENTRIES, before=_before(frame)))
    history, answer = engine.store.histories([customer]), seen.recommendation
    return frame.page(
        "customer.html",
        422 if faults else 200,
        here="customers",
        answer=answer,
        name=engine.names_of(history)[0],
        owner=seen.owner,
        facts=list(facts(engine, history, language)),
        scores=scores(answer, seen.course, language),
        chances=chances(answer),
        review_days=REVIEW_DAYS,
        months=MONTHS,
        changes=changes(seen.bridge, language) if seen.bridge else None,
        ways=seen.next_steps,
        notes=[sentence(code, language) for code in answer.degraded],
        timeline=seen.timeline,
        kept=kept.rows(engine, seen.history, language),
        tiers=TIERS,
        first_day=_first_day(frame),
        done=frame.query.get("done"),
        given={**dict.fromkeys(FIELDS, ""), **(form or {})},
        faults=faults,
        coin=lambda value: money(value, engine.bundle.currency, language),
    )


def override(frame: Frame, request: Request, form: Mapping[str, str]) -> Response:
    """Sets the tier by hand, and shows the customer with it, or with what was wrong."""
    asked = Asked(
        frame.customer(request), form.get("by", ""), form.get("reason", ""), form.get("tier"), None, form.get("until")
    )
    return _decided(frame, request, form, asked, "saved")


def withdraw(frame: Frame, request: Request, form: Mapping[str, str]) -> Response:
    """Ends what was set by hand."""
    asked = Asked(frame.customer(request), form.get("by", ""), form.get("reason", ""))
    return _decided(frame, request, form, asked, "withdrawn")


def _decided(frame: Frame, request: Request, form: Mapping[str, str], asked: Asked, done: str) -> Response:
    engine, recorded = frame.engine, time.time_ns() // 1_000
    if not frame.seen([asked.customer]):
        return page(frame, request)
    try:
        if done == "saved":
            give(engine, engine.ledger, asked, recorded=recorded)
        else:
            take(engine.store, engine.ledger, asked, recorded=recorded)
    except RequestError as error:
        standing = replace(frame, path=frame.path_of(asked.customer))  # a form's own address cannot be opened
        return page(standing, request, form, [_told(frame, fault.path, fault.message) for fault in error.faults])
    return RedirectResponse(f"{frame.path_of(asked.customer)}?done={done}", 303)


def _told(frame: Frame, field: str, message: str) -> str:
    """A fault with the label of its field; in Chinese in words of the page, as those of the ledger are English."""
    names = {"by": "by_whom", "customer_id": "customer", "from": "until"}
    label = names.get(field, field)
    if frame.language == "zh" and field in FAULTS:
        message = frame.say(FAULTS[field], first=_first_day(frame))
    return f"{frame.say(label)}: {message}" if label in WORDS else message


def _first_day(frame: Frame) -> str:
    """The first day (ISO) until which a tier can be set: the one after the last on record."""
    return str(date.fromisoformat(frame.day(frame.engine.latest_cutoff)) + timedelta(days=1))


def _before(frame: Frame) -> int | None:
    """The place of the timeline before which to go on."""
    given = frame.query.get("before", "")
    return (int(given) or None) if given.isdecimal() and len(given) < 8 else None
