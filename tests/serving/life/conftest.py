"""A shop of its own for each test, so that another model, plan or store may take its place; and a second model."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from serving import live as live_module
from serving.engine import Engine
from serving.live import Live
from training.bundle import Bundle


def changed(bundle: Bundle, by: float) -> Bundle:
    """Another model of the same book, which expects more money of everybody."""
    value = bundle.models["lifetime_value"]
    models = {**bundle.models, "lifetime_value": replace(value, start=value.start + by)}
    return replace(bundle, models=models).with_golden_scores()


@pytest.fixture(scope="session")
def other(bundle: Bundle) -> Bundle:
    return changed(bundle, 0.25)


@pytest.fixture
def own(home: Path, engine: Engine, tmp_path: Path) -> Path:
    """A working folder with the shop's model, plan and store."""
    shutil.copytree(home / engine.book.name, tmp_path / "home" / engine.book.name)
    return tmp_path / "home"


@pytest.fixture
def untried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bundles are verified, but no process tries them out."""
    monkeypatch.setattr(live_module, "try_out", lambda folder: None)


@pytest.fixture
def live_of(shop: Path) -> Iterator[Callable[[Path], Live]]:
    """What answers from a working folder; it looks at the pointers only when told to."""
    opened: list[Live] = []

    def live(home: Path) -> Live:
        opened.append(Live(str(shop / "corner_shop.toml"), home, every=None))
        opened[-1]()
        return opened[-1]

    yield live
    for each in opened:
        each.close()
        each().ledger.close()
