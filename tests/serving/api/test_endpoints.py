"""Every endpoint: the same bytes as Python, what the document says, and refusals by field paths."""

import json
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import quote

import pytest

from data.clock import isoformat
from data.store.inbox import Inbox
from data.store.tombstone_file import bury
from serving.api import events as events_room
from serving.api.asked import (
    AccountsAsked,
    CustomerAsked,
    EventsAsked,
    KeptAsked,
    NothingAsked,
    OverrideAsked,
    WhatIfAsked,
)
from serving.api.customer import customer
from serving.api.customers import customers
from serving.api.events import appended
from serving.api.kept import kept
from serving.api.model import model
from serving.api.overrides import decided
from serving.api.policies import policies
from serving.api.recommendations import recommended
from serving.api.what_if import what_if
from serving.card import Card, save
from serving.engine import Engine
from serving.ledger.roster import Account
from serving.openapi import document
from serving.recommendation import to_json
from serving.schema import RecommendationRequest
from tests.serving.api.conftest import MINE, NEVER_BUYS, OTHERS
from tests.serving.test_openapi import conforms
from tests.serving.test_service import paths, refused

Post = Callable[[str, Any], Any]
ORDER = {"type": "order", "amount": 250.0, "order_id": "new"}
APPENDED = {"customer_id": MINE, "time": "2024-05-19T20:00:00+02:00", **ORDER}
GOLD = {"customer_id": MINE, "tier": "gold", "by": "Li Wei", "reason": "a second shop", "until": "2024-08-31"}
NOW = 1_716_200_000_000_000


def write_roster(engine: Engine, number: int) -> None:
    """Scores some customers as the whole book is scored."""
    asked = {"customers": [{"customer_id": f"c{place:03d}"} for place in range(1, number + 1)]}
    answers, _ = recommended(engine, RecommendationRequest.model_validate(asked))
    owners = engine.owners_of(engine.store.histories([answer.customer_id for answer in answers]))
    accounts = [
        Account(
            customer_id=answer.customer_id,
            name=f"Shop {answer.customer_id}",
            owner=owner,
            tier=answer.tier.name if answer.tier else "bronze",
            lifetime_value=answer.lifetime_value.value,
            conversion=answer.conversion.value,
            churn=answer.churn.value,
            priority=max((action.priority for action in answer.actions), default=0.0),
            recommendation=engine.ledger.kept_of(answer.customer_id, 1)[0].id,
        )
        for answer, owner in zip(answers, owners, strict=True)
    ]
    engine.ledger.write_roster(engine.latest_cutoff, "p" * 16, engine.bundle.version, accounts)


def documented(response: Any, name: str, status: int = 200) -> Any:
    """The answer, which has the form of the document."""
    assert response.status_code == status, response.text
    conforms(response.json(), {"$ref": name}, document()["components"]["schemas"])
    return response.json()


def test_a_recommendation_is_kept_and_shown_again_byte_for_byte(api: Any, desk: Engine) -> None:
    answered = api.ask({"customers": [{"customer_id": MINE}, {"customer_id": "nobody"}], "language": "zh"})
    for each in answered.json()["recommendations"]:
        listed = desk.ledger.kept_of(each["customer_id"], 5)
        shown = api.get(f"/v1/recommendations/{listed[0].id}")
        documented(shown, "Recommendation")
        assert shown.text == to_json(each) == kept(desk, KeptAsked(id=listed[0].id))
        assert shown.text in answered.text


@pytest.mark.parametrize(("id_", "status"), [("0" * 32, 404), ("zz", 422), ("0" * 31, 422), ("A" * 32, 422)])
def test_what_was_never_kept_is_not_found(api: Any, id_: str, status: int) -> None:
    assert paths(refused(api.get(f"/v1/recommendations/{id_}"), status)) == ["id"]


