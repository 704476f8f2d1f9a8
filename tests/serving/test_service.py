"""The service as a caller meets it: answers, refusals, and what never leaves it."""

import json
import logging
import re
from dataclasses import replace
from typing import Any

import pytest
from starlette.requests import Request

from data.events import Event
from data.handover import Customer
from serving import schema
from serving.engine import Engine
from serving.pages import today
from serving.pages.frame import Frame
from serving.recommendation import to_json
from serving.schema import MOST_CUSTOMERS, RecommendationRequest

PROSPECT, BUYER = "c000", "c001"
SECRET = "Geheim GmbH"


def inline(events: list[Event], **more: Any) -> dict[str, Any]:
    """A customer with the events as JSON."""
    plain = [{"time": e.time.isoformat(), "type": e.type, "amount": e.amount, "order_id": e.order_id} for e in events]
    return {"customer_id": "walk-in", "events": plain, **more}


def only(response: Any) -> dict[str, Any]:
    assert response.status_code == 200, response.text
    (answer,) = response.json()["recommendations"]
    return dict(answer)


def refused(response: Any, status: int) -> dict[str, Any]:
    """The problem of a refusal, which always has the same form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    problem = dict(response.json())
    assert problem["status"] == status
    assert problem["request_id"] == response.headers["x-request-id"]
    assert "Traceback" not in response.text
    return problem


def paths(problem: dict[str, Any]) -> list[str]:
    return [error["path"] for error in problem["errors"]]


def test_http_gives_what_python_gives_to_the_last_byte(client: Any, engine: Engine) -> None:
    """Law 8."""
    names = engine.store.customers()[:40]
    asked = [Customer(customer_id=name) for name in [*names, "nobody"]]
    answers = engine.answer(RecommendationRequest(customers=asked))
    response = client.ask({"customers": [{"customer_id": customer.customer_id} for customer in asked]})
    assert response.text == to_json({"recommendations": [answer.to_dict() for answer in answers]})


def test_answers_come_in_the_order_asked(client: Any) -> None:
    names = ["c005", "nobody", "c001", "c003"]
    response = client.ask({"customers": [{"customer_id": name} for name in names]})
    assert [answer["customer_id"] for answer in response.json()["recommendations"]] == names


def test_requests_at_the_same_time_do_not_disturb_each_other(client: Any, engine: Engine) -> None:
    bodies = [{"customers": [{"customer_id": name}]} for name in engine.store.customers()[:24]]
    at_once = client.ask_at_once(bodies)
    assert [response.text for response in at_once] == [client.ask(body).text for body in bodies]


def test_an_unknown_customer_is_answered_and_named_as_such(client: Any) -> None:
    answer = only(client.ask({"customers": [{"customer_id": "nobody"}]}))
    assert answer["degraded"] == ["unknown_customer"]
    assert answer["lifetime_value"]["value"] > 0
    assert answer["churn"]["value"] is None


def test_a_history_sent_along_is_scored_like_the_stored_one(client: Any, shop_events: dict[str, list[Event]]) -> None:
    stored = only(client.ask({"customers": [{"customer_id": BUYER}]}))
    number = int(BUYER[1:])
    profile = {"country": ("DE", "FR", "CN")[number % 3], "staff": 10 + 7 * number}
    sent = only(client.ask({"customers": [inline(shop_events[BUYER], profile=profile)]}))
    assert {**sent, "customer_id": BUYER} == stored


def test_events_sent_for_a_known_customer_are_used_alone(client: Any) -> None:
    answer = only(client.ask({"customers": [{"customer_id": BUYER, "events": []}]}))
    assert answer["degraded"] == ["unknown_customer"]


def test_both_languages_are_spoken_and_the_books_own_is_the_default(client: Any) -> None:
    asked = {"customers": [{"customer_id": BUYER}]}
    english, chinese = (only(client.ask({**asked, "language": to})) for to in ("en", "zh"))
    assert only(client.ask(asked)) == english
    assert "xpected in the next 28 days" in english["tier"]["why"]
    assert "未来 28 天预计" in chinese["tier"]["why"]
    assert english["lifetime_value"] == chinese["lifetime_value"]


def test_an_earlier_cutoff_is_answered_as_of_then(client: Any) -> None:
    answer = only(client.ask({"customers": [{"customer_id": BUYER}], "cutoff": "2024-04-01"}))
    assert answer["cutoff"] == "2024-04-01T23:59:59.999999+02:00"
    assert answer["degraded"] == ["trained_later"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("2019-01-01", "before the book's first event"),
        ("2024-13-01", "expected a date such as"),
        ("2024-04-01T10:00:00", "expected a date such as"),
        ("9999-12-30", "too far after the book's last event"),
        ("2500-01-01", "leave it out for the last day with an event (2024-05-19), or choose one until 2024-06-16"),
        ("2024-06-17", "too far after the book's last event"),
        ("yesterday", "expected a date such as"),
    ],
)
def test_a_cutoff_that_makes_no_sense_is_refused(client: Any, text: str, words: str) -> None:
    problem = refused(client.ask({"customers": [{"customer_id": BUYER}], "cutoff": text}), 422)
    assert paths(problem) == ["cutoff"]
    assert words in problem["errors"][0]["message"]


def test_a_cutoff_of_today_is_answered_for_records_that_end_some_days_ago(client: Any) -> None:
    answer = only(client.ask({"customers": [{"customer_id": BUYER}], "cutoff": "2024-06-16"}))
    assert answer["degraded"] == ["records_end_earlier"]


def test_an_answer_says_what_a_conversion_is(client: Any) -> None:
    answer = only(client.ask({"customers": [{"customer_id": BUYER}]}))
    assert answer["conversion"]["event_types"] == ["order"]


def test_a_book_that_names_its_conversion_has_it_in_the_answer(engine: Engine) -> None:
    named = engine.book.targets.conversion.model_copy(update={"types": ("look",)})
    targets = engine.book.targets.model_copy(update={"conversion": named})
    book = engine.book.model_copy(update={"targets": targets})
    looking = replace(engine, book=book, bundle=replace(engine.bundle, any_purchase_converts=False))
    assert looking.conversion_types == ("look",)


EVENT = {"time": "2024-03-01T10:00:00+01:00", "type": "order", "amount": 12.5}


@pytest.mark.parametrize(
    ("change", "path", "words"),
    [
        ({"type": "ordre"}, "type", 'order, refund, look; did you mean "order"?'),
        ({"type": "refund", "amount": 3.0}, "amount", "return with a positive amount"),
        ({"quantity": -1.0}, "quantity", "negative"),
        ({"time": "1066-10-14T09:00:00Z"}, "time", "not a date"),
        ({"known_time": "2300-01-01T00:00:00Z"}, "known_time", "not a date"),
        ({"time": "2024-03-01T10:00:00"}, "time", "lacks its offset"),
        ({"time": "2024-03-01"}, "time", "expected a time"),
        ({"time": 1709287200}, "time", "expected a time"),
        ({"amount": "12.5"}, "amount", "number"),
        ({"amount": True}, "amount", "number"),
        ({"amount": 1e300}, "amount", "expected 1,000,000,000,000 or less"),
        ({"margin": 1e300}, "margin", "1,000,000,000,000 or less"),
        ({"order_id": 7}, "order_id", "expected a text"),
        ({"colour": "red"}, "colour", "unknown field"),
        ({"type": ""}, "type", "1 or more characters"),
        ({"attributes": {"a": 1}}, "attributes.a", "expected a text"),
    ],
)
def test_a_wrong_event_is_refused_by_its_path(client: Any, change: dict[str, Any], path: str, words: str) -> None:
    customer = {"customer_id": "x", "events": [EVENT, EVENT | change]}
    problem = refused(client.ask({"customers": [{"customer_id": BUYER}, customer]}), 422)
    assert paths(problem) == [f"customers.1.events.1.{path}"]
    assert words in problem["errors"][0]["message"]


@pytest.mark.parametrize(
    ("profile", "path", "words"),
    [
        ({"planet": "Mars"}, "planet", "declares no column"),
        ({"staff": "many"}, "staff", "expected a number"),
        ({"country": ["DE"]}, "country", "expected a text"),
    ],
)
def test_a_wrong_profile_is_refused_by_its_path(client: Any, profile: dict[str, Any], path: str, words: str) -> None:
    problem = refused(client.ask({"customers": [{"customer_id": "x", "profile": profile}]}), 422)
    assert paths(problem) == [f"customers.0.profile.{path}"]
    assert words in problem["errors"][0]["message"]


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "customers"),
        ({"customers": []}, "customers"),
        ({"customers": None}, "customers"),
        ({"customers": [{}]}, "customers.0.customer_id"),
        ({"customers": [{"customer_id": 7}]}, "customers.0.customer_id"),
        ({"customers": [{"customer_id": ""}]}, "customers.0.customer_id"),
        ({"customers": [{"customer_id": "a"}], "language": "fr"}, "language"),
        ({"customers": [{"customer_id": "a"}], "cutoff": 20240401}, "cutoff"),
        ({"customers": [{"customer_id": "a"}], "tone": "kind"}, "tone"),
        ({"customers": [{"customer_id": "a"}, {"customer_id": "a"}]}, "customers.1.customer_id"),
        ([], ""),
        ("hello", ""),
    ],
)
def test_a_wrong_body_is_refused_by_its_path(client: Any, body: Any, path: str) -> None:
    assert paths(refused(client.ask(body), 422)) == [path]


def test_a_thousand_customers_are_answered_and_one_more_is_refused(client: Any) -> None:
    asked = [{"customer_id": f"n{number}"} for number in range(MOST_CUSTOMERS + 1)]
    assert len(client.ask({"customers": asked[:-1]}).json()["recommendations"]) == MOST_CUSTOMERS
    assert paths(refused(client.ask({"customers": asked}), 422)) == ["customers"]


def test_more_events_than_a_request_may_bring_are_refused(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schema, "MOST_EVENTS_IN_ALL", 5)
    asked = [{"customer_id": f"n{number}", "events": [EVENT] * 3} for number in range(2)]
    assert len(client.ask({"customers": asked[:1]}).json()["recommendations"]) == 1
    problem = refused(client.ask({"customers": asked}), 422)
    assert problem["errors"] == [
        {"path": "customers", "message": "bring 6 events along, at most 5 fit; ask in several requests"}
    ]


def test_the_documented_most_events_are_those_that_are_read() -> None:
    assert f"at most {schema.MOST_EVENTS_IN_ALL:,} events" in " ".join((RecommendationRequest.__doc__ or "").split())


def test_faults_that_are_not_shown_are_counted(client: Any) -> None:
    wrong = [EVENT | {"type": "ordre"}] * 25
    problem = refused(client.ask({"customers": [{"customer_id": "x", "events": wrong}]}), 422)
    assert len(problem["errors"]) == 20
    assert problem["detail"].endswith("; 5 more faults are not shown")


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"customers": [{"customer_id": "\\ud800"}]}',
        b"nope",
        b'{"customers": NaN,}',
    ],
)
def test_what_is_not_json_is_refused(client: Any, body: bytes) -> None:
    refused(client.post(body), 400)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999"])
def test_a_number_that_is_none_is_refused(client: Any, number: str) -> None:
    event = json.dumps(EVENT).replace("12.5", number)
    body = f'{{"customers": [{{"customer_id": "x", "events": [{event}]}}]}}'
    problem = refused(client.post(body.encode()), 422)
    assert paths(problem) == ["customers.0.events.0.amount"]


def test_an_empty_body_is_refused(client: Any) -> None:
    assert paths(refused(client.post(b"null"), 422)) == [""]
    assert refused(client.post(b""), 400)["detail"].startswith("the body is empty")


@pytest.mark.parametrize(
    "media",
    [
        "",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/vnd.bentoml+pickle",
    ],
)
def test_anything_but_json_is_refused(client: Any, media: str) -> None:
    refused(client.post(b'{"customers": [{"customer_id": "c001"}]}', media), 415)


def test_compressed_bodies_are_refused(client: Any) -> None:
    refused(client.ask({"customers": [{"customer_id": BUYER}]}, **{"content-encoding": "gzip"}), 415)


@pytest.mark.parametrize(
    "path", ["/v2/recommendations", "/docs.json", "/schema.json", "/healthz", "/recommend", "/x" * 500]
)
def test_unknown_paths_are_refused(client: Any, path: str) -> None:
    refused(client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("GET", "/v1/recommendations", "POST"), ("POST", "/livez", "GET, HEAD"), ("DELETE", "/", "GET, HEAD")],
)
def test_other_methods_are_refused_with_the_allowed_ones(client: Any, method: str, path: str, allowed: str) -> None:
    response = client.request(method, path)
    refused(response, 405)
    assert response.headers["allow"] == allowed


def test_a_callers_request_id_comes_back_and_a_strange_one_is_replaced(client: Any) -> None:
    asked = {"customers": [{"customer_id": BUYER}]}
    assert client.ask(asked, **{"x-request-id": "abc-123"}).headers["x-request-id"] == "abc-123"
    assert client.ask(asked, **{"x-request-id": "a b<c>"}).headers["x-request-id"] != "a b<c>"


def test_every_answer_carries_security_headers(client: Any) -> None:
    for response in (client.get("/"), client.get("/nothing"), client.ask({}), client.get("/livez")):
        assert response.headers["x-content-type-options"] == "nosniff"
        assert response.headers["cache-control"] == "no-store"
        assert "frame-ancestors 'none'" in response.headers["content-security-policy"]
        assert "server" not in response.headers


def test_a_living_service_is_ready_while_its_store_can_be_read(client: Any) -> None:
    assert client.get("/livez").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_a_service_that_lost_its_store_is_not_ready_and_says_so(
    client: Any, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("serving.readiness.GOOD_FOR", 0)
    monkeypatch.setattr(type(engine.store), "histories", lambda *_: (_ for _ in ()).throw(OSError(SECRET)))
    problem = refused(client.get("/readyz"), 503)
    assert "not ready" in problem["detail"]
    assert client.get("/livez").status_code == 200


def test_a_fault_of_ours_is_told_without_its_text(
    client: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError(SECRET)

    monkeypatch.setattr(Engine, "answer", fail)
    problem = refused(client.ask({"customers": [{"customer_id": BUYER}]}), 500)
    assert SECRET not in json.dumps(problem)
    assert SECRET not in caplog.text
    assert "RuntimeError at" in caplog.text


def test_no_customer_is_named_in_logs_metrics_or_refusals(client: Any, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    bodies = [
        {"customers": [{"customer_id": SECRET}]},
        {"customers": [{"customer_id": "x", "events": [EVENT | {"product": SECRET, "amount": "1"}]}]},
        {"customers": [{"customer_id": "x", "events": [EVENT | {"type": SECRET}]}]},
        {"customers": [{"customer_id": "x", "profile": {"staff": SECRET}}]},
        {"customers": [{"customer_id": SECRET}, {"customer_id": SECRET}]},
        {"customers": SECRET},
    ]
    refusals = [client.ask(body) for body in bodies[1:]]
    client.ask(bodies[0])
    client.get(f"/{SECRET}")
    client.request("GEHEIM", "/")
    assert all(SECRET not in response.text for response in refusals)
    ours = " ".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert "POST /v1/recommendations 422" in ours
    assert SECRET not in ours
    assert "GEHEIM" not in ours
    assert SECRET not in client.get("/metrics").text
    assert "Geheim" not in client.get("/metrics").text


def test_metrics_count_answers_and_refusals_by_a_handful_of_paths(client: Any) -> None:
    client.ask({"customers": [{"customer_id": BUYER}]})
    client.get("/somewhere/else")
    text = client.get("/metrics").text
    assert 'tierwise_requests_total{path="/v1/recommendations",status="200"}' in text
    assert 'tierwise_requests_total{path="other",status="404"}' in text
    assert "somewhere" not in text


def test_metrics_count_whether_reasons_add_up(client: Any) -> None:
    def counted(outcome: str) -> float:
        line = re.search(
            rf'^tierwise_explanations_total\{{sum="{outcome}"\}} (\S+)$', client.get("/metrics").text, re.M
        )
        return float(line[1]) if line else 0.0

    exact = counted("exact")
    client.ask({"customers": [{"customer_id": BUYER}, {"customer_id": "somebody unknown"}]})
    assert (counted("exact"), counted("off")) == (exact + 1, 0)


def test_the_first_page_is_todays_work(client: Any) -> None:
    page = client.get("/").text
    assert "Corner shop" in page
    assert "{{" not in page


def test_pages_escape_what_a_book_calls_itself(engine: Engine) -> None:
    loud = replace(engine, book=engine.book.model_copy(update={"title": "<script>alert(1)</script>"}))
    asked = Request({"type": "http", "method": "GET", "path": "/", "query_string": b"", "headers": []})
    text = bytes(today.page(Frame.of(asked, loud), asked).body).decode()
    assert "<script>" not in text
    assert "&lt;script&gt;" in text
