"""Plans on disk."""

import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from serving.errors import PlanError
from serving.plan import Plan, current_plan, load_plan, promote

PLAN = Plan(
    policy="value_percentile",
    book="shop",
    model_version="m1",
    cutoff=1_000,
    currency="EUR",
    horizon_days=91,
    customers=3,
    settings={"diamond": 5.0, "gold": 20.0, "silver": 50.0},
    learnt={
        "percent": {"diamond": 5.0, "gold": 20.0, "silver": 50.0},
        "cuts": {"diamond": None, "gold": 9.25, "silver": 0.1},
    },
    moves={},
    stability={"margin": 0.1, "return_margin": 0.3, "return_days": 62, "stay_days": 0},
    counts={"diamond": 0, "gold": 1, "silver": 1, "bronze": 1},
)

LATEST = PLAN.cutoff


def test_a_saved_plan_is_the_same_plan_when_loaded(tmp_path: Path) -> None:
    file = PLAN.save(tmp_path)
    assert file.name == f"{PLAN.version}.json"
    assert load_plan(file) == PLAN
    assert load_plan(file).version == PLAN.version


def test_a_changed_plan_is_refused(tmp_path: Path) -> None:
    file = PLAN.save(tmp_path)
    file.write_bytes(file.read_bytes().replace(b"9.25", b"1.25"))
    with pytest.raises(PlanError, match="was changed"):
        load_plan(file)


def test_a_missing_plan_file_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="python -m serving score"):
        load_plan(tmp_path / "none.json")


def test_a_book_that_was_never_scored_has_no_plan(tmp_path: Path) -> None:
    assert current_plan("shop", tmp_path) is None


def test_scoring_the_past_does_not_change_the_current_plan(tmp_path: Path) -> None:
    past, retrained = replace(PLAN, cutoff=500), replace(PLAN, cutoff=500, model_version="m2")
    for plan in (PLAN, past, retrained):
        plan.save(tmp_path)
    assert promote(PLAN, tmp_path, LATEST)
    assert not promote(past, tmp_path, LATEST)
    assert current_plan("shop", tmp_path) == PLAN
    assert promote(retrained, tmp_path, LATEST), "another model's plan never assigns this model's scores"
    assert current_plan("shop", tmp_path) == retrained


def test_saving_leaves_nothing_but_the_plan(tmp_path: Path) -> None:
    PLAN.save(tmp_path)
    promote(PLAN, tmp_path, LATEST)
    assert {file.name for file in (tmp_path / "shop" / "plans").iterdir()} == {
        f"{PLAN.version}.json",
        "current",
    }


def test_a_plan_of_the_future_gives_way_to_the_next_one(tmp_path: Path) -> None:
    future = replace(PLAN, cutoff=LATEST + 1)
    for plan in (PLAN, future):
        plan.save(tmp_path)
        assert promote(plan, tmp_path, LATEST)
    assert current_plan("shop", tmp_path) == future
    assert promote(PLAN, tmp_path, LATEST)
    assert current_plan("shop", tmp_path) == PLAN


@pytest.mark.parametrize("damage", [b"", b"\xff\x00", b"../../elsewhere", b"0123456789abcdef"])
def test_a_damaged_pointer_is_told_and_gives_way_to_a_new_plan(tmp_path: Path, damage: bytes) -> None:
    PLAN.save(tmp_path)
    promote(PLAN, tmp_path, LATEST)
    (tmp_path / "shop" / "plans" / "current").write_bytes(damage)
    with pytest.raises(PlanError, match="python -m serving score"):
        current_plan("shop", tmp_path)
    assert promote(PLAN, tmp_path, LATEST)
    assert current_plan("shop", tmp_path) == PLAN


def test_a_damaged_plan_is_told_and_gives_way_to_a_new_one(tmp_path: Path) -> None:
    file = PLAN.save(tmp_path)
    promote(PLAN, tmp_path, LATEST)
    file.write_bytes(b"{")
    with pytest.raises(PlanError, match="was changed"):
        current_plan("shop", tmp_path)
    PLAN.save(tmp_path)
    assert promote(PLAN, tmp_path, LATEST)
    assert current_plan("shop", tmp_path) == PLAN


def test_a_plan_of_another_form_is_told_in_words(tmp_path: Path) -> None:
    content = b'{"policy": "other"}'
    file = tmp_path / f"{hashlib.sha256(content).hexdigest()[:16]}.json"
    file.write_bytes(content)
    with pytest.raises(PlanError, match="another version of this program"):
        load_plan(file)


def test_drafts_of_killed_processes_are_swept_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    folder = tmp_path / "shop" / "plans"
    folder.mkdir(parents=True)
    left, living = folder / f".{PLAN.version}.json.{gone.pid}", folder / f".{PLAN.version}.json.1"
    for draft in (left, living):
        draft.touch()
    PLAN.save(tmp_path)
    assert not left.exists()
    assert living.exists()
