from dataclasses import replace
from pathlib import Path

import pytest

from data.handover import Customer
from serving.drill.door import drill
from serving.drill.kills import kill
from serving.drill.swaps import Found, _note, other_than
from serving.drill.tampering import WAYS, tamper
from serving.engine import Engine
from serving.metrics import Metrics
from serving.schema import RecommendationRequest
from serving.service import answer as answered
from serving.workers import Task
from training import bundle as bundle_module
from training.bundle import Bundle
from training.errors import BundleError


def unmoved(steps: int) -> None:
    """Nobody looks at the bar."""


def test_sixty_tampered_bundles_are_refused_before_a_tree_is_read(
    bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = bundle.save(tmp_path / "bundles")
    found = tamper(folder, tmp_path, 60, seed=3, advance=unmoved)
    assert sum(tried for tried, _ in found.values()) == 60
    assert all(tried == refused for tried, refused in found.values())
    assert set(found) == {way for way, _ in WAYS}

    def read(files: object) -> None:
        raise AssertionError("a tree was read")

    monkeypatch.setattr(bundle_module, "parse", read)
    (folder / "extra").touch()
    with pytest.raises(BundleError, match="extra"):
        Bundle.load(folder)


def test_three_kills_while_promoting_leave_a_whole_model_and_the_one_before_it(bundle: Bundle, tmp_path: Path) -> None:
    folder = bundle.save(tmp_path / "bundles")
    assert kill(bundle.book, folder, tmp_path / "home", 3, seed=5, advance=unmoved) == (3, 3)


def test_the_other_model_of_the_drill_answers_otherwise(bundle: Bundle) -> None:
    other = other_than(bundle)
    assert other.version != bundle.version
    assert (other.predict(other.golden).lifetime_value > bundle.predict(bundle.golden).lifetime_value).all()
    assert replace(other, models=bundle.models).with_golden_scores().version == bundle.version


def test_an_answer_counts_as_mixed_unless_it_is_what_its_version_says() -> None:
    found, expected = Found(), {"a": {"c": {"model_version": "a", "value": 1}}, "b": {}}
    for answer in ({"model_version": "a", "value": 1}, {"model_version": "a", "value": 2}, {"model_version": "b"}):
        _note(found, 200, answer, expected, "c", 1.0)
    _note(found, 503, {}, expected, "c", 1.0)
    assert (found.whole, found.mixed, found.failed) == (1, 2, 1)


def test_a_drill_keeps_to_a_ledger_of_its_own_wherever_the_books_is(
    in_the_shop: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, asked = tmp_path / "real.db", list[Task]()
    monkeypatch.setenv("TIERWISE_LEDGER", f"sqlite:///{real}")

    def practise(engine: Engine, task: Task, folder: Path, *_: object) -> Found:
        monkeypatch.chdir(folder)
        engine = task.live()()
        answered(engine, RecommendationRequest(customers=[Customer(customer_id="c001")]), Metrics())
        assert engine.ledger.kept_of("c001", 5)
        engine.ledger.close()
        asked.append(task)
        return Found(milliseconds=[1.0], promotions=1)

    monkeypatch.setattr("serving.drill.door.swap", practise)
    drill("corner_shop.toml", tamperings=0, kills=0, promotions=1)
    assert len(asked) == 1
    assert not real.exists()
