"""The OpenAPI 3.1 document of the service."""

import tomllib
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from serving.degraded import CODES
from serving.guard import RECOMMENDATIONS
from serving.policy import TIERS
from serving.problem import MEDIA_TYPE
from serving.schema import RecommendationRequest

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
NUMBER: Schema = {"type": "number"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
DAYS: Schema = {"type": "integer", "minimum": 1}
HORIZONS = "The score for every horizon the model knows, ascending; empty where it knows the main one alone."

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
            "and the code unknown_customer, never an error. Reasons are the strongest contributions only, up to "
            "three that raise a score and three that lower it, so they do not add up to it. The cutoff lies "
            "between the book's first event and the longest horizon after its last day with an event."
        ),
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _ref("RecommendationRequest"), "example": EXAMPLE}},
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
    return {"description": description, "headers": ANSWERED, "content": {media: {"schema": _ref(name)}}}


def _refused(status: str) -> Schema:
    refusal = _described(REFUSALS[status], MEDIA_TYPE, "Problem")
    more = {"503": {"Retry-After": RETRY}, "405": {"Allow": ALLOW}}.get(status, {})
    return refusal | {"headers": {**ANSWERED, **more}}


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


def _end(description: str) -> Schema:
    return _or_null(NUMBER) | {"description": description}


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

_CODES = "; ".join(f"{degraded.code}: {degraded.sentence.en}" for degraded in CODES)

ANSWER_SCHEMAS: Schema = {
    "Answer": _object(recommendations=_list(_ref("Recommendation"))),
    "Recommendation": _object(
        customer_id=TEXT,
        lifetime_value=_ref("Money"),
        conversion=_ref("Conversion"),
        churn=_ref("Chance"),
        tier=_or_null(_ref("Tier")),
        reasons={
            **_object(
                lifetime_value=_list(_ref("Reason")),
                conversion=_list(_ref("Reason")),
                churn=_list(_ref("Reason")),
            ),
            "description": "The strongest contributions only, by falling size; they do not add up to the score.",
        },
        actions=_list(_ref("Action"), "The most urgent first."),
        degraded=_list(TEXT, f"Empty when the answer is whole. {_CODES}"),
        model_version=TEXT,
        plan_version=_or_null(TEXT),
        cutoff={"type": "string", "format": "date-time"},
    ),
    "Money": _object(
        value={**NUMBER, "description": "Money expected within the horizon."},
        low=_end("What comes lies between low and high 9 of 10 times; null where the model gives no interval."),
        high=_end("The upper end of the 90 % interval."),
        low_80=_end("What comes lies between low_80 and high_80 8 of 10 times."),
        high_80=_end("The upper end of the 80 % interval."),
        currency=TEXT,
        horizon_days=DAYS,
        by_horizon=_list(_ref("Ahead"), HORIZONS),
    ),
    "Chance": _object(
        value=_or_null(SHARE),
        horizon_days=DAYS,
        by_horizon=_list(_ref("Ahead"), HORIZONS),
    ),
    "Conversion": _object(
        value=_or_null(SHARE) | {"description": "Null where the event had never happened when the model was trained."},
        horizon_days=DAYS,
        event_types=_list(TEXT, "The conversion: an event of one of these types within the horizon."),
        by_horizon=_list(_ref("Ahead"), HORIZONS),
        expected_days=_end("The median number of days to the conversion; null where it is beyond 730 or unknown."),
    ),
    "Ahead": _object(
        horizon_days=DAYS,
        value=_end("The score for this horizon, in its unit; null where the score itself is."),
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
        unit={"type": "string", "examples": ["USD", "probability"]},
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
