"""The BentoML service: `recommend()` behind HTTP, with the guard around it.

`python -m serving serve BOOK` runs it; `bentoml serve serving.service:tierwise` does too, for the book that
TIERWISE_BOOK names (a shipped book, or the path of a TOML file). TIERWISE_HOST is one more name that callers
may reach it by; without it, only those of this machine.
"""

import functools
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("BENTOML_DO_NOT_TRACK", "true")

import bentoml
from starlette.responses import Response
from starlette.types import ASGIApp

from serving.degraded import REASONS_INEXACT
from serving.engine import Engine
from serving.errors import RequestError, ServingError
from serving.guard import RECOMMENDATIONS, Guard
from serving.logs import discreet
from serving.metrics import Metrics
from serving.pages import pages
from serving.recommendation import to_json
from serving.schema import RecommendationRequest

THREADS = 2

CONFIG: dict[str, Any] = {
    "workers": 1,
    "threads": THREADS,
    "http": {"host": "127.0.0.1", "port": 3000},
    "metrics": {"enabled": False},  # the guard counts, with bounded labels
    "logging": {"access": {"enabled": False}},
    "envs": [{"name": "BENTOML_DO_NOT_TRACK", "value": "true"}],
}


def service_for(open_engine: Callable[[], Engine], host: str = "127.0.0.1") -> Any:
    """The guarded service of one book; the engine is opened when the service starts. `host` is a name or an
    address that callers reach it by, beside those of this machine."""
    engine = functools.cache(open_engine)
    metrics = Metrics()

    class Guarded(bentoml.Service):  # type: ignore[misc]
        """A service that no request reaches but through the guard, whichever server runs it."""

        def to_asgi(self, is_main: bool = True) -> ASGIApp:
            return Guard(super().to_asgi(is_main), metrics, host=host)

    @bentoml.service(name="tierwise", service_class=Guarded, **CONFIG)
    class Tierwise:
        """Customer lifetime value, conversion and churn with reasons, a tier and what to do."""

        def __init__(self) -> None:
            self.engine = engine()

        @bentoml.api(route=RECOMMENDATIONS)  # type: ignore[untyped-decorator]
        def recommend(self, request: RecommendationRequest, /) -> Any:
            """Scores, reasons, tier and actions for 1 to 1,000 customers."""
            return answer(self.engine, request, metrics)

        def __is_ready__(self) -> bool:
            return self.engine.is_ready()

    service: Any = Tierwise
    service.mount_asgi_app(pages(engine, metrics), path="/", name="pages")
    return service


def answer(engine: Engine, request: RecommendationRequest, metrics: Metrics) -> Response:
    """The HTTP answer to one request; a refusal has the form of BentoML's own, which the guard rewrites."""
    try:
        recommendations = engine.answer(request)
    except RequestError as error:
        errors = [{"type": "value_error", "loc": [fault.path], "msg": fault.message} for fault in error.faults]
        return Response(to_json({"detail": errors}), 422, media_type="application/json")
    explained = [recommendation for recommendation in recommendations if recommendation.breakdowns]
    off = sum(REASONS_INEXACT.code in recommendation.degraded for recommendation in explained)
    metrics.explained(exact=len(explained) - off, off=off)
    return Response(
        to_json({"recommendations": [recommendation.to_dict() for recommendation in recommendations]}),
        media_type="application/json",
    )


def engine_from_environment() -> Engine:
    """The engine of the book that TIERWISE_BOOK names."""
    book = os.environ.get("TIERWISE_BOOK")
    if not book:
        raise ServingError("set TIERWISE_BOOK to a shipped book or the path of a TOML file")
    return Engine.open(book)


discreet("bentoml._internal.server.http_app")

tierwise = service_for(engine_from_environment, os.environ.get("TIERWISE_HOST", "127.0.0.1"))
