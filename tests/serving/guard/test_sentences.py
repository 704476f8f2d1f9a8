"""What is said of a request that is refused: our words, the field's path, and never the value that was given."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from serving.api.asked import AccountsAsked, CustomerAsked, EventsAsked, KeptAsked, OverrideAsked, WhatIfAsked
from serving.guard.problem import of_validation
from serving.guard.sentences import OTHERWISE, SENTENCES, sentence_of
from serving.schema import RecommendationRequest

BODIES: tuple[type[BaseModel], ...] = (RecommendationRequest, EventsAsked, WhatIfAsked, OverrideAsked)
EVENT = {"customer_id": "a", "type": "order", "time": "2024-05-19T08:30:00Z"}
THEIRS = ("Input should", "should be", "should have", "should match", "Field required", "permitted", "argument")
SECRET = "Nadja"


def faults_of(model: type[BaseModel], given: bytes | dict[str, str]) -> list[dict[str, str]]:
    """The faults that a refusal names, without pydantic's context as the service's layers hand them on."""
    with pytest.raises(ValidationError) as refused:
        model.model_validate_strings(given) if isinstance(given, dict) else model.model_validate_json(given)
    errors = refused.value.errors(include_url=False, include_context=False, include_input=False)
    found: list[dict[str, str]] = json.loads(of_validation(errors).body("1"))["errors"]
    return found


@pytest.mark.parametrize(
    ("change", "path", "said"),
    [
        ({"time": "soon"}, "time", "expected a time such as 2024-05-19T08:30:00+02:00"),
        ({"time": 5}, "time", "expected a time as text, such as 2024-05-19T08:30:00+02:00"),
        ({"time": "2024-05-19T08:30:00"}, "time", "lacks its offset from UTC, such as +02:00 or Z"),
        ({"type": ""}, "type", "expected 1 or more characters"),
        ({"type": "x" * 201}, "type", "expected 200 or fewer characters"),
        ({"type": "a\0"}, "type", "holds a NUL character; leave it out"),
        ({"attributes": {"note": "a\0"}}, "attributes.note", "holds a NUL character; leave it out"),
        ({"attributes": []}, "attributes", "expected an object"),
        ({"customer_id": 3}, "customer_id", "expected a text"),
        ({"amount": "3"}, "amount", "expected a number"),
        ({"amount": -1e13}, "amount", "expected -1,000,000,000,000 or more"),
        ({"price": 3}, "price", "unknown field"),
    ],
)
def test_a_fault_is_told_in_a_plain_sentence_by_its_path(change: dict[str, Any], path: str, said: str) -> None:
    body = json.dumps({"events": [{**EVENT, **change}]}).encode()
    assert faults_of(EventsAsked, body) == [{"path": f"events.0.{path}", "message": said}]


@pytest.mark.parametrize(
    ("model", "given", "path", "said"),
    [
        (EventsAsked, b"{}", "events", "is missing"),
        (EventsAsked, b"[]", "", "expected an object"),
        (EventsAsked, b'{"events": {}}', "events", "expected a list"),
        (EventsAsked, b'{"events": []}', "events", "expected 1 or more in the list"),
        (EventsAsked, b'{"events": [7]}', "events.0", "expected an object"),
        (EventsAsked, b'{"events": [', "", "cannot be read as JSON at line 1 column 12"),
        (KeptAsked, {"id": "z"}, "id", "expected 32 hex digits, of 0-9 and a-f"),
        (CustomerAsked, {"customer_id": "a", "events": "501"}, "events", "expected 500 or less"),
        (AccountsAsked, {"tier": "tin"}, "tier", "expected 'diamond', 'gold', 'silver' or 'bronze'"),
    ],
)
def test_a_request_without_the_right_form_is_told_so(
    model: type[BaseModel], given: bytes | dict[str, str], path: str, said: str
) -> None:
    assert faults_of(model, given) == [{"path": path, "message": said}]


values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.sampled_from([SECRET, f"{SECRET}\0", f" {SECRET}", SECRET * 300, ""]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.just(SECRET), inner, max_size=1),
    max_leaves=3,
)


@given(st.sampled_from(BODIES), st.data())
def test_no_refusal_repeats_a_value_or_speaks_in_other_words(model: type[BaseModel], data: st.DataObject) -> None:
    names = [field.alias or name for name, field in model.model_fields.items()]
    body = data.draw(st.dictionaries(st.sampled_from([*names, "more"]), values))
    if "events" in body:
        body["events"] = [{**EVENT, data.draw(st.sampled_from([*EVENT, "amount", "attributes"])): data.draw(values)}]
    try:
        model.model_validate_json(json.dumps(body))
    except ValidationError as error:
        for fault in error.errors(include_url=False, include_context=False, include_input=False):
            said = sentence_of(fault)
            assert SECRET not in said
            assert said != OTHERWISE
            assert not any(words in said for words in THEIRS)


def test_every_kind_is_told_once_and_an_unknown_one_without_its_words() -> None:
    assert len(dict(SENTENCES)) == len(SENTENCES)
    assert sentence_of({"type": "url_scheme", "msg": f"Input should be {SECRET}"}) == OTHERWISE
