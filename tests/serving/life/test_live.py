import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.events import Event
from data.handover import Customer
from data.ingest.opening import compact
from data.store.tombstone_file import bury
from serving import live as live_module
from serving.degraded import OTHER_PLAN
from serving.engine import Engine
from serving.errors import ServingError
from serving.live import Live, refusal_of
from serving.plan import promote as promote_plan
from serving.schema import RecommendationRequest
from training.bundle import Bundle
from training.errors import BundleError
from training.manifest import read_verified, write_whole
from training.shelf import make_current, point_to, promote, shelf

Opened = Callable[[Path], Live]


def answered(live: Callable[[], Engine], customer: str = "c001") -> dict[str, Any]:
    return live().answer(RecommendationRequest(customers=[Customer(customer_id=customer)]))[0].to_dict()


def test_a_promoted_model_answers_after_the_next_look(live_of: Opened, own: Path, other: Bundle) -> None:
    """Its canary included."""
    live = live_of(own)
    before = answered(live)
    promote(other, own)
    assert answered(live) == before, "nothing changes before somebody looks"
    assert live.look()
    assert answered(live)["model_version"] == other.version
    assert answered(live)["lifetime_value"]["value"] > before["lifetime_value"]["value"]
    assert OTHER_PLAN.code in answered(live)["degraded"]
    assert live.refused is None
    assert not live.look()


def test_a_request_that_began_goes_on_with_the_engine_it_took(
    live_of: Opened, own: Path, other: Bundle, untried: None
) -> None:
    live = live_of(own)
    taken, before = live(), answered(live)
    promote(other, own)
    live.look()
    assert answered(lambda: taken) == before


def test_a_rollback_brings_the_former_answers_back(live_of: Opened, own: Path, other: Bundle, untried: None) -> None:
    live = live_of(own)
    before = answered(live)
    promote(other, own)
    live.look()
    point_to(other.book, live().plan.model_version, own)  # type: ignore[union-attr]
    live.look()
    assert answered(live) == before


def test_a_model_is_given_the_latest_plan_of_its_own(
    live_of: Opened, own: Path, other: Bundle, engine: Engine, untried: None
) -> None:
    live = live_of(own)
    assert engine.plan is not None
    for days in (0, 1, 2):
        replace(engine.plan, model_version=other.version, cutoff=engine.plan.cutoff - 86_400_000_000 * days).save(own)
    promote(other, own)
    live.look()
    assert live().plan == replace(engine.plan, model_version=other.version)
    assert OTHER_PLAN.code not in answered(live)["degraded"]


def test_another_plan_is_taken_up_too(live_of: Opened, own: Path, engine: Engine) -> None:
    live = live_of(own)
    assert engine.plan is not None
    later = replace(engine.plan, cutoff=engine.plan.cutoff + 1)
    later.save(own)
    promote_plan(later, own, later.cutoff)
    assert live.look()
    assert answered(live)["plan_version"] == later.version


def test_a_damaged_plan_leaves_the_standing_one(live_of: Opened, own: Path, engine: Engine) -> None:
    live = live_of(own)
    (own / engine.book.name / "plans" / "current").write_text("0123456789abcdef")
    live.look()
    assert live().plan == engine.plan
    assert live.refused is not None
    assert "cannot be read" in live.refused


def test_a_compacted_store_is_taken_up_with_its_events(live_of: Opened, own: Path) -> None:
    live = live_of(own)
    store = live().store
    time = store.events("c001")[-1].time
    store.inbox.append([Event("c001", time, "order", amount=500.0, order_id="big")])
    with_event = answered(live)
    compact(live().book, own)
    assert live.look()
    assert live().store is not store
    assert answered(live) == with_event


def damaged(folder: Path) -> None:
    file = folder / "churn.txt"
    file.write_bytes(file.read_bytes().replace(b"leaf_value=", b"leaf_value=1", 1))


def strange(change: dict[str, bytes]) -> Callable[[Path], str]:
    def made(folder: Path) -> str:
        files = read_verified(folder)
        content = files["bundle.json"]
        for old, new in change.items():
            assert old.encode() in content
            content = content.replace(old.encode(), new)
        return write_whole({**files, "bundle.json": content}, folder.parent).name

    return made


