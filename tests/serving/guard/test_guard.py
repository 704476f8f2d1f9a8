"""The guard around an application that only echoes."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from starlette.types import Receive, Scope, Send

from serving.errors import Fault
from serving.guard.body import BodyLimits
from serving.guard.guard import Guard, Limits
from serving.guard.problem import MEDIA_TYPE, Problem
from serving.metrics import Metrics

SMALL = Limits(BodyLimits(json_bytes=1_000, seconds=30.0, bodies=4), in_flight=2, queue=0, answer_seconds=30.0)
HASTY = replace(SMALL, body=replace(SMALL.body, seconds=0.2), answer_seconds=0.3)
"""For what is given up: whatever is not has all the time that a busy machine takes."""

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


def run(scenario: Any, limits: Limits = SMALL) -> None:
    """Runs a scenario with an echo and a client of the guard around it."""

    async def play() -> None:
        echo = Echo()
        transport = httpx.ASGITransport(Guard(echo, Metrics(), limits))
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

    run(scenario, HASTY)


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

    run(scenario, HASTY)


def test_more_bodies_than_fit_are_told_to_come_back() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        idle = [asyncio.create_task(http.post(PATH, content=chunks([1] * 50, pause=0.1), headers=JSON)) for _ in "1234"]
        await asyncio.sleep(0.05)
        refused = await http.post(PATH, content=b"{}", headers=JSON)
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
        await asyncio.gather(*idle)
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 200

    run(scenario, HASTY)


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


def test_an_answer_that_takes_too_long_is_given_up_but_keeps_its_place_until_it_ends() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        late = await asyncio.gather(*(http.post(PATH, content=b"{}", headers=JSON) for _ in range(2)))
        assert [answer.status_code for answer in late] == [504, 504]
        assert "took too long" in late[0].json()["detail"]
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 503
        echo.go.set()
        await asyncio.sleep(0.01)
        assert (await http.post(PATH, content=b"{}", headers=JSON)).status_code == 200

    run(scenario, HASTY)


def test_people_and_small_requests_do_not_wait_for_large_ones() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        large = [asyncio.create_task(http.post(PATH, content=b" " * 1_000, headers=JSON)) for _ in range(2)]
        while len(echo.bodies) < 2:
            await asyncio.sleep(0)
        assert (await http.post(PATH, content=b" " * 1_000, headers=JSON)).status_code == 503
        small = asyncio.create_task(http.post(PATH, content=b"{}", headers=JSON))
        page = asyncio.create_task(http.get("/customers"))
        while len(echo.bodies) < 4:
            await asyncio.sleep(0)
        echo.go.set()
        assert {answer.status_code for answer in await asyncio.gather(small, page, *large)} == {200}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("serving.guard.guard.LIGHT", 500)
        run(scenario)


def test_probes_are_answered_however_many_are_at_work() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        at_work = [asyncio.create_task(http.post(PATH, content=b"{}", headers=JSON)) for _ in range(2)]
        while len(echo.bodies) < 2:
            await asyncio.sleep(0)
        probe = asyncio.create_task(http.get("/livez"))
        while len(echo.bodies) < 3:
            await asyncio.sleep(0)
        echo.go.set()
        assert (await probe).status_code == 200
        await asyncio.gather(*at_work)

    run(scenario)


def test_few_large_bodies_are_in_memory_at_once_and_the_others_still_arrive() -> None:
    limits = Limits(BodyLimits(seconds=5.0, bodies=50, large_bodies=2), queue=50)
    held = most = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal held, most
        for _ in range(8):
            held += 1
            most = max(most, held)
            yield b" " * 40_000
            await asyncio.sleep(0)
        held -= 8

    async def play() -> None:
        echo = Echo()
        echo.go.set()
        transport = httpx.ASGITransport(Guard(echo, Metrics(), limits))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            answers = await asyncio.gather(*(http.post(PATH, content=body(), headers=JSON) for _ in range(20)))
            assert {answer.status_code for answer in answers} == {200}
            assert echo.bodies == [320_000] * 20

    asyncio.run(play())
    assert most <= 20 * 2 + 2 * 8


@pytest.mark.parametrize(
    ("path", "caching"),
    [
        ("/static/style.1f2e3d4c5b.css", "public, max-age=31536000, immutable"),
        ("/static/style.css", "no-cache"),
        ("/customers", "no-store"),
        ("/v1/customers", "no-store"),
    ],
)
def test_only_files_whose_names_change_with_their_content_are_kept(path: str, caching: str) -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        assert (await http.get(path)).headers["cache-control"] == caching

    run(scenario)


def test_pages_load_nothing_from_elsewhere_and_run_no_script_of_their_own_text() -> None:
    async def scenario(echo: Echo, http: httpx.AsyncClient) -> None:
        echo.go.set()
        policy = (await http.get("/")).headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "unsafe" not in policy
        assert "http" not in policy

    run(scenario)


def answering(status: int, media: str, body: bytes, *more: tuple[bytes, bytes]) -> Any:
    """An application that always answers so."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"content-type", media.encode()), *more]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    return app


