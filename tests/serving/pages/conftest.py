"""A scored shop behind a real server, and a real browser that opens its pages."""

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn

from serving.card import Calibration, Card, JudgedGrade, JudgedMetric, Tenth
from serving.card import save as save_card
from serving.engine import Engine
from serving.overview.shelf import save as save_overview
from serving.score import overview, write_scores
from serving.service import service_for

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
GIVEN_UP = "net::ERR_ABORTED"
FLAGS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")


@pytest.fixture(scope="session")
def scored(shop: Path, engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The shop in a folder of its own, scored, with an overview and a card."""
    folder = tmp_path_factory.mktemp("scored") / "shop"
    shutil.copytree(shop, folder, ignore=shutil.ignore_patterns("ledger.db*"))
    own = Engine.open(str(folder / "corner_shop.toml"), folder / ".tierwise")
    assert own.plan
    plan, file = own.plan, folder / "scores.csv"
    write_scores(own, plan, plan.cutoff, file, home=own.home, language="en", recorded=0, advance=lambda _: None)
    save_overview(overview(own, plan, plan.cutoff, lambda _: None), own.home)
    save_card(card(own.book.name), own.home)
    return own


def card(book: str) -> Card:
    """What a backtest might have said."""
    tenths = tuple(Tenth(predicted=p / 10, came=p / 10, low=p / 12, high=p / 9, n=9) for p in range(1, 10))
    money = tuple(Tenth(predicted=10.0 * p, came=11.0 * p, low=None, high=None, n=9) for p in range(1, 10))
    asked = {"target": "lifetime_value", "horizon_days": 28, "value": 0.8, "low": 0.7, "high": 0.9, "n": 81}
    return Card(
        book=book,
        judged="2024-04-01",
        currency="EUR",
        grade=JudgedGrade(
            grade="A",
            baseline="monthly_average",
            found=0.76,
            found_by_baseline=0.7,
            more=0.08,
            low=0.02,
            high=0.1,
            n=81,
        ),
        metrics=(JudgedMetric(model="tierwise", metric="normalized_gini", **asked),),  # type: ignore[arg-type]
        calibration=(
            Calibration(target="lifetime_value", horizon_days=28, tenths=money),
            Calibration(target="churn", horizon_days=28, tenths=tenths),
        ),
    )


@pytest.fixture(scope="session")
def address(scored: Engine) -> Iterator[str]:
    """Where the service of the scored shop answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(service_for(lambda: scored).to_asgi(), port=port, log_config=None, access_log=False)
    server = uvicorn.Server(config)
    running = threading.Thread(target=server.run, daemon=True)
    running.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    running.join(10)


@pytest.fixture(scope="session")
def api(address: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=address, timeout=60) as asking:
        yield asking


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Closed with its module: as long as it is open, nothing else in this thread can run an event loop."""
    sync_api = pytest.importorskip("playwright.sync_api")
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(f"no browser: none of {', '.join(BROWSERS)} is installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=[*FLAGS])
        yield opened
        opened.close()


@pytest.fixture(params=["en", "zh"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def page(browser: Any, address: str, language: str) -> Iterator[Any]:
    """A tab in the reader's language; what the browser complains about fails the test.

    A request that the tab gave up itself, as it closed or went on, is nobody's fault.
    """
    context = browser.new_context(base_url=address, locale={"en": "en-US", "zh": "zh-CN"}[language])
    tab = context.new_page()
    complaints: list[str] = []
    tab.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    tab.on("pageerror", lambda error: complaints.append(str(error)))
    tab.on("requestfailed", lambda request: complaints.append(request.url) if request.failure != GIVEN_UP else None)
    tab.complaints = complaints
    yield tab
    context.close()
    assert complaints == []