def test_a_tampered_model_is_refused_and_the_old_one_goes_on(
    live_of: Opened, own: Path, other: Bundle, caplog: pytest.LogCaptureFixture
) -> None:
    live = live_of(own)
    before = answered(live)
    damaged(promote(other, own))
    assert live.look()
    assert answered(live) == before
    assert live.refused is not None
    assert "churn.txt was changed" in live.refused
    assert refusal_of(live) == live.refused
    assert not live.look(), "it is not tried again until its pointer moves"
    assert caplog.text.count("churn.txt was changed") == 1
    shutil.rmtree(shelf(other.book, own) / other.version)
    promote(other, own)
    live.look()
    assert (answered(live)["model_version"], live.refused) == (other.version, None)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({'"format": 5': b'"format": 4'}, "format 4"),
        ({'"book": "corner_shop"': b'"book": "other_shop"'}, "is of book other_shop"),
        ({'"settings": "': b'"settings": "0'}, "changed since its model was trained"),
    ],
)
def test_a_model_that_does_not_fit_is_refused(
    live_of: Opened, own: Path, bundle: Bundle, change: dict[str, bytes], words: str, untried: None
) -> None:
    live = live_of(own)
    make_current(bundle.book, strange(change)(shelf(bundle.book, own) / bundle.version), own)
    live.look()
    assert live().bundle.version == bundle.version
    assert live.refused is not None
    assert words in live.refused


def test_a_model_whose_canary_dies_is_refused_and_the_forgotten_are_heard_all_the_same(
    live_of: Opened, own: Path, other: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    def dies(folder: Path) -> None:
        raise BundleError(f"bundle {folder}: its canary was killed by signal 11; it is not loaded")

    live = live_of(own)
    bundle, store = live().bundle, live().store
    monkeypatch.setattr(live_module, "try_out", dies)
    promote(other, own)
    bury("c089", other.book, own, recorded="2024-05-19", by="Li Wei", reason="asked us to")
    live.look()
    assert live().bundle is bundle
    assert live().store is not store
    assert live.refused is not None
    assert "signal 11" in live.refused


def test_a_model_that_was_tried_out_once_is_not_tried_again(
    live_of: Opened, own: Path, bundle: Bundle, other: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = []
    monkeypatch.setattr(live_module, "try_out", tried.append)
    live = live_of(own)
    for each in (other, bundle, other):
        promote(each, own)
        live.look()
    assert [folder.name for folder in tried] == [other.version]


def test_where_the_first_model_is_refused_the_one_before_it_answers(
    live_of: Opened, own: Path, bundle: Bundle, other: Bundle
) -> None:
    make_current(bundle.book, bundle.version, own)
    damaged(promote(other, own))
    live = live_of(own)
    assert live().bundle.version == bundle.version
    assert live.refused is not None
    assert "churn.txt was changed" in live.refused


def test_where_no_model_can_answer_the_current_ones_obstacle_is_told(shop: Path, own: Path, bundle: Bundle) -> None:
    damaged(shelf(bundle.book, own) / bundle.version)
    with pytest.raises(BundleError, match=r"churn\.txt was changed"):
        Live(str(shop / "corner_shop.toml"), own, every=None)()


def test_without_a_book_it_says_what_to_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIERWISE_BOOK", raising=False)
    with pytest.raises(ServingError, match="TIERWISE_BOOK"):
        Live()()


def test_five_swaps_while_others_ask_fail_nobody_and_mix_nothing(
    shop: Path, own: Path, bundle: Bundle, other: Bundle, untried: None
) -> None:
    live = Live(str(shop / "corner_shop.toml"), own, every=0.01)
    expected = {bundle.version: answered(live)}
    swapped, found, ended = threading.Event(), [], threading.Event()

    def ask() -> None:
        while not ended.is_set():
            found.append(answered(live))

    def wait_for(version: str) -> None:
        while live().bundle.version != version:
            swapped.wait(0.01)

    askers = [threading.Thread(target=ask) for _ in range(2)]
    for asker in askers:
        asker.start()
    try:
        for each in (other, bundle, other, bundle, other):
            promote(each, own)
            wait_for(each.version)
            expected.setdefault(each.version, answered(live))
    finally:
        ended.set()
        for asker in askers:
            asker.join()
        live.close()
        live().ledger.close()
    assert {answer["model_version"] for answer in found} == {bundle.version, other.version}
    assert all(answer == expected[answer["model_version"]] for answer in found)
