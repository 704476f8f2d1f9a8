"""The BentoML service: `recommend()` behind HTTP, with the guard around it.

`python -m serving serve BOOK` runs it; `bentoml serve serving.service:tierwise` does too, for the book that
TIERWISE_BOOK names (a shipped book, or the path of a TOML file). TIERWISE_HOST is one more name that callers
may reach it by; without it, only those of this machine.
"""

import gc
import os
from collections.abc import Callable
from typing import Any

os.environ.setdefault("BENTOML_DO_NOT_TRACK", "true")

import bentoml
from starlette.responses import Response
from starlette.types import ASGIApp

from serving.api.recommendations import recommended
from serving.degraded import REASONS_INEXACT
from serving.engine import Engine
from serving.errors import RequestError
from serving.guard.guard import Guard, Limits
from serving.guard.problem import of_faults
from serving.guard.refusal import Refusal
from serving.guard.routes import RECOMMENDATIONS
from serving.keys.gate import Gate
from serving.keys.keyring import Keyring
from serving.keys.rates import Rates, charge
from serving.live import Live
from serving.logs import discreet
from serving.metrics import Metrics
from serving.readiness import Readiness
from serving.schema import RecommendationRequest
from serving.site import site

THREADS = 2

CONFIG: dict[str, Any] = {
    "workers": 1,
    "threads": THREADS,
    "http": {"host": "127.0.0.1", "port": 3000},
    "metrics": {"enabled": False},  # the guard counts, with bounded labels
    "logging": {"access": {"enabled": False}},
    "envs": [{"name": "BENTOML_DO_NOT_TRACK", "value": "true"}],
}


def service_for(engine: Callable[[], Engine], host: str = "127.0.0.1", limits: Limits | None = None) -> Any:
    """The guarded service of one book. `engine` gives the engine that answers now; every request asks for it once.
    `host` is a name or an address that callers reach it by, beside those of this machine."""
    metrics = Metrics()
    within = limits or Limits()

    def gate() -> Gate:
        rates = Rates(within.requests_per_minute) if within.requests_per_minute else None
        return Gate(lambda: Keyring(engine().ledger.database), rates)

    class Guarded(bentoml.Service):  # type: ignore[misc]
        """A service that no request reaches but through the guard, whichever server runs it."""

        def to_asgi(self, is_main: bool = True) -> ASGIApp:
            return Guard(Readiness(super().to_asgi(is_main), engine), metrics, within, host, gate())

    @bentoml.service(name="tierwise", service_class=Guarded, **CONFIG)
    class Tierwise:
        """Customer lifetime value, conversion and churn with reasons, a tier and what to do."""

        def __init__(self) -> None:
            engine()
            gc.collect()
            gc.freeze()  # what was loaded stays; looking through it again would halt every answer for 0.1 s

        @bentoml.api(route=RECOMMENDATIONS)  # type: ignore[untyped-decorator]
        def recommend(self, request: RecommendationRequest, /) -> Any:
            """Scores, reasons, tier and actions for 1 to 1,000 customers."""
            return answer(engine(), request, metrics)

    service: Any = Tierwise
    service.mount_asgi_app(site(engine, metrics), path="/", name="site")
    return service


def answer(engine: Engine, request: RecommendationRequest, metrics: Metrics) -> Response:
    """The HTTP answer to one request; a refusal is a problem, which the guard passes on."""
    try:
        charge(len(request.customers))
        recommendations, body = recommended(engine, request)
    except Refusal as refusal:
        return refusal.response()
    except RequestError as error:
        return of_faults(error.faults).response()
    explained = [recommendation for recommendation in recommendations if recommendation.breakdowns]
    off = sum(REASONS_INEXACT.code in recommendation.degraded for recommendation in explained)
    metrics.explained(exact=len(explained) - off, off=off)
    return Response(body, media_type="application/json")


discreet("bentoml._internal.server.http_app")

tierwise = service_for(Live(), os.environ.get("TIERWISE_HOST", "127.0.0.1"))