@pytest.mark.parametrize("who", [MINE, NEVER_BUYS])
def test_a_customer_is_told_over_http_as_in_python(api: Any, desk: Engine, who: str) -> None:
    recommended(
        desk, RecommendationRequest.model_validate({"customers": [{"customer_id": who}], "cutoff": "2024-04-30"})
    )
    answered = api.get(f"/v1/customers/{who}", params={"cutoff": "2024-05-15", "language": "zh", "events": "3"})
    told = documented(answered, "CustomerView")
    asked = CustomerAsked(customer_id=who, cutoff="2024-05-15", language="zh", events=3)
    assert answered.text == to_json(customer(desk, asked))
    assert (
        told["recommendation"]
        == api.ask({"customers": [{"customer_id": who}], "cutoff": "2024-05-15", "language": "zh"}).json()[
            "recommendations"
        ][0]
    )
    assert told["bridge"]["before"]["cutoff"].startswith("2024-04-30")
    assert [each["cutoff"][:10] for each in told["history"]] == ["2024-04-30"]
    assert [each["cutoff"][:10] for each in told["course"]][-2:] == ["2024-03-31", "2024-04-30"]
    assert told["course"][-1]["lifetime_value"] == told["history"][0]["lifetime_value"]


def test_without_anything_kept_the_bridge_leads_from_one_horizon_ago(api: Any) -> None:
    told = documented(api.get(f"/v1/customers/{MINE}"), "CustomerView")
    assert told["bridge"]["before"]["cutoff"].startswith("2024-04-21")
    assert told["history"] == []
    assert documented(api.get(f"/v1/customers/{MINE}?cutoff=2024-01-10"), "CustomerView")["bridge"] is None


def test_the_timeline_is_paged_from_the_newest(api: Any, desk: Engine) -> None:
    entries, before = [], None
    while True:
        page = api.get(f"/v1/customers/{MINE}?events=5" + (f"&before={before}" if before else "")).json()["timeline"]
        entries += page["events"]
        before = page["before"]
        if before is None:
            break
    assert [each["place"] for each in entries] == list(range(len(desk.store.events(MINE)), 0, -1))
    assert [each["time"] for each in entries] == sorted((each["time"] for each in entries), reverse=True)
    assert any(each["text"].startswith("Order: EUR ") for each in entries)


def test_an_id_may_hold_any_character(api: Any, post: Post) -> None:
    strange = "a/b c?d#é%"
    assert post("/v1/events", {"events": [APPENDED | {"customer_id": strange}]}).status_code == 200
    told = documented(api.get(f"/v1/customers/{quote(strange, safe='')}"), "CustomerView")
    assert told["customer_id"] == strange


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("cutoff=2019-01-01", "cutoff"),
        ("cutoff=", "cutoff"),
        ("language=fr", "language"),
        ("events=0", "events"),
        ("events=5.0", "events"),
        ("events=5&events=6", "events"),
        ("before=0", "before"),
        ("colour=red", "colour"),
        ("customer_id=c002", "customer_id"),
    ],
)
def test_a_wrong_query_is_refused_by_its_name(api: Any, query: str, path: str) -> None:
    assert paths(refused(api.get(f"/v1/customers/{MINE}?{query}"), 422)) == [path]


def test_nobody_is_not_found(api: Any) -> None:
    assert paths(refused(api.get("/v1/customers/nobody"), 404)) == ["customer_id"]


def test_the_roster_is_told_over_http_as_in_python(api: Any, desk: Engine) -> None:
    assert documented(api.get("/v1/customers"), "Accounts")["cutoff"] is None
    write_roster(desk, 8)
    answered = api.get("/v1/customers?sort=lifetime_value&limit=3&order=asc")
    page = documented(answered, "Accounts")
    assert answered.text == to_json(customers(desk, AccountsAsked(sort="lifetime_value", limit=3, order="asc")))
    seen = [each["lifetime_value"] for each in page["accounts"]]
    while page["next"]:
        page = documented(api.get(page["next"]), "Accounts")
        seen += [each["lifetime_value"] for each in page["accounts"]]
    assert seen == sorted(seen)
    assert len(seen) == page["total"] > 3


