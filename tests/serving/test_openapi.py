"""The OpenAPI document and what the service really answers."""

import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from serving import openapi
from serving.api.examples import types_of
from serving.engine import Engine
from serving.guard.problem import MEDIA_TYPE
from serving.guard.routes import PATTERNS
from serving.openapi import document

PROSPECT, BUYER = "c000", "c001"


def conforms(value: Any, schema: dict[str, Any], schemas: dict[str, Any], where: str = "answer") -> None:
    """Fails unless the value has the schema's form; as much of JSON Schema as the document uses."""
    if "$ref" in schema:
        return conforms(value, schemas[schema["$ref"].rsplit("/", 1)[-1]], schemas, where)
    if "anyOf" in schema:
        kinds = [kind for kind in schema["anyOf"] if (kind.get("type") == "null") == (value is None)]
        return conforms(value, kinds[0], schemas, where)
    if isinstance(schema["type"], list):
        assert value is None or isinstance(value, (int, float, str)), where
        return None
    types = {
        "boolean": bool,
        "object": dict,
        "array": list,
        "string": str,
        "integer": int,
        "number": (int, float),
        "null": type(None),
    }
    assert isinstance(value, types[schema["type"]]), where
    if schema["type"] == "object" and "properties" in schema:
        assert set(schema["required"]) <= set(value) <= set(schema["properties"]), where
        for name, part in value.items():
            conforms(part, schema["properties"][name], schemas, f"{where}.{name}")
    if schema["type"] == "array":
        for number, part in enumerate(value):
            conforms(part, schema["items"], schemas, f"{where}.{number}")
    if "enum" in schema:
        assert value in schema["enum"], where
    return None


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return dict(document()["components"]["schemas"])


def test_the_document_is_served_with_examples_of_the_books_types(client: Any, engine: Engine) -> None:
    served = client.get("/openapi.json").json()
    assert served == document(types_of(engine.book))
    assert set(types_of(engine.book)) == set(engine.book.roles)
    assert engine.book.roles[types_of(engine.book)[0]] == "purchase"


def test_examples_tell_of_events_of_the_given_types_alone() -> None:
    paths = document(("Rechnung", "Besuch"))["paths"]
    events = paths["/v1/events"]["post"]
    (event,) = events["requestBody"]["content"]["application/json"]["example"]["events"]
    assert event["type"] == "Rechnung"
    assert '"order"' not in json.dumps(list(examples_in(paths)))
    (fault,) = events["responses"]["422"]["content"][MEDIA_TYPE]["example"]["errors"]
    assert fault["message"] == "expected one of the book's types: Rechnung, Besuch"


def examples_in(part: Any) -> Iterator[Any]:
    """Every example of a request or an answer."""
    if isinstance(part, dict):
        yield from (content["example"] for content in part.get("content", {}).values() if "example" in content)
        for inner in part.values():
            yield from examples_in(inner)


def test_every_documented_path_is_served() -> None:
    assert set(document()["paths"]) <= set(PATTERNS)
    assert document()["openapi"] == "3.1.0"


def test_every_reference_leads_somewhere(schemas: dict[str, Any]) -> None:
    def references(part: Any) -> set[str]:
        if isinstance(part, dict):
            own = {part["$ref"].rsplit("/", 1)[-1]} if "$ref" in part else set()
            return own.union(*(references(value) for value in part.values()))
        return set().union(*(references(value) for value in part)) if isinstance(part, list) else set()

    assert references(document()) <= set(schemas)


def test_answers_have_the_documented_form(client: Any, schemas: dict[str, Any]) -> None:
    asked = {"customers": [{"customer_id": name} for name in (BUYER, PROSPECT, "nobody")]}
    conforms(client.ask(asked).json(), schemas["Answer"], schemas)


def test_refusals_have_the_documented_form(client: Any, schemas: dict[str, Any]) -> None:
    documented = document()["paths"]["/v1/recommendations"]["post"]["responses"]
    for response in (client.ask({}), client.post(b"{"), client.post(b"{}", "text/plain")):
        conforms(response.json(), schemas["Problem"], schemas)
        assert str(response.status_code) in documented


def test_the_version_is_the_projects() -> None:
    text = (Path(openapi.__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8")
    assert document()["info"]["version"] == tomllib.loads(text)["project"]["version"]


def test_every_answer_documents_the_headers_it_carries() -> None:
    documented = document()["paths"]["/v1/recommendations"]["post"]["responses"]
    assert {"405", "421"} <= set(documented)
    assert all("X-Request-Id" in response["headers"] for response in documented.values())
    assert "Retry-After" in documented["503"]["headers"]
    assert "Reasons add up" in document()["paths"]["/v1/recommendations"]["post"]["description"]


def test_the_request_is_documented_as_strictly_as_it_is_read(schemas: dict[str, Any]) -> None:
    for name in ("RecommendationRequest", "Customer", "InlineEvent"):
        assert schemas[name]["additionalProperties"] is False
    assert schemas["RecommendationRequest"]["properties"]["customers"]["maxItems"] == 1_000
