"""The OpenAPI 3.1 document of the service."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from serving.answer_schema import ANSWER_SCHEMAS, TEXT, Schema, ref
from serving.guard import RECOMMENDATIONS
from serving.problem import MEDIA_TYPE
from serving.schema import RecommendationRequest

PYPROJECT = Path(__file__).parent.parent / "pyproject.toml"

ANSWERED: Schema = {
    "X-Request-Id": {"description": "The caller's own id where it sent one, else a new one.", "schema": TEXT}
}
RETRY: Schema = {"description": "Seconds to wait where too many requests came at once.", "schema": {"type": "integer"}}
ALLOW: Schema = {"description": "The methods that the path takes.", "schema": TEXT}

REFUSALS = {
    "400": "The body is empty or not JSON.",
    "404": "Nothing is served at the path.",
    "405": "The path takes another method.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The body is not declared as uncompressed JSON in UTF-8.",
    "421": "The Host header names another host than this machine or the configured one.",
    "422": "A field is missing, unknown or wrong; `errors` names each by its path.",
    "500": "A fault of the service.",
    "503": "Too many requests at once, or not ready; see Retry-After.",
}


def document() -> Schema:
    """The whole document as plain JSON values."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Tierwise",
            "version": _version(),
            "summary": "Customer lifetime value, conversion and churn with reasons, a tier and what to do.",
        },
        "paths": {
            RECOMMENDATIONS: {"post": _recommendations()},
            "/livez": {"get": _probe("livez", "Whether the process answers")},
            "/readyz": {"get": _probe("readyz", "Whether the model is loaded and the store can be read")},
            "/metrics": {"get": _probe("metrics", "Counts in Prometheus' text format")},
            "/openapi.json": {"get": _page("openapi", "This document", "application/json")},
            "/": {"get": _page("index", "What runs here", "text/html")},
        },
        "components": {"schemas": {**_request_schemas(), **ANSWER_SCHEMAS}},
    }


def _recommendations() -> Schema:
    return {
        "operationId": "recommend",
        "summary": "Scores, reasons, tier and actions for 1 to 1,000 customers",
        "description": (
            "A customer given by id alone is looked up in the store; one given with events or a profile is "
            "scored on these alone, also where the id is known. Somebody unknown gets the book's averages "
            "and the code unknown_customer, never an error. Reasons add up: `base_value` and the contributions of "
            "all groups give the score, a group's features and its rest the group. The cutoff lies "
            "between the book's first event and the longest horizon after its last day with an event."
        ),
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": ref("RecommendationRequest"), "example": EXAMPLE}},
        },
        "responses": {
            "200": _described("One recommendation per customer, in the order asked.", "application/json", "Answer"),
            **{status: _refused(status) for status in REFUSALS},
        },
    }


def _probe(name: str, summary: str) -> Schema:
    page = _page(name, summary, "text/plain")
    return page | {"responses": page["responses"] | {"503": _refused("503")}}


def _page(name: str, summary: str, media: str) -> Schema:
    schema = {"type": "object"} if media == "application/json" else TEXT
    return {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": summary, "headers": ANSWERED, "content": {media: {"schema": schema}}},
            **{status: _refused(status) for status in ("405", "421")},
        },
    }


def _described(description: str, media: str, name: str) -> Schema:
    return {"description": description, "headers": ANSWERED, "content": {media: {"schema": ref(name)}}}


def _refused(status: str) -> Schema:
    refusal = _described(REFUSALS[status], MEDIA_TYPE, "Problem")
    more = {"503": {"Retry-After": RETRY}, "405": {"Allow": ALLOW}}.get(status, {})
    return refusal | {"headers": {**ANSWERED, **more}}


def _request_schemas() -> Schema:
    schema = RecommendationRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: Schema = schema.pop("$defs")
    return {"RecommendationRequest": schema, **parts}


def _version() -> str:
    """That of the installed package; of pyproject.toml beside the packages where nothing is installed."""
    try:
        return version("tierwise")
    except PackageNotFoundError:
        return str(tomllib.loads(PYPROJECT.read_text(encoding="utf-8"))["project"]["version"])


EXAMPLE = {"customers": [{"customer_id": "1"}], "language": "en"}
