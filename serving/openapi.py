"""The OpenAPI 3.1 document of the service."""

import tomllib
from collections.abc import Iterator
from functools import cache
from http import HTTPStatus
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from data.errors import listed
from serving.answer_schema import ANSWER_SCHEMAS, TEXT, Schema, ref
from serving.api.examples import ORDER, example_of, with_type
from serving.api.operations import OPERATIONS, Operation
from serving.api.schemas import SCHEMAS
from serving.guard.problem import MEDIA_TYPE

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"
REF = "#/components/schemas/{model}"

ANSWERED: Schema = {
    "X-Request-Id": {"description": "The caller's own id where it sent one, else a new one.", "schema": TEXT},
    "RateLimit": {"description": "Where keys are on: what is left of the key's rate.", "schema": TEXT},
    "RateLimit-Policy": {"description": "Where keys are on: the key's rate.", "schema": TEXT},
}
WAIT: Schema = {"description": "Seconds to wait before asking again.", "schema": {"type": "integer", "minimum": 1}}
MORE_HEADERS: Schema = {
    "401": {"WWW-Authenticate": {"description": "Bearer: send a key.", "schema": TEXT}},
    "405": {"Allow": {"description": "The methods that the path takes.", "schema": TEXT}},
    "429": {"Retry-After": WAIT},
    "503": {"Retry-After": WAIT},
}

REFUSALS = {
    "400": "The body is empty or not JSON, or the path is not percent-encoded UTF-8.",
    "401": "Keys are on, and the request has none that is known and in force.",
    "403": "The key lacks the scope, or `errors` names customers of another account manager.",
    "404": "There is no such thing, or not for this key.",
    "405": "The path takes another method.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The body is not declared as uncompressed JSON in UTF-8.",
    "421": "The Host header names another host than this machine or the configured one.",
    "422": "A field is missing, unknown or wrong; `errors` names each by its path.",
    "429": "Too many requests with this key; see Retry-After.",
    "500": "A fault of the service.",
    "503": "Too many requests at once, or not ready; see Retry-After.",
    "504": "The answer took too long; ask for less at once.",
}

SCOPES = (
    "Where keys are on (`python -m serving keys`), send `Authorization: Bearer KEY`. A key has scopes: `score` asks "
    "for recommendations and what-ifs; `read` sees customers, policies, the model and the pages; `write` appends "
    "events and records overrides; `admin` does everything, and sees /metrics. A key of an account manager sees that "
    "manager's customers alone. Where keys are off, nothing needs one, and the service answers this machine alone."
)
PLAIN: Schema = {"Document": {"type": "object", "additionalProperties": True}, "Text": TEXT}


@cache
def document(types: tuple[str, ...] = (ORDER,)) -> Schema:
    """The whole document as plain JSON values; its examples tell of events of these types, of the first above all."""
    schemas = {**_request_schemas(), **ANSWER_SCHEMAS, **SCHEMAS, **PLAIN}
    paths: dict[str, dict[str, Schema]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method] = _operation(operation, schemas, types)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tierwise",
            "version": _version(),
            "summary": "Customer lifetime value, conversion and churn with reasons, a tier and what to do.",
            "description": (
                "Money is in the book's currency, probabilities lie between 0 and 1, horizons are in days, moments "
                "are ISO 8601 with an offset. Every refusal is problem JSON (RFC 9457) that names the fields at fault."
            ),
        },
        "security": [{}, {"key": []}],
        "paths": paths,
        "components": {
            "schemas": schemas,
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer", "description": SCOPES}},
        },
    }


def _operation(operation: Operation, schemas: Schema, types: tuple[str, ...]) -> Schema:
    described: Schema = {
        "operationId": operation.name,
        "summary": operation.summary,
        "description": operation.description + _scope_of(operation),
        "security": [{}] if operation.scope is None else [{}, {"key": []}],
        "responses": {
            operation.status: _answered(operation, schemas, types[0]),
            **{status: _refused(status, schemas, types) for status in operation.refusals},
        },
    }
    if operation.query is not None:
        described["parameters"] = list(_parameters(operation.query, operation.path))
    if operation.body is not None:
        content: Schema = {"schema": ref(operation.body.__name__), "example": with_type(operation.example, types[0])}
        described["requestBody"] = {"required": True, "content": {"application/json": content}}
    return described


