"""Refusals as `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.responses import Response

from serving.errors import Fault, shown_name
from serving.guard.sentences import sentence_of

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 20


@dataclass(frozen=True)
class Problem:
    """Why a request got no answer; `faults` name its fields, of which MOST_FAULTS are shown."""

    status: int
    detail: str
    faults: Sequence[Fault] = ()

    def body(self, request_id: str) -> bytes:
        """The problem as JSON."""
        plain: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail + self._left_out(),
            "request_id": request_id,
        }
        if self.faults:
            shown = self.faults[:MOST_FAULTS]
            plain["errors"] = [{"path": fault.path, "message": fault.message} for fault in shown]
        return json.dumps(plain, ensure_ascii=False).encode()

    def response(self, headers: Mapping[str, str] | None = None) -> Response:
        """The problem as an endpoint's answer; the guard adds the request's id."""
        return Response(self.body(""), self.status, headers, MEDIA_TYPE)

    def _left_out(self) -> str:
        more = len(self.faults) - MOST_FAULTS
        return f"; {more:,} more faults are not shown" if more > 0 else ""


def of_problem(status: int, plain: Mapping[str, Any]) -> Problem:
    """The problem that an endpoint answered with, from its JSON."""
    faults = [Fault(error["path"], error["message"]) for error in plain.get("errors", ())]
    return Problem(status, plain["detail"], faults)


def of_validation(errors: Sequence[Any]) -> Problem:
    """The problem of a body that pydantic refused; `errors` are its error objects, without the input."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(400, "the body is not JSON", [Fault("", sentence_of(error)) for error in errors])
    return of_faults(faults_of_validation(errors))


def of_faults(faults: Sequence[Fault]) -> Problem:
    """The problem of a request whose fields are at fault."""
    return Problem(422, "the request can be read, but not answered; `errors` says what is wrong where", faults)


def faults_of_validation(errors: Sequence[Any]) -> list[Fault]:
    """The fields at fault in the error objects of pydantic."""
    return [Fault(".".join(map(shown_name, error["loc"])), sentence_of(error)) for error in errors]