def asked_of(app: Any, path: str) -> httpx.Response:
    """The guarded answer of an application."""

    async def play() -> httpx.Response:
        transport = httpx.ASGITransport(Guard(app, Metrics(), SMALL))
        async with httpx.AsyncClient(transport=transport, base_url="http://localhost:3000") as http:
            return await http.get(path)

    return asyncio.run(play())


def test_a_problem_of_an_endpoint_keeps_its_words_and_gets_the_requests_id() -> None:
    said = Problem(404, "nobody has this id", [Fault("customer_id", "check the spelling")]).response()
    answer = asked_of(answering(404, MEDIA_TYPE, bytes(said.body), (b"retry-after", b"3")), "/v1/customers/x")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "nobody has this id"
    assert answer.json()["errors"] == [{"path": "customer_id", "message": "check the spelling"}]
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["retry-after"] == "3"


def test_a_page_may_say_itself_that_something_is_missing_but_no_endpoint_may() -> None:
    page = answering(404, "text/html; charset=utf-8", b"<h1>nobody</h1>")
    assert asked_of(page, "/customers/x").text == "<h1>nobody</h1>"
    assert asked_of(page, "/v1/customers/x").headers["content-type"] == MEDIA_TYPE


def test_ids_in_paths_reach_the_layers_below_whole_and_neither_logs_nor_metrics(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("INFO", "tierwise.http")
    metrics, seen = Metrics(), []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        seen.append(scope["path"])
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    async def play() -> None:
        async with httpx.AsyncClient(
            transport=httpx.ASGITransport(Guard(app, metrics, SMALL)), base_url="http://localhost"
        ) as http:
            await http.get("/v1/customers/Geheim%2FGmbH%20%E5%BC%A0?search=Geheim")
            assert (await http.get("/v1/customers/%FF")).status_code == 400

    asyncio.run(play())
    assert seen == ["/v1/customers/Geheim%2FGmbH%20%E5%BC%A0"]
    told = " ".join(record.getMessage() for record in caplog.records if record.name == "tierwise.http")
    assert "GET /v1/customers/{customer_id} 200" in told
    assert "Geheim" not in told + metrics.exposition().decode()


@pytest.mark.parametrize(("language", "says"), [("zh-CN,en;q=0.5", "没有此页面"), ("en", "There is no such page")])
def test_a_browser_is_refused_by_a_page_in_its_language(language: str, says: str) -> None:
    async def scenario(_: Echo, http: httpx.AsyncClient) -> None:
        browser = {"accept": "text/html,*/*;q=0.8", "accept-language": language}
        answer = await http.get("/<script>nowhere", headers=browser)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith("text/html")
        assert says in answer.text
        assert "<script" not in answer.text
        assert answer.headers["x-request-id"] in answer.text
        api = await http.post(PATH, content=b"{}", headers={**browser, "content-type": "text/plain"})
        assert (api.status_code, api.headers["content-type"]) == (415, MEDIA_TYPE)

    run(scenario)


def test_the_language_a_reader_kept_goes_before_the_browsers() -> None:
    async def scenario(_: Echo, http: httpx.AsyncClient) -> None:
        asked = {"accept": "text/html", "accept-language": "en", "cookie": "theme=dark; language=zh"}
        assert 'lang="zh-CN"' in (await http.get("/nowhere", headers=asked)).text

    run(scenario)
