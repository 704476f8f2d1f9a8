"""The endpoints of the API as an application to mount; `POST /v1/recommendations` is BentoML's own."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.routing import Route

from serving.api.asked import (
    AccountsAsked,
    CustomerAsked,
    EventsAsked,
    KeptAsked,
    NothingAsked,
    OverrideAsked,
    WhatIfAsked,
)
from serving.api.customer import customer
from serving.api.customers import customers
from serving.api.endpoint import reading, writing
from serving.api.events import append
from serving.api.kept import kept
from serving.api.model import model
from serving.api.overrides import override
from serving.api.policies import policies
from serving.api.what_if import what_if
from serving.engine import Engine


def api(engine: Callable[[], Engine]) -> Starlette:
    """All endpoints; each asks for the engine once a request."""
    return Starlette(
        routes=[
            Route("/v1/recommendations/{id}", reading(engine, kept, KeptAsked)),
            Route("/v1/customers", reading(engine, customers, AccountsAsked)),
            Route("/v1/customers/{customer_id}", reading(engine, customer, CustomerAsked)),
            Route("/v1/policies", reading(engine, policies, NothingAsked)),
            Route("/v1/model", reading(engine, model, NothingAsked)),
            Route("/v1/what-if", writing(engine, what_if, WhatIfAsked), methods=["POST"]),
            Route("/v1/events", writing(engine, append, EventsAsked), methods=["POST"]),
            Route("/v1/overrides", writing(engine, override, OverrideAsked, status=201), methods=["POST"]),
        ]
    )
