"""Everything that is served beside BentoML's own endpoint: the API, the documents about the service, the pages."""

from collections.abc import Callable

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from serving.api.app import api
from serving.api.examples import types_of
from serving.engine import Engine
from serving.metrics import Metrics
from serving.openapi import document
from serving.pages.app import pages


def site(engine: Callable[[], Engine], metrics: Metrics) -> Starlette:
    """One application to mount; whatever asks for the engine asks once a request."""

    async def openapi(_: Request) -> Response:
        return JSONResponse(document(types_of(engine().book)))

    async def counts(_: Request) -> Response:
        return Response(metrics.exposition(), media_type="text/plain; version=0.0.4; charset=utf-8")

    documents = [Route("/openapi.json", openapi), Route("/metrics", counts)]
    return Starlette(routes=[*api(engine).routes, *documents, *pages(engine).routes])
