"""Real engines of two workers each, started once for all tests that ask for them; and who is tested together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from data.engines.choice import engine_of
from data.engines.engine import Engine
from data.errors import EngineError
from tests.together import ENGINES, Together


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Together:
    return Together(config, log)


@pytest.fixture(scope="session")
def started() -> Iterator[dict[str, Engine]]:
    """The engines that were asked for until now."""
    engines: dict[str, Engine] = {}
    yield engines
    for engine in engines.values():
        engine.close()


@pytest.fixture(params=ENGINES)
def cluster(request: pytest.FixtureRequest, started: dict[str, Engine]) -> Engine:
    """Each engine with two workers in turn; skipped by name where its extra or Java is missing."""
    return engine(request.param, started)


def engine(text: str, started: dict[str, Engine]) -> Engine:
    if text not in started:
        try:
            started[text] = engine_of(text)
        except EngineError as error:
            if "pip install" in str(error) or ("no Java" in str(error) and not shutil.which("java")):
                pytest.skip(f"ENGINE {text} IS NOT TESTED HERE: {error}")
            raise
    return started[text]
