"""Plans on disk."""

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
    percent={"diamond": 5.0, "gold": 20.0, "silver": 50.0},
    cuts={"diamond": None, "gold": 9.25, "silver": 0.1},
    counts={"diamond": 0, "gold": 1, "silver": 1, "bronze": 1},
)


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
    assert promote(PLAN, tmp_path)
    assert not promote(past, tmp_path)
    assert current_plan("shop", tmp_path) == PLAN
    assert promote(retrained, tmp_path), "another model's plan never assigns this model's scores"
    assert current_plan("shop", tmp_path) == retrained


def test_saving_leaves_nothing_but_the_plan(tmp_path: Path) -> None:
    PLAN.save(tmp_path)
    promote(PLAN, tmp_path)
    assert {file.name for file in (tmp_path / "shop" / "plans").iterdir()} == {
        f"{PLAN.version}.json",
        "current",
    }