@pytest.mark.parametrize(
    ("query", "path", "words"),
    [
        ("sort=colour", "sort", "'priority', 'lifetime_value', 'churn', 'conversion' or 'customer_id'"),
        ("order=up", "order", "'desc' or 'asc'"),
        ("tier=tin", "tier", "'diamond', 'gold', 'silver' or 'bronze'"),
        ("limit=201", "limit", "200"),
        ("limit=x", "limit", "whole number"),
        ("offset=-1", "offset", "whole number"),
        ("search=%00", "search", "NUL"),
        ("page=2", "page", "unknown field"),
    ],
)
def test_a_wrong_question_to_the_roster_names_the_choices(api: Any, query: str, path: str, words: str) -> None:
    problem = refused(api.get(f"/v1/customers?{query}"), 422)
    assert paths(problem) == [path]
    assert words in problem["errors"][0]["message"]


def test_policies_and_the_model_are_told_over_http_as_in_python(api: Any, desk: Engine) -> None:
    answered = api.get("/v1/policies")
    told = documented(answered, "Policies")
    assert answered.text == to_json(policies(desk, NothingAsked()))
    assert told["current"]["plan"]["counts"] == dict(desk.plan.counts) if desk.plan else False
    answered = api.get("/v1/model")
    assert documented(answered, "Model")["card"] is None
    assert answered.text == to_json(model(desk, NothingAsked()))
    assert paths(refused(api.get("/v1/model?x=1"), 422)) == ["x"]


def test_the_card_of_the_model_is_shown_as_it_was_written(api: Any, desk: Engine) -> None:
    card = Card(book=desk.book.name, judged="2024-04-21", currency="EUR", grade=None, metrics=(), calibration=())
    file = save(card, desk.home)
    try:
        assert documented(api.get("/v1/model"), "Model")["card"] == card.model_dump(mode="json")
        file.write_text("[1]", encoding="utf-8")
        assert documented(api.get("/v1/model"), "Model")["card"] is None
    finally:
        file.unlink()


def test_what_if_is_told_over_http_as_in_python(post: Post, desk: Engine) -> None:
    body = {"customer_id": MINE, "events": [ORDER], "language": "zh"}
    answered = post("/v1/what-if", body)
    told = documented(answered, "WhatIf")
    assert answered.text == to_json(what_if(desk, WhatIfAsked.model_validate_json(json.dumps(body))))
    assert told["as_of"].startswith("2024-05-20T23:59:59")
    assert told["with"]["lifetime_value"] != told["without"]["lifetime_value"]
    step = told["bridge"]["scores"]["lifetime_value"]["steps"][3]
    apart = told["with"]["lifetime_value"]["value"] - told["without"]["lifetime_value"]["value"]
    assert step["name"] == "what_the_customer_did"
    assert step["difference"] == pytest.approx(apart, rel=1e-9)


def test_what_if_says_what_is_answered_once_the_events_are_appended(api: Any, post: Post) -> None:
    when = {"time": "2024-05-20T10:00:00+02:00"}
    assumed = post("/v1/what-if", {"customer_id": MINE, "events": [ORDER | when]}).json()
    untouched = api.ask({"customers": [{"customer_id": MINE}], "cutoff": "2024-05-20"}).json()["recommendations"][0]
    assert assumed["without"]["lifetime_value"] == untouched["lifetime_value"]
    assert post("/v1/events", {"events": [{"customer_id": MINE, **ORDER, **when}]}).json()["kept"] == 1
    answered = api.ask({"customers": [{"customer_id": MINE}]}).json()["recommendations"][0]
    for field in ("cutoff", "lifetime_value", "conversion", "churn", "tier"):
        assert assumed["with"][field] == answered[field]


