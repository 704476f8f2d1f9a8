"""Examples of requests, and of answers: the smallest value of every schema, with plausible values by name."""

from typing import Any

from data.settings.book import Book
from serving.answer_schema import Schema

VALUES: dict[str, Any] = {
    "customer_id": "C-1042",
    "name": "Nordwind GmbH",
    "owner": "Li Wei",
    "by": "Li Wei",
    "reason": "opens a second shop",
    "currency": "USD",
    "model_version": "f2b7cae19804eef2",
    "plan_version": "8e23676a11803ac0",
    "playbook_version": "a22a62f132e07620",
    "version": "f2b7cae19804eef2",
    "id": "97ba61c5584b16dd49833c912ca8db0d",
    "recommendation": "97ba61c5584b16dd49833c912ca8db0d",
    "request_id": "3f0c9e7a5d1b4c2e8a6f7d9b0c1e2f3a",
    "horizon_days": 90,
    "days": 30,
    "time_zone": "Asia/Shanghai",
    "type": "order",
    "event_types": "order",
    "degraded": "no_purchase_yet",
    "next": "/v1/customers?offset=50",
    "low": 0.0,
    "low_80": 12.5,
    "high_80": 812.0,
    "high": 1240.0,
    "value": 349.55,
    "lifetime_value": 349.55,
    "conversion": 0.0223,
    "churn": 0.31,
    "amount": 5000.0,
    "priority": 812.4,
    "feature": "orders_91d",
}
BY_FORMAT = {"date-time": "2024-12-31T23:59:59.999999+08:00", "date": "2024-12-31"}

ORDER = "order"
"""The type that stands in every example, until it gives way to one of the book's."""

RECOMMENDATION = {"customers": [{"customer_id": "1"}], "language": "en"}
WHAT_IF = {"customer_id": "1", "events": [{"type": "order", "amount": 5000.0}], "language": "en"}
EVENTS = {
    "events": [
        {
            "customer_id": "1",
            "time": "2024-05-19T10:00:00+02:00",
            "type": "order",
            "amount": 129.9,
            "order_id": "o-77",
        }
    ]
}
OVERRIDE = {
    "customer_id": "1",
    "tier": "gold",
    "by": "Li Wei",
    "reason": "opens a second shop",
    "until": "2024-08-31",
}


def with_type(example: Any, type_: str) -> Any:
    """The example with another type of events in place of ORDER."""
    if isinstance(example, list):
        return [with_type(part, type_) for part in example]
    if isinstance(example, dict):
        return {name: with_type(part, type_) for name, part in example.items()}
    return type_ if example == ORDER else example


def types_of(book: Book) -> tuple[str, ...]:
    """The book's types of events, purchases first: examples tell of these."""
    return tuple(sorted(book.roles, key=lambda type_: book.roles[type_] != "purchase"))


def example_of(schema: Schema, schemas: Schema, name: str = "") -> Any:
    """A small value that has the schema's form; the items of a list have the list's name."""
    if "$ref" in schema:
        return example_of(schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, name)
    if "anyOf" in schema:
        return example_of(schema["anyOf"][0], schemas, name)
    if "enum" in schema:
        return schema["enum"][0]
    kind = schema["type"] if isinstance(schema["type"], str) else schema["type"][0]
    if kind == "object":
        return {own: example_of(part, schemas, own) for own, part in schema.get("properties", {}).items()}
    if kind == "array":
        return [example_of(schema["items"], schemas, name)]
    return _plain(kind, schema, name)


def _plain(kind: str, schema: Schema, name: str) -> Any:
    wanted = {"string": str, "integer": int, "number": (int, float), "boolean": bool}[kind]
    named = VALUES.get(name)
    if isinstance(named, wanted) and _fits(named, schema):  # type: ignore[arg-type]
        return named
    if kind == "string":
        return BY_FORMAT.get(schema.get("format", ""), name.replace("_", " "))
    return {"integer": 1, "number": 0.5, "boolean": True}[kind]


def _fits(value: Any, schema: Schema) -> bool:
    if isinstance(value, str):
        return "format" not in schema
    return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
