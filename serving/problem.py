"""Refusals as `application/problem+json` (RFC 9457)."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from serving.errors import Fault

MEDIA_TYPE = "application/problem+json"
MOST_FAULTS = 20


@dataclass(frozen=True)
class Problem:
    """Why a request got no answer; `faults` name its fields."""

    status: int
    detail: str
    faults: Sequence[Fault] = ()

    def body(self, request_id: str) -> bytes:
        """The problem as JSON."""
        plain: dict[str, Any] = {
            "type": "about:blank",
            "title": HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
            "request_id": request_id,
        }
        if self.faults:
            shown = self.faults[:MOST_FAULTS]
            plain["errors"] = [{"path": fault.path, "message": fault.message} for fault in shown]
        return json.dumps(plain, ensure_ascii=False).encode()


def of_validation(errors: Sequence[Any]) -> Problem:
    """The problem of a body that pydantic refused; `errors` are its error objects, without the input."""
    if any(error["type"] == "json_invalid" for error in errors):
        return Problem(400, "the body is not JSON", [Fault("", error["msg"]) for error in errors])
    faults = [Fault(".".join(map(str, error["loc"])), _said(error["msg"])) for error in errors]
    return Problem(422, "the body is JSON, but not a request that can be answered", faults)


def _said(message: str) -> str:
    return message.removeprefix("Value error, ").replace("Extra inputs are not permitted", "unknown field")