def test_what_if_takes_a_customer_who_is_brought_along_and_stores_nothing(post: Post, desk: Engine) -> None:
    walk_in = {"customer_id": "walk-in", "events": [{"type": "look", "time": "2024-05-01T10:00:00Z"}]}
    told = documented(
        post("/v1/what-if", {"customer": walk_in, "events": [ORDER, ORDER | {"order_id": "2"}]}), "WhatIf"
    )
    assert told["now"]["churn"]["value"] is None
    assert told["with"]["churn"]["value"] is not None
    assert desk.store.inbox.last() == 0
    assert desk.ledger.kept_of("walk-in", 5) == []


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"events": []}, "events"),
        ({"events": [{"type": "ordre"}]}, "events.0.type"),
        ({"events": [{"type": "refund", "amount": 5.0}]}, "events.0.amount"),
        ({"events": [ORDER, ORDER | {"time": "2024-05-01T10:00:00Z"}]}, "events.1.time"),
        ({"events": [ORDER | {"time": "2024-12-01T10:00:00Z"}]}, "events.0.time"),
        ({"events": [ORDER | {"time": "2024-05-23T10:00:00Z"}], "as_of": "2024-05-22"}, "events.0.time"),
        ({"as_of": "2024-05-19"}, "as_of"),
        ({"as_of": "2031-05-19"}, "as_of"),
        ({"cutoff": "soon"}, "cutoff"),
        ({"customer": {"customer_id": "x"}}, ""),
        (
            {"customer_id": None, "customer": {"customer_id": "x", "profile": {"planet": "Mars"}}},
            "customer.profile.planet",
        ),
        (
            {
                "customer_id": None,
                "customer": {"customer_id": "x", "events": [{"type": "x", "time": "2024-05-01T00:00Z"}]},
            },
            "customer.events.0.type",
        ),
        ({"tone": "kind"}, "tone"),
    ],
)
def test_a_wrong_what_if_is_refused_by_its_path(post: Post, change: dict[str, Any], path: str) -> None:
    body = {"customer_id": MINE, "events": [ORDER], **change}
    assert paths(refused(post("/v1/what-if", body), 422)) == [path]


def test_the_very_next_answer_uses_appended_events(api: Any, post: Post, desk: Engine) -> None:
    new = {"customer_id": "never seen", "time": "2024-05-19T21:00:00+02:00", "type": "order", "amount": 99.0}
    answer = documented(post("/v1/events", {"events": [APPENDED, new]}), "Appended")
    assert (answer["kept"], answer["known"]) == (2, 0)
    assert answer["latest_cutoff"] == isoformat(desk.latest_cutoff, desk.book.time_zone)
    asked = {"customers": [{"customer_id": MINE}, {"customer_id": "never seen"}]}
    old, fresh = api.ask(asked).json()["recommendations"]
    assert fresh["degraded"] == []
    assert (
        old["lifetime_value"]
        != api.ask(asked | {"cutoff": "2024-05-18"}).json()["recommendations"][0]["lifetime_value"]
    )
    assert api.get("/v1/customers/never%20seen").json()["timeline"]["events"][0]["text"] == "Order: EUR 99.00"
    again = EventsAsked.model_validate_json(json.dumps({"events": [APPENDED, new]}))
    assert appended(desk, again, recorded=NOW)["known"] == 2


@pytest.mark.parametrize(
    ("change", "path"),
    [
        ({"type": "ordre"}, "type"),
        ({"amount": "1"}, "amount"),
        ({"customer_id": "  "}, "customer_id"),
        ({"customer_id": ""}, "customer_id"),
        ({"customer_id": "a\0b"}, "customer_id"),
        ({"customer_id": " c001"}, "customer_id"),
        ({"customer_id": "c001 "}, "customer_id"),
        ({"time": "2024-05-19"}, "time"),
        ({"time": "2024-08-19T10:00:00Z"}, "time"),
        ({"time": "2101-01-01T10:00:00Z"}, "time"),
        ({"source": "crm"}, "source"),
    ],
)
def test_one_unusable_event_appends_none(post: Post, desk: Engine, change: dict[str, Any], path: str) -> None:
    problem = refused(post("/v1/events", {"events": [APPENDED, APPENDED, APPENDED | change]}), 422)
    assert paths(problem) == [f"events.2.{path}"]
    assert desk.store.inbox.last() == 0


def test_an_event_that_has_not_happened_yet_is_refused(desk: Engine) -> None:
    asked = EventsAsked.model_validate_json(json.dumps({"events": [APPENDED]}))
    early = desk.latest_cutoff - 3 * 86_400_000_000
    with pytest.raises(events_room.RequestError, match=r"events\.0\.time: lies after 2024-05-17"):
        appended(desk, asked, recorded=early)
    assert appended(desk, asked, recorded=desk.latest_cutoff)["kept"] == 1


def test_more_events_than_a_request_may_hold_are_refused(post: Post) -> None:
    assert paths(refused(post("/v1/events", {"events": [APPENDED] * 10_001}), 422)) == ["events"]


