"""The OpenAPI 3.1 document of the service."""

from importlib.metadata import PackageNotFoundError, version
from typing import Any

from serving.degraded import CODES
from serving.guard import RECOMMENDATIONS
from serving.policy import TIERS
from serving.problem import MEDIA_TYPE
from serving.schema import RecommendationRequest

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
DAYS: Schema = {"type": "integer", "minimum": 1}

REFUSALS = {
    "400": "The body is not JSON.",
    "405": "The path takes another method.",
    "408": "The body did not arrive in time.",
    "413": "The body is too large.",
    "415": "The body is not declared as uncompressed JSON in UTF-8.",
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
            "and the code unknown_customer, never an error."
        ),
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref("RecommendationRequest"), "example": EXAMPLE}},
        },
        "responses": {
            "200": _described("One recommendation per customer, in the order asked.", "application/json", "Answer"),
            **{status: _described(said, MEDIA_TYPE, "Problem") for status, said in REFUSALS.items()},
        },
    }


def _probe(name: str, summary: str) -> Schema:
    unready = _described(REFUSALS["503"], MEDIA_TYPE, "Problem")
    page = _page(name, summary, "text/plain")
    return page | {"responses": page["responses"] | {"503": unready}}


def _page(name: str, summary: str, media: str) -> Schema:
    schema = {"type": "object"} if media == "application/json" else TEXT
    return {
        "operationId": name,
        "summary": summary,
        "responses": {
            "200": {"description": summary, "content": {media: {"schema": schema}}},
            "405": _described(REFUSALS["405"], MEDIA_TYPE, "Problem"),
        },
    }


def _described(description: str, media: str, name: str) -> Schema:
    return {"description": description, "content": {media: {"schema": _ref(name)}}}


def _ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(items: Schema, description: str = "") -> Schema:
    return {"type": "array", "items": items} | ({"description": description} if description else {})


def _or_null(schema: Schema) -> Schema:
    return {"anyOf": [schema, {"type": "null"}]}


def _request_schemas() -> Schema:
    schema = RecommendationRequest.model_json_schema(ref_template="#/components/schemas/{model}")
    parts: Schema = schema.pop("$defs")
    return {"RecommendationRequest": schema, **parts}


def _version() -> str:
    try:
        return version("tierwise")
    except PackageNotFoundError:
        return "0"


EXAMPLE = {"customers": [{"customer_id": "1"}], "language": "en"}

_CODES = "; ".join(f"{degraded.code}: {degraded.sentence.en}" for degraded in CODES)

ANSWER_SCHEMAS: Schema = {
    "Answer": _object(recommendations=_list(_ref("Recommendation"))),
    "Recommendation": _object(
        customer_id=TEXT,
        lifetime_value=_object(
            value={**NUMBER, "description": "Money expected within the horizon."},
            low=_or_null(NUMBER),
            high=_or_null(NUMBER),
            currency=TEXT,
            horizon_days=DAYS,
        ),
        conversion=_ref("Chance"),
        churn=_ref("Chance"),
        tier=_or_null(_ref("Tier")),
        reasons=_object(
            lifetime_value=_list(_ref("Reason")),
            conversion=_list(_ref("Reason")),
            churn=_list(_ref("Reason")),
        ),
        actions=_list(_ref("Action"), "The most urgent first."),
        degraded=_list(TEXT, f"Empty when the answer is whole. {_CODES}"),
        model_version=TEXT,
        plan_version=_or_null(TEXT),
        cutoff={"type": "string", "format": "date-time"},
    ),
    "Chance": _object(
        value=_or_null({"type": "number", "minimum": 0, "maximum": 1}),
        horizon_days=DAYS,
    ),
    "Tier": _object(
        name={"type": "string", "enum": list(TIERS)},
        policy=TEXT,
        why=TEXT,
        next_up=_or_null(_ref("Neighbour")),
        next_down=_or_null(_ref("Neighbour")),
        probabilities=_or_null({"type": "object", "additionalProperties": NUMBER}),
    ),
    "Neighbour": _object(
        name={"type": "string", "enum": list(TIERS)},
        value={**NUMBER, "description": "The lifetime value that separates the two tiers."},
        difference={**NUMBER, "description": "How far the customer is from there."},
        currency=TEXT,
    ),
    "Reason": _object(
        feature=TEXT,
        contribution={**NUMBER, "description": "The feature's share of the score, in `unit`."},
        unit={"type": "string", "enum": ["log", "log-odds"]},
        text=TEXT,
    ),
    "Action": _object(name=TEXT, owner=TEXT, within_days=DAYS, text=TEXT),
    "Problem": {
        "type": "object",
        "properties": {
            "type": TEXT,
            "title": TEXT,
            "status": {"type": "integer"},
            "detail": TEXT,
            "request_id": TEXT,
            "errors": _list(_object(path=TEXT, message=TEXT)),
        },
        "required": ["type", "title", "status", "detail", "request_id"],
        "additionalProperties": False,
    },
}
