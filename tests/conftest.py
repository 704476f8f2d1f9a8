"""Real engines of two workers each, started once for all tests that ask for them; and who is tested together."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from data.engines.choice import engine_of
from data.engines.engine import Engine
from data.errors import EngineError

ENGINES = [
    pytest.param(text, marks=pytest.mark.xdist_group(text.partition(":")[0]))
    for text in ("local:2", "dask:2", "spark:local[2]")
]
"""All tests of one engine are done by the same process of the test run, which starts it once."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The tests of one file are done by one process, so that what they share is made once and not in each."""
    for item in items:
        if item.get_closest_marker("xdist_group") is None:
            item.add_marker(pytest.mark.xdist_group(item.path.relative_to(item.config.rootpath).as_posix()))


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
