"""The pages as an application to mount; every page is a function of a frame and a request."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from serving.engine import Engine
from serving.pages import book, customer, listing, model, signing, today
from serving.pages.environment import files
from serving.pages.frame import Frame

Page = Callable[[Frame, Request], Response]
Form = Callable[[Frame, Request, Mapping[str, str]], Response]
Answered = Callable[[Request], Any]


def pages(engine: Callable[[], Engine]) -> Starlette:
    """The account managers' pages and their files, of the book that `engine` holds at the moment of a request."""

    def shown(page: Page) -> Answered:
        async def answered(request: Request) -> Response:
            return await run_in_threadpool(lambda: page(Frame.of(request, engine()), request))

        return answered

    def sent(form: Form) -> Answered:
        async def answered(request: Request) -> Response:
            given = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
            return await run_in_threadpool(lambda: form(Frame.of(request, engine()), request, given))

        return answered

    override = "/customers/{customer_id}/override"
    return Starlette(
        routes=[
            Route("/", shown(today.page)),
            Route("/customers", shown(listing.page)),
            Route("/customers/{customer_id}", shown(customer.page)),
            Route("/book", shown(book.page)),
            Route("/model", shown(model.page)),
            Route(override, sent(customer.override), methods=["POST"]),
            Route(f"{override}/withdraw", sent(customer.withdraw), methods=["POST"]),
            Route("/sign-in", shown(signing.page)),
            Route("/sign-in", sent(signing.sign_in), methods=["POST"]),
            Route("/sign-out", sent(signing.sign_out), methods=["POST"]),
            Route("/static/{file}", _file),
        ]
    )


async def _file(request: Request) -> Response:
    """A file that pages use."""
    file = files().get(request.path_params["file"])
    return FileResponse(file) if file else Response(status_code=404)
