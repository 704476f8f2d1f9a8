"""Who is let in: keys, scopes, sessions and rates, with the guard around an application that says who asked."""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from serving.caller import CALLER
from serving.errors import ServingError
from serving.guard.guard import Guard, Limits
from serving.guard.refusal import Refusal
from serving.keys import gate as gates
from serving.keys.cookie import NAME
from serving.keys.gate import Gate
from serving.keys.keyring import Keyring
from serving.keys.rates import RATES, Rates, charge
from serving.keys.start import told_of_keys
from serving.metrics import Metrics

HTTPS = "https://crm.example"
FORM = {"content-type": "application/x-www-form-urlencoded"}


async def who(scope: Scope, receive: Receive, send: Send) -> None:
    caller = CALLER.get()
    body = json.dumps([caller.key, sorted(caller.scopes), caller.owner]).encode()
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
    await send({"type": "http.response.body", "body": body})


Play = Callable[[httpx.AsyncClient], Awaitable[None]]


def visit(
    keyring: Keyring, play: Play, rates: Rates | None = None, client: str = "127.0.0.1", host: str = "127.0.0.1"
) -> None:
    """Plays with a client of the guard, who asks from an address."""

    async def run() -> None:
        guard = Guard(who, Metrics(), Limits(), host, Gate(lambda: keyring, rates))
        transport = httpx.ASGITransport(guard, client=(client, 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            await play(http)

    asyncio.run(run())


@pytest.fixture(autouse=True)
def _always_fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "FRESH", -1.0)


def bearer(text: str) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


def test_without_keys_this_machine_may_do_everything(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        assert (await http.get("/v1/model")).json() == [None, ["admin", "read", "score", "write"], None]

    visit(keyring, play)


def test_without_keys_nobody_else_is_answered(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/model")
        assert answer.status_code == 403
        assert "python -m serving keys" in answer.json()["detail"]
        assert (await http.get("/livez")).status_code == 200

    visit(keyring, play, client="10.0.0.7")


def test_with_a_key_the_caller_is_known(keyring: Keyring) -> None:
    made = keyring.add("Li Wei", ["read"], "Li Wei", created=0)

    async def play(http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/model", headers=bearer(made.text))
        assert answer.json() == [made.key.id, ["read"], "Li Wei"]

    visit(keyring, play, client="10.0.0.7")


@pytest.mark.parametrize("sent", [{}, {"authorization": "Basic eDp5"}, {"authorization": "Bearer tw_1_2"}])
def test_without_a_right_key_nothing_is_answered_but_what_is_open(keyring: Keyring, sent: dict[str, str]) -> None:
    keyring.add("ERP", ["read"], created=0)

    async def play(http: httpx.AsyncClient) -> None:
        answer = await http.get("/v1/model", headers=sent)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")
        assert "tw_1_2" not in answer.text
        for path in ("/livez", "/readyz", "/openapi.json", "/static/style.css", "/sign-in"):
            assert (await http.get(path, headers=sent)).status_code == 200

    visit(keyring, play)


@pytest.mark.parametrize(
    ("scope", "method", "path", "status"),
    [
        ("score", "POST", "/v1/recommendations", 200),
        ("score", "POST", "/v1/what-if", 200),
        ("score", "GET", "/v1/customers", 403),
        ("read", "GET", "/v1/customers", 200),
        ("read", "GET", "/v1/customers/7", 200),
        ("read", "POST", "/v1/recommendations", 403),
        ("read", "GET", "/metrics", 403),
        ("write", "POST", "/v1/events", 200),
        ("write", "POST", "/v1/overrides", 200),
        ("write", "GET", "/", 403),
        ("admin", "GET", "/metrics", 200),
        ("admin", "POST", "/v1/events", 200),
        ("admin", "GET", "/book", 200),
    ],
)
def test_a_key_opens_what_its_scope_names(keyring: Keyring, scope: Any, method: str, path: str, status: int) -> None:
    made = keyring.add("ERP", [scope], created=0)

    async def play(http: httpx.AsyncClient) -> None:
        answer = await http.request(method, path, json={} if method == "POST" else None, headers=bearer(made.text))
        assert answer.status_code == status
        if status == 403:
            assert 'lacks the scope "' in answer.json()["detail"]

    visit(keyring, play)


def test_keys_are_on_as_soon_as_there_is_one_and_off_never_again(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        assert (await http.get("/v1/model")).status_code == 200
        made = keyring.add("ERP", ["read"], created=0)
        assert (await http.get("/v1/model")).status_code == 401
        assert (await http.get("/v1/model", headers=bearer(made.text))).status_code == 200
        keyring.revoke(made.key.id, revoked=1)
        assert (await http.get("/v1/model", headers=bearer(made.text))).status_code == 401
        assert (await http.get("/v1/model")).status_code == 401

    visit(keyring, play)


def test_the_keys_are_read_again_only_after_a_while(keyring: Keyring, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "FRESH", 3_600.0)
    made = keyring.add("ERP", ["read"], created=0)
    opened: list[Keyring] = []

    def counted() -> Keyring:
        opened.append(keyring)
        return keyring

    async def play() -> None:
        gate = Gate(counted, None)
        found = await asyncio.gather(*(gate.keys() for _ in range(20)))
        assert all(list(keys) == [made.key.id] for keys in found)
        assert len(opened) == 1

    asyncio.run(play())


def test_a_page_sends_a_stranger_to_sign_in_and_back(keyring: Keyring) -> None:
    keyring.add("Li Wei", ["read"], created=0)

    async def play(http: httpx.AsyncClient) -> None:
        for path, location in (
            ("/", "/sign-in"),
            ("/book", "/sign-in?next=%2Fbook"),
            ("/customers?search=a%26b", "/sign-in?next=%2Fcustomers%3Fsearch%3Da%2526b"),
            ("/customers/a%2Fb", "/sign-in?next=%2Fcustomers%2Fa%252Fb"),
        ):
            answer = await http.get(path, headers={"cookie": f"{NAME}=stale"})
            assert (answer.status_code, answer.headers["location"]) == (303, location)
        answer = await http.post("/customers/7/override", content=b"tier=gold", headers=FORM)
        assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in")

    visit(keyring, play)


def test_a_session_opens_pages_and_forms_but_no_programming_interface(keyring: Keyring) -> None:
    made = keyring.add("Li Wei", ["read"], "Li Wei", created=0)
    token = keyring.sign_in(made.text, now=gates._now())
    cookie = {"cookie": f"theme=dark; {NAME}={token}"}

    async def play(http: httpx.AsyncClient) -> None:
        assert (await http.get("/", headers=cookie)).json() == [made.key.id, ["read"], "Li Wei"]
        assert (await http.get("/v1/model", headers=cookie)).status_code == 401
        answer = await http.post("/customers/7/override", content=b"tier=gold", headers=cookie | FORM)
        assert answer.status_code == 403
        assert 'scope "write"' in answer.json()["detail"]

    visit(keyring, play)


def test_a_key_that_asks_too_often_is_told_when_to_come_back(keyring: Keyring) -> None:
    one, other = (keyring.add("ERP", ["read"], created=0) for _ in "12")

    async def play(http: httpx.AsyncClient) -> None:
        answers = [await http.get("/v1/model", headers=bearer(one.text)) for _ in range(6)]
        assert [answer.status_code for answer in answers] == [200] * 5 + [429]
        assert answers[0].headers["ratelimit-policy"] == '"requests";q=5;w=60'
        assert answers[0].headers["ratelimit"].startswith('"requests";r=4;t=')
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 60
        assert answers[-1].headers.get_list("ratelimit")[0].startswith('"requests";r=0;t=')
        assert len(answers[-1].headers.get_list("ratelimit")) == 1
        assert (await http.get("/v1/model", headers=bearer(other.text))).status_code == 200

    visit(keyring, play, Rates(5))


def test_without_keys_there_is_no_rate(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        assert {(await http.get("/v1/model")).status_code for _ in range(9)} == {200}

    visit(keyring, play, Rates(5))


def test_guessing_keys_ends_soon_but_not_for_those_who_have_one(keyring: Keyring) -> None:
    made = keyring.add("ERP", ["read"], created=0)

    async def play(http: httpx.AsyncClient) -> None:
        guesses = [(await http.get("/v1/model", headers=bearer(f"tw_{n}"))).status_code for n in range(22)]
        assert guesses == [401] * 20 + [429] * 2
        assert (await http.get("/v1/model", headers=bearer(made.text))).status_code == 200
        assert (await http.post("/sign-in", content=b"key=x", headers=FORM)).status_code == 429

    visit(keyring, play, Rates(100))


def test_customers_are_counted_too() -> None:
    async def play() -> None:
        charge(1_000_000)
        RATES.set(Rates(200))
        charge(1_000_000)
        CALLER.set(gates.Caller("k", frozenset({"score"})))
        charge(1_000)
        charge(1_000)
        with pytest.raises(Refusal) as caught:
            charge(1)
        assert caught.value.response().headers["retry-after"]
        assert caught.value.problem.status == 429

    asyncio.run(play())


def test_a_request_may_always_hold_as_many_customers_as_fit_in_one() -> None:
    assert Rates(1).customers("k", 1_000).left == 0


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://localhost:3000"}, 200),
        ({"sec-fetch-site": "cross-site"}, 403),
        ({"sec-fetch-site": "same-site", "origin": "http://localhost:3000"}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://localhost:3001"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "http://[bad"}, 403),
    ],
)
def test_a_form_from_another_site_is_refused_also_without_keys(
    keyring: Keyring, headers: dict[str, str], status: int
) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        for path in ("/customers/7/override", "/sign-in", "/sign-out"):
            assert (await http.post(path, content=b"a=b", headers=FORM | headers)).status_code == status

    visit(keyring, play)


def test_a_form_is_a_small_form(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        for media in ("application/json", "multipart/form-data; boundary=x", "text/plain"):
            assert (await http.post("/sign-in", content=b"a=b", headers={"content-type": media})).status_code == 415
        assert (await http.post("/sign-in", content=b"a" * 65_536, headers=FORM)).status_code == 200
        assert (await http.post("/sign-in", content=b"a" * 65_537, headers=FORM)).status_code == 413
        assert (await http.post("/sign-out", content=b"", headers=FORM)).status_code == 200

    visit(keyring, play)


def test_a_server_for_every_address_is_called_by_any_name_once_there_are_keys(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        named = {"host": "crm.example"}
        assert (await http.get("/v1/model", headers=named)).status_code == 421
        made = keyring.add("ERP", ["read"], created=0)
        assert (await http.get("/v1/model", headers=named | bearer(made.text))).status_code == 200

    visit(keyring, play, host="0.0.0.0")


def test_browsers_are_told_to_stay_with_https_only_elsewhere(keyring: Keyring) -> None:
    async def play(http: httpx.AsyncClient) -> None:
        far = await http.get("https://crm.example/livez")
        assert far.headers["strict-transport-security"] == "max-age=31536000"
        for url in ("https://localhost/livez", "http://crm.example/livez", "https://127.0.0.1/livez"):
            assert "strict-transport-security" not in (await http.get(url)).headers

    visit(keyring, play, host="crm.example")


def test_no_key_is_ever_logged(keyring: Keyring, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    made = keyring.add("ERP", ["read"], created=0)
    token = keyring.sign_in(made.text, now=gates._now())

    async def play(http: httpx.AsyncClient) -> None:
        await http.get("/v1/model", headers=bearer(made.text))
        await http.get(f"/{made.text}", headers=bearer(made.text))
        await http.get("/", headers={"cookie": f"{NAME}={token}"})
        await http.get("/v1/model", headers=bearer(made.text[:-1]))

    visit(keyring, play)
    ours = " ".join(record.getMessage() for record in caplog.records if record.name != "httpx")
    assert "/v1/model 200" in ours
    assert made.text[12:-1] not in ours
    assert str(token) not in ours


def test_a_server_says_whether_keys_are_on_and_does_not_start_where_all_may_ask(keyring: Keyring) -> None:
    assert told_of_keys(keyring, "shop", "127.0.0.1").startswith("keys are off")
    assert told_of_keys(keyring, "shop", "localhost").startswith("keys are off")
    for host in ("0.0.0.0", "::", "10.0.0.7", "crm.example"):
        with pytest.raises(ServingError, match="python -m serving keys add shop"):
            told_of_keys(keyring, "shop", host)
    keyring.add("ERP", ["read"], created=0)
    assert told_of_keys(keyring, "shop", "0.0.0.0").startswith("keys are on: 1")