def test_an_override_is_decided_over_http_as_in_python(api: Any, post: Post, desk: Engine) -> None:
    told = documented(post("/v1/overrides", GOLD), "Decided", 201)
    (one,) = desk.ledger.overrides_of(MINE, desk.latest_cutoff)
    assert told["made"][0]["id"] == one.override.id
    assert told["text"][0].startswith("Customer c001 is gold from 2024-05-19 through 2024-08-31, decided by Li Wei")
    assert api.ask({"customers": [{"customer_id": MINE}]}).json()["recommendations"][0]["tier"]["name"] == "gold"
    assert api.get(f"/v1/customers/{MINE}").json()["overrides"] == told["made"]
    second = documented(post("/v1/overrides", GOLD | {"tier": "bronze", "from": "2024-05-25"}), "Decided", 201)
    assert [each["tier"] for each in second["gives_way"]] == ["gold"]
    ended = {"customer_id": MINE, "withdraw": True, "by": "Wang Fang", "reason": "never opened"}
    asked = OverrideAsked.model_validate_json(json.dumps(ended))
    withdrawn = decided(desk, asked, recorded=NOW)
    assert [each["withdrawn"]["by"] for each in withdrawn["withdrawn"]] == ["Wang Fang"] * 2
    problem = refused(post("/v1/overrides", ended), 422)
    assert paths(problem) == ["withdraw"]


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"tier": "sliver"}, ["tier"]),
        ({"tier": None}, ["tier"]),
        ({"until": None}, ["until"]),
        ({"until": "2024-05-19"}, ["until"]),
        ({"from": "2024-05-18"}, ["from"]),
        ({"by": "--", "reason": ""}, ["by", "reason"]),
        ({"customer_id": "C001"}, ["customer_id"]),
        ({"withdraw": True}, ["withdraw", "withdraw"]),
        ({"starts": "2024-05-25"}, ["starts"]),
        ({"by": 7}, ["by"]),
    ],
)
def test_a_wrong_override_is_refused_by_its_fields(
    post: Post, desk: Engine, change: dict[str, Any], named: list[str]
) -> None:
    problem = refused(post("/v1/overrides", GOLD | change), 422)
    assert paths(problem) == named
    assert "--tier" not in json.dumps(problem)
    assert desk.ledger.all_overrides(desk.latest_cutoff) == []


@pytest.mark.parametrize("path", ["/v1/what-if", "/v1/events", "/v1/overrides"])
@pytest.mark.parametrize(("body", "status"), [(b"{", 400), (b"[]", 422), (b"null", 422), (b"", 400), (b'"\xff"', 400)])
def test_what_is_no_request_is_refused(api: Any, path: str, body: bytes, status: int) -> None:
    response = api.request("POST", path, content=body, headers={"content-type": "application/json"})
    refused(response, status)


def test_a_body_with_a_query_is_refused(post: Post) -> None:
    assert paths(refused(post("/v1/overrides?force=1", GOLD), 422)) == ["force"]


