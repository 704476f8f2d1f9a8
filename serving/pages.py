"""The pages and documents that the service shows beside its answers."""

from collections.abc import Callable
from html import escape
from importlib.resources import files

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from data.clock import isoformat
from serving.engine import Engine
from serving.guard import RECOMMENDATIONS
from serving.metrics import Metrics
from serving.openapi import document

INDEX = files("serving").joinpath("templates", "index.html")


def pages(engine: Callable[[], Engine], metrics: Metrics) -> Starlette:
    """The index, the OpenAPI document and the metrics, as an application to mount."""

    async def index(request: Request) -> Response:
        return HTMLResponse(index_page(engine(), str(request.base_url).rstrip("/")))

    async def openapi(_: Request) -> Response:
        return JSONResponse(document())

    async def counts(_: Request) -> Response:
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    return Starlette(routes=[Route("/", index), Route("/openapi.json", openapi), Route("/metrics", counts)])


def index_page(engine: Engine, url: str) -> str:
    """What runs here, and how to ask it."""
    plan = engine.plan
    shown = {
        "title": engine.book.title or engine.book.name,
        "book": engine.book.name,
        "model": engine.bundle.version,
        "plan": plan.version if plan else "none yet: run python -m serving score, then restart the server",
        "trained": isoformat(engine.bundle.cutoff, engine.book.time_zone),
        "cutoff": isoformat(engine.latest_cutoff, engine.book.time_zone),
        "customers": f"{engine.store.manifest.totals.customers:,}",
        "conversion": f"{', '.join(engine.conversion_types)} within {engine.bundle.horizons['conversion']} days",
        "curl": (
            f"curl -s {url}{RECOMMENDATIONS} -H 'content-type: application/json' \\\n"
            f'  -d \'{{"customers": [{{"customer_id": "{engine.somebody}"}}]}}\''
        ),
    }
    template = INDEX.read_text(encoding="utf-8")
    for name, value in shown.items():
        template = template.replace(f"{{{{ {name} }}}}", escape(value))
    return template
