"""From a request to an answer and back: strict queries and bodies, work in threads, refusals with field paths."""

import functools
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from anyio import CapacityLimiter, to_thread
from pydantic import BaseModel, ValidationError
from starlette.requests import Request
from starlette.responses import Response

from serving.engine import Engine
from serving.errors import Fault, RequestError, shown_name
from serving.guard.problem import of_faults, of_validation
from serving.guard.refusal import Refusal
from serving.guard.routes import decoded
from serving.guard.sentences import UNKNOWN_FIELD
from serving.recommendation import to_json

THREADS = 4
"""(ours) Requests that are worked on at the same time in one process."""

JSON = "application/json"
Asked = TypeVar("Asked", bound=BaseModel)
Endpoint = Callable[[Request], Awaitable[Response]]
Answer = Callable[[Engine, Asked], Any]
"""What is answered to what was asked: plain values, or a text that is JSON already."""


def reading(engine: Callable[[], Engine], answer: Answer[Asked], model: type[Asked]) -> Endpoint:
    """An endpoint that is asked by its path and its query; unknown and repeated parameters are refused."""
    limiter = CapacityLimiter(THREADS)

    async def endpoint(request: Request) -> Response:
        def work() -> Response:
            return _json(answer(engine(), _query_of(request, model)), 200)

        return await to_thread.run_sync(functools.partial(_answered, work), limiter=limiter)

    return endpoint


def writing(engine: Callable[[], Engine], answer: Answer[Asked], model: type[Asked], *, status: int = 200) -> Endpoint:
    """An endpoint that is asked by a JSON body alone."""
    limiter = CapacityLimiter(THREADS)

    async def endpoint(request: Request) -> Response:
        body = await request.body()

        def work() -> Response:
            _require_no_query(request)
            return _json(answer(engine(), model.model_validate_json(body)), status)

        return await to_thread.run_sync(functools.partial(_answered, work), limiter=limiter)

    return endpoint


def _answered(work: Callable[[], Response]) -> Response:
    try:
        return work()
    except Refusal as refusal:
        return refusal.response()
    except ValidationError as error:
        return of_validation(error.errors(include_url=False, include_context=False, include_input=False)).response()
    except RequestError as error:
        return of_faults(error.faults).response()


def _query_of(request: Request, model: type[Asked]) -> Asked:
    given = request.query_params.multi_items()
    names = [name for name, _ in given]
    repeated = [
        Fault(shown_name(name), "is given more than once") for name in dict.fromkeys(names) if names.count(name) > 1
    ]
    reserved = [Fault(name, UNKNOWN_FIELD) for name in names if name in request.path_params]
    if repeated or reserved:
        raise RequestError(*repeated, *reserved)
    in_the_path = {name: decoded(part) for name, part in request.path_params.items()}
    return model.model_validate_strings({**dict(given), **in_the_path})


def _require_no_query(request: Request) -> None:
    if request.query_params:
        raise RequestError(*(Fault(shown_name(name), UNKNOWN_FIELD) for name in request.query_params))


def _json(answer: Any, status: int) -> Response:
    return Response(answer if isinstance(answer, str) else to_json(answer), status, media_type=JSON)