class TestAnAccountManagersKey:
    """Ann's key: c001 is hers, c002 is Bo's."""

    def test_opens_her_own_customers(self, as_ann: Any) -> None:
        assert as_ann.ask({"customers": [{"customer_id": MINE}]}).status_code == 200
        assert as_ann.get(f"/v1/customers/{MINE}").json()["owner"] == "Ann"
        assert as_ann.request("POST", "/v1/events", json={"events": [APPENDED]}).status_code == 200
        assert as_ann.request("POST", "/v1/overrides", json=GOLD).status_code == 201
        assert as_ann.request("POST", "/v1/what-if", json={"customer_id": MINE, "events": [ORDER]}).status_code == 200

    def test_finds_nobody_elses(self, as_ann: Any, desk: Engine) -> None:
        other = refused(as_ann.get(f"/v1/customers/{OTHERS}"), 404)
        nobody = refused(as_ann.get("/v1/customers/nobody"), 404)
        assert {**other, "request_id": ""} == {**nobody, "request_id": ""}
        (answer,) = desk.answer(RecommendationRequest.model_validate({"customers": [{"customer_id": OTHERS}]}))
        (id_,) = desk.ledger.keep([answer], "en", NOW)
        refused(as_ann.get(f"/v1/recommendations/{id_}"), 404)

    def test_is_refused_lists_that_name_others(self, as_ann: Any, desk: Engine) -> None:
        asked = [{"customer_id": MINE}, {"customer_id": OTHERS}, {"customer_id": "c004", "events": []}]
        problem = refused(as_ann.ask({"customers": asked}), 403)
        assert paths(problem) == ["customers.1.customer_id", "customers.2.customer_id"]
        assert desk.ledger.kept_of(MINE, 5) == []
        appends = {"events": [APPENDED, APPENDED | {"customer_id": OTHERS}, APPENDED | {"customer_id": "new"}]}
        problem = refused(as_ann.request("POST", "/v1/events", json=appends), 403)
        assert paths(problem) == ["events.1.customer_id", "events.2.customer_id"]
        assert desk.store.inbox.last() == 0
        for body in ({"customer_id": OTHERS}, {"customer": {"customer_id": OTHERS, "events": []}}):
            problem = refused(as_ann.request("POST", "/v1/what-if", json={**body, "events": [ORDER]}), 403)
            assert paths(problem)[0].endswith("customer_id")
        refused(as_ann.request("POST", "/v1/overrides", json=GOLD | {"customer_id": OTHERS}), 403)

    def test_sees_the_roster_of_its_own(self, as_ann: Any, desk: Engine) -> None:
        write_roster(desk, 5)
        page = as_ann.get("/v1/customers?sort=customer_id&order=asc").json()
        assert [each["customer_id"] for each in page["accounts"]] == ["c001", "c003", "c005"]
        assert page["total"] == 3
        assert as_ann.get("/v1/customers?owner=Ann").json()["total"] == 3
        assert paths(refused(as_ann.get("/v1/customers?owner=Bo"), 403)) == ["owner"]

    def test_may_score_somebody_new(self, as_ann: Any) -> None:
        walk_in = {"customer_id": "walk-in 1", "events": []}
        assert as_ann.ask({"customers": [walk_in]}).status_code == 200


def forget_when_asked(desk: Engine, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
    """Has a customer forgotten in the very moment before a method does its work."""
    method = getattr(owner, name)

    def forgetting(self: Any, *given: Any, **named: Any) -> Any:
        bury(MINE, desk.book.name, desk.home, recorded="2024-05-20T08:00:00Z", by="Li Wei", reason="in writing")
        return method(self, *given, **named)

    monkeypatch.setattr(owner, name, forgetting)


@pytest.fixture
def unburied(desk: Engine) -> Iterator[None]:
    """Nobody stays forgotten."""
    yield
    for name in ("forgotten.json", "forgotten.key"):
        (desk.home / desk.book.name / name).unlink(missing_ok=True)


def test_who_is_forgotten_while_an_event_arrives_is_refused_and_nothing_is_kept(
    post: Post, desk: Engine, monkeypatch: pytest.MonkeyPatch, unburied: None
) -> None:
    forget_when_asked(desk, monkeypatch, Inbox, "append")
    problem = refused(post("/v1/events", {"events": [APPENDED | {"customer_id": OTHERS}, APPENDED]}), 422)
    assert problem["errors"] == [{"path": "events.1.customer_id", "message": events_room.FORGOTTEN}]
    assert desk.store.inbox.last() == 0


def test_who_is_forgotten_while_somebody_looks_is_not_there(
    api: Any, desk: Engine, monkeypatch: pytest.MonkeyPatch, unburied: None
) -> None:
    forget_when_asked(desk, monkeypatch, Engine, "cutoff")
    assert paths(refused(api.get(f"/v1/customers/{MINE}"), 404)) == ["customer_id"]


def test_a_view_and_a_what_if_count_as_one_customer_each(post: Post, api: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    charged: list[int] = []
    for room in ("customer", "what_if"):
        monkeypatch.setattr(f"serving.api.{room}.charge", charged.append)
    assert api.get(f"/v1/customers/{MINE}").status_code == 200
    assert post("/v1/what-if", {"customer_id": MINE, "events": [ORDER]}).status_code == 200
    assert charged == [1, 1]
