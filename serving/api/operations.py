"""Every documented operation: what it is asked, what it answers, and which refusals it knows."""

from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel

from serving.api import examples
from serving.api.asked import (
    AccountsAsked,
    CustomerAsked,
    EventsAsked,
    KeptAsked,
    OverrideAsked,
    WhatIfAsked,
)
from serving.caller import Scope
from serving.guard.routes import RECOMMENDATIONS
from serving.schema import RecommendationRequest

ALWAYS = ("405", "421", "500")
KEYED = ("401", "403", "429")
WORKING = ("503", "504")
SENT = ("400", "408", "413", "415", "422")


@dataclass(frozen=True)
class Operation:
    """One method of one path. `query` models what stands in the path and the query, `body` what is sent."""

    path: str
    method: str
    name: str
    summary: str
    description: str
    answer: str
    scope: Scope | None
    query: type[BaseModel] | None = None
    body: type[BaseModel] | None = None
    example: dict[str, Any] | None = None
    status: str = "200"
    media: str = "application/json"
    finds: bool = False

    @property
    def refusals(self) -> tuple[str, ...]:
        """The statuses of the problems that it may answer with."""
        if self.scope is None and self.media != "application/json":
            return (*ALWAYS, "503")
        if self.scope is None:
            return ALWAYS
        asked = ("400", "422") if self.query else SENT if self.body else ("400", "422")
        found = ("404",) if self.finds else ()
        return tuple(sorted({*ALWAYS, *KEYED, *WORKING, *asked, *found}))


OPERATIONS = (
    Operation(
        RECOMMENDATIONS,
        "post",
        "recommend",
        "Scores, reasons, tier and actions for 1 to 1,000 customers",
        "A customer given by id alone is looked up in the store; one given with events or a profile is scored on these "
        "alone, also where the id is known. Somebody unknown gets the book's averages and the code unknown_customer, "
        "never an error. Reasons add up: `base_value` and the contributions of all groups give the score, a group's "
        "features and its rest the group. The cutoff lies between the book's first event and the longest horizon after "
        "its last day with an event. Every recommendation is kept in the ledger before it is answered: its id is the "
        "first 32 hex digits of the SHA-256 of its JSON text. A key of an account manager is refused (403) customers "
        "of others.",
        "Answer",
        "score",
        body=RecommendationRequest,
        example=examples.RECOMMENDATION,
    ),
    Operation(
        "/v1/recommendations/{id}",
        "get",
        "kept",
        "A kept recommendation, byte for byte as it was answered",
        "Whatever model, plan or language it was made with. Its id is listed by `GET /v1/customers/{customer_id}`.",
        "Recommendation",
        "read",
        query=KeptAsked,
        finds=True,
    ),
    Operation(
        "/v1/customers",
        "get",
        "customers",
        "The accounts of the book as they were scored last, a page at a time",
        "As the last run of `python -m serving score` left them. An account manager's key sees their accounts alone.",
        "Accounts",
        "read",
        query=AccountsAsked,
    ),
    Operation(
        "/v1/customers/{customer_id}",
        "get",
        "customer",
        "One customer: recommendation, history, course, timeline, bridge, next steps and overrides",
        "The recommendation is made for this answer, at the cutoff, and is not kept. Money is in the book's currency, "
        "probabilities lie between 0 and 1, moments are local ISO times of the book.",
        "CustomerView",
        "read",
        query=CustomerAsked,
        finds=True,
    ),
    Operation(
        "/v1/what-if",
        "post",
        "what_if",
        "What the model would say, had some events followed",
        "Scores and tier at the cutoff, and at the same later moment with the events and without them, so that time "
        "passing is not credited to them. All of it is what it would be had the events been appended; nothing is "
        "stored. It is what the model would say, not what the events would bring about.",
        "WhatIf",
        "score",
        body=WhatIfAsked,
        example=examples.WHAT_IF,
    ),
    Operation(
        "/v1/policies",
        "get",
        "policies",
        "How tiers are assigned: the book's policy, what it learnt, and the other policies",
        "Cuts are in the unit of their input, prices in the book's currency.",
        "Policies",
        "read",
    ),
    Operation(
        "/v1/model",
        "get",
        "model",
        "Which model answers, what it learnt from and how good it was judged to be",
        "Horizons are in days.",
        "Model",
        "read",
    ),
    Operation(
        "/v1/events",
        "post",
        "append_events",
        "Append up to 10,000 events, all or none; the next answer uses them",
        "On disk before the answer. Customers may be new. An event that has not happened yet (more than a day after "
        "this machine's clock), or one beyond the furthest cutoff (`GET /v1/model`), is refused. Amounts are in the "
        "book's currency, negative for returns. A key of an account manager appends for their own customers alone.",
        "Appended",
        "write",
        body=EventsAsked,
        example=examples.EVENTS,
    ),
    Operation(
        "/v1/overrides",
        "post",
        "override",
        "Give a customer a tier by hand, for a reason and a time, or end that",
        "With `tier` and `until` (its last day) a tier is given, in force from the end of the book's last day on "
        "record, or of a later day `from`; with `withdraw` whatever is in force or to come ends. Nothing is edited or "
        "deleted.",
        "Decided",
        "write",
        body=OverrideAsked,
        example=examples.OVERRIDE,
        status="201",
    ),
    Operation("/openapi.json", "get", "openapi", "This document", "OpenAPI 3.1.", "Document", None),
    Operation(
        "/livez",
        "get",
        "livez",
        "Whether the process answers",
        "Asks nothing of the model.",
        "Text",
        None,
        media="text/plain",
    ),
    Operation(
        "/readyz",
        "get",
        "readyz",
        "Whether this process can answer and keep a recommendation now",
        "Tells the versions that answer, and why a later model was refused; 503 where nothing can be answered.",
        "Readiness",
        None,
    ),
    Operation(
        "/metrics",
        "get",
        "metrics",
        "Counts in Prometheus' text format",
        "No label names a customer.",
        "Text",
        "admin",
        media="text/plain",
    ),
)
