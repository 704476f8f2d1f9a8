"""The guard around an application that only echoes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from serving.guard import Guard, Limits
from serving.metrics import Metrics

SMALL = Limits(body_bytes=1_000, body_seconds=0.2, bodies=4, in_flight=2)
PATH = "/v1/recommendations"
JSON = {"content-type": "application/json"}


class Echo:
    """Answers with the size of the body, once it is let go."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.bodies: list[int] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = (await receive())["body"]
        self.bodies.append(len(body))
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


def run(scenario: Any) -> None:
    """Runs a scenario with an echo and a client of the guard around it."""

    async def play() -> None:
        echo = Echo()
        transport = httpx.ASGITransport(Guard(echo, Metrics(), SMALL))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            await scenario(echo, http)

    asyncio.run(play())


async def chunks(sizes: list[int], pause: float = 0.0) -> AsyncIterator[bytes]:
    for size in sizes:
        yield b" " * size
        await asyncio.sleep(pause)


def test_a_body_of_the_allowed_size_arrives_whole_in_any_chunks() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        for content in (b" " * 1_000, chunks([400, 0, 600]), b"{"):
            assert (await http.post(PATH, content=content, headers=JSON)).status_code == 200
        assert echo.bodies == [1_000, 1_000, 1]

    run(scenario)


def test_a_body_declared_too_large_is_refused_unread() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        answer = await http.post(PATH, content=b" " * 1_001, headers=JSON)
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert echo.bodies == []

    run(scenario)


def test_a_chunked_body_is_refused_once_it_is_too_large() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        answer = await http.post(PATH, content=chunks([600] * 1_000), headers=JSON)
        assert answer.status_code == 413
        assert echo.bodies == []

    run(scenario)


def test_a_body_that_dawdles_is_refused() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        answer = await http.post(PATH, content=chunks([1] * 50, pause=0.1), headers=JSON)
        assert answer.status_code == 408
        assert echo.bodies == []

    run(scenario)


def test_more_requests_than_fit_are_told_to_come_back() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        at_work = [asyncio.create_task(http.post(PATH, content=b"{}", headers=JSON)) for _ in range(2)]
        while len(echo.bodies) < 2:
            await asyncio.sleep(0)
        refused = await http.post(PATH, content=b"{}", headers=JSON)
        assert refused.status_code == 503
        assert refused.headers["retry-after"] == "1"
        echo.go.set()
        assert [answer.status_code for answer in await asyncio.gather(*at_work)] == [200, 200]
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 200

    run(scenario)


def test_a_refusal_frees_its_place() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        for _ in range(5):
            assert (await http.post(PATH, content=chunks([600, 600]), headers=JSON)).status_code == 413
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 200

    run(scenario)


@pytest.mark.parametrize("status", [400, 401, 500])
def test_the_words_of_a_layer_below_never_reach_the_caller(status: int) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": b'{"error": "/home/secret', "more_body": True})
        await send({"type": "http.response.body", "body": b'"}'})

    async def play() -> None:
        transport = httpx.ASGITransport(Guard(app, Metrics(), SMALL))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            answer = await http.get("/livez")
            assert answer.status_code == status
            assert "secret" not in answer.text
            assert answer.headers["content-type"] == "application/problem+json"

    asyncio.run(play())


def test_web_sockets_are_turned_away() -> None:
    sent: list[Any] = []

    async def keep(message: Any) -> None:
        sent.append(message)

    async def nothing() -> Any:
        raise AssertionError

    guard = Guard(Echo, Metrics())  # type: ignore[arg-type]
    asyncio.run(guard({"type": "websocket", "path": "/", "headers": []}, nothing, keep))
    assert sent == [{"type": "websocket.close", "code": 1008}]


def test_bodies_that_dawdle_take_no_place_of_those_at_work() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        idle = [asyncio.create_task(http.post(PATH, content=chunks([1] * 50, pause=0.1), headers=JSON)) for _ in "123"]
        await asyncio.sleep(0.05)
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 200
        assert {answer.status_code for answer in await asyncio.gather(*idle)} == {408}

    run(scenario)


def test_more_bodies_than_fit_are_told_to_come_back() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        idle = [asyncio.create_task(http.post(PATH, content=chunks([1] * 50, pause=0.1), headers=JSON)) for _ in "1234"]
        await asyncio.sleep(0.05)
        refused = await http.post(PATH, content=b"{}", headers=JSON)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        await asyncio.gather(*idle)
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 200

    run(scenario)


def test_an_empty_body_is_said_to_be_empty() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        refused = await http.post(PATH, content=b"", headers=JSON)
        assert refused.status_code == 400
        assert "the body is empty" in refused.json()["detail"]
        assert echo.bodies == []

    run(scenario)


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("localhost", 200),
        ("LOCALHOST:3000", 200),
        ("127.0.0.1:3000", 200),
        ("[::1]:3000", 200),
        ("scores.shop.test:8080", 200),
        ("evil.test", 421),
        ("localhost.evil.test:3000", 421),
        ("127.0.0.1.evil.test", 421),
        ("", 421),
    ],
)
def test_only_this_machine_and_the_configured_host_are_answered_for(host: str, status: int) -> None:
    async def play() -> None:
        echo = Echo()
        echo.go.set()
        transport = httpx.ASGITransport(Guard(echo, Metrics(), SMALL, host="scores.shop.test"))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            answer = await http.post(PATH, content=b"{}", headers=JSON | {"host": host})
            assert answer.status_code == status
            if status == 421:
                assert answer.json()["title"] == "Misdirected Request"
                assert "evil" not in answer.text

    asyncio.run(play())


@pytest.mark.parametrize(
    "media",
    ['application/json; charset="utf-8"', "application/json;charset=UTF-8", 'Application/JSON; Charset="UTF-8"'],
)
def test_a_declared_charset_may_be_quoted(media: str) -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        assert (await http.post(PATH, content=b"{}", headers={"content-type": media})).status_code == 200

    run(scenario)