def _scope_of(operation: Operation) -> str:
    return f" Scope of the key, where keys are on: {operation.scope}." if operation.scope else ""


def _answered(operation: Operation, schemas: Schema, type_: str) -> Schema:
    schema = TEXT if operation.answer == "Text" else ref(operation.answer)
    content: Schema = {"schema": schema}
    if operation.answer != "Text":
        content["example"] = with_type(example_of(schema, schemas), type_)
    return {"description": operation.summary, "headers": ANSWERED, "content": {operation.media: content}}


def _refused(status: str, schemas: Schema, types: tuple[str, ...]) -> Schema:
    example: Schema = {
        "type": "about:blank",
        "title": HTTPStatus(int(status)).phrase,
        "status": int(status),
        "detail": REFUSALS[status],
        "request_id": example_of(TEXT, schemas, "request_id"),
    }
    if status == "422":
        example["errors"] = [{"path": "events.3.type", "message": f"expected one of the book's types: {listed(types)}"}]
    return {
        "description": REFUSALS[status],
        "headers": {**ANSWERED, **MORE_HEADERS.get(status, {})},
        "content": {MEDIA_TYPE: {"schema": ref("Problem"), "example": example}},
    }


def _parameters(model: type[BaseModel], path: str) -> Iterator[Schema]:
    """What stands in the path and in the query, one parameter a field."""
    schema = model.model_json_schema(ref_template=REF)
    for name, described in schema["properties"].items():
        in_path = f"{{{name}}}" in path
        own = next((kind for kind in described.get("anyOf", ()) if kind.get("type") != "null"), described)
        plain = {key: value for key, value in own.items() if key not in ("title", "default")}
        if described.get("default") is not None:
            plain["default"] = described["default"]
        yield {
            "name": name,
            "in": "path" if in_path else "query",
            "required": in_path,
            "schema": plain,
            "example": PARAMETERS[name],
            "description": MEANINGS[name],
        }


PARAMETERS: dict[str, Any] = {
    "id": "97ba61c5584b16dd49833c912ca8db0d",
    "customer_id": "1",
    "cutoff": "2024-05-19",
    "language": "en",
    "events": 50,
    "before": 51,
    "tier": "gold",
    "owner": "Li Wei",
    "search": "nord",
    "sort": "priority",
    "order": "desc",
    "limit": 50,
    "offset": 0,
}
MEANINGS = {
    "id": "The first 32 hex digits of the SHA-256 of the recommendation's text.",
    "customer_id": "The customer's id, percent-encoded.",
    "cutoff": "A date (the end of that day in the book's time zone) or a time with an offset; by default the end of "
    "the book's last day with an event.",
    "language": "Of the sentences; by default the book's.",
    "events": "How many entries of the timeline are told.",
    "before": "Only entries before this place; the answer's `timeline.before` leads to the next page.",
    "tier": "Accounts of this tier alone.",
    "owner": "Accounts of this account manager alone.",
    "search": "A part of the id or of the name.",
    "sort": "By money at stake times urgency, by a score, or by id.",
    "order": "Descending or ascending.",
    "limit": "Accounts of a page.",
    "offset": "Accounts that are skipped.",
}


def _request_schemas() -> Schema:
    found: Schema = {}
    for model in (operation.body for operation in OPERATIONS):
        if model is not None:
            schema = model.model_json_schema(ref_template=REF)
            found |= schema.pop("$defs", {})
            found[model.__name__] = schema
    return found


def _version() -> str:
    """That of the installed package; of pyproject.toml beside the packages where nothing is installed."""
    try:
        return version("tierwise")
    except PackageNotFoundError:
        return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])
