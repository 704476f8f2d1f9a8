"""The same server with an endpoint that does nothing: what answers are measured against."""

from collections.abc import Callable
from typing import Any

import bentoml
from starlette.responses import Response
from starlette.types import ASGIApp

from serving.engine import Engine
from serving.guard.guard import Guard, Limits
from serving.guard.routes import RECOMMENDATIONS
from serving.keys.gate import Gate
from serving.keys.keyring import Keyring
from serving.keys.rates import Rates
from serving.metrics import Metrics
from serving.readiness import Readiness
from serving.service import CONFIG


def empty_service(engine: Callable[[], Engine], host: str, limits: Limits) -> Any:
    """The guard, BentoML and its threads as for the book's service; the endpoint answers `{}` to whatever is sent."""
    metrics = Metrics()

    def gate() -> Gate:
        rates = Rates(limits.requests_per_minute) if limits.requests_per_minute else None
        return Gate(lambda: Keyring(engine().ledger.database), rates)

    class Guarded(bentoml.Service):  # type: ignore[misc]
        """As the book's service, in its guard."""

        def to_asgi(self, is_main: bool = True) -> ASGIApp:
            return Guard(Readiness(super().to_asgi(is_main), engine), metrics, limits, host, gate())

    @bentoml.service(name="empty", service_class=Guarded, **CONFIG)
    class Empty:
        """Nothing but the way there and back."""

        @bentoml.api(route=RECOMMENDATIONS)  # type: ignore[untyped-decorator]
        def nothing(self) -> Any:
            """`{}`."""
            return Response(b"{}", media_type="application/json")

    service: Any = Empty
    return service
