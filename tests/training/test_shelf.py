import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.world import bundle
from training.errors import BundleError
from training.shelf import (
    KEPT,
    current_bundle,
    current_version,
    later_model,
    make_current,
    point_to,
    promote,
    saved_bundle,
    versions_before,
)


def test_the_promoted_bundle_is_the_current_one(tmp_path: Path) -> None:
    promote(bundle(), tmp_path)
    other = replace(bundle(), cold_start={"lifetime_value": 1.0})
    promote(other, tmp_path)
    assert current_version("shop", tmp_path) == other.version
    assert current_bundle("shop", tmp_path).cold_start == {"lifetime_value": 1.0}


def test_a_model_of_the_past_leaves_a_later_one_current(tmp_path: Path) -> None:
    past = replace(bundle(), cutoff=bundle().cutoff - 1)
    assert later_model(past, tmp_path) is None
    promote(bundle(), tmp_path)
    assert later_model(past, tmp_path) == bundle().version
    assert later_model(replace(bundle(), cutoff=bundle().cutoff + 1), tmp_path) is None
    assert later_model(replace(past, settings="another question"), tmp_path) is None


def test_a_book_without_a_bundle_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="run `python -m training fit` on it"):
        current_bundle("shop", tmp_path)


LISTED_TWICE = """
import sys
from pathlib import Path
from training.bundle import Bundle
from training.shelf import list_in_bentoml
folder, home = map(Path, sys.argv[1:])
tags = {list_in_bentoml(folder, Bundle.load(folder), home) for _ in range(2)}
assert len(tags) == 1, tags
"""


def test_a_bundle_is_listed_once_in_the_bentoml_store(tmp_path: Path) -> None:
    """In a process of its own: the store is where it stood when BentoML was first imported."""
    folder = promote(bundle(), tmp_path)
    asked = {**os.environ, "BENTOML_HOME": str(tmp_path / "bentoml"), "BENTOML_DO_NOT_TRACK": "true"}
    subprocess.run([sys.executable, "-c", LISTED_TWICE, folder, tmp_path], check=True, env=asked, cwd=Path.cwd())
    (stored,) = (tmp_path / "bentoml" / "models" / "tierwise_shop").glob(f"{bundle().version}*")
    assert {file.name for file in folder.iterdir()} <= {file.name for file in stored.iterdir()}


def test_what_was_current_before_is_remembered_and_named_once(tmp_path: Path) -> None:
    for version in ("a", "b", "a", "c"):
        make_current("shop", version, tmp_path)
    assert versions_before("shop", tmp_path) == ["a", "b"]


def test_a_rollback_forgets_what_it_took_back_once_something_else_is_promoted(tmp_path: Path) -> None:
    for version in ("a", "b", "c"):
        make_current("shop", version, tmp_path)
    point_to("shop", "b", tmp_path)
    assert versions_before("shop", tmp_path) == ["a"]
    make_current("shop", "d", tmp_path)
    assert versions_before("shop", tmp_path) == ["b", "a"]


def test_a_kill_between_history_and_pointer_leaves_the_old_version_with_what_was_before_it(tmp_path: Path) -> None:
    for version in ("a", "b", "c"):
        make_current("shop", version, tmp_path)
    point_to("shop", "b", tmp_path)
    assert (current_version("shop", tmp_path), versions_before("shop", tmp_path)) == ("b", ["a"])


def test_only_so_many_promotions_are_remembered(tmp_path: Path) -> None:
    for number in range(KEPT + 5):
        make_current("shop", f"v{number}", tmp_path)
    assert len(versions_before("shop", tmp_path)) == KEPT - 1


def test_a_pointer_without_a_history_has_nothing_before_it(tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    point_to("shop", "a", tmp_path)
    assert versions_before("shop", tmp_path) == []
    make_current("shop", "b", tmp_path)
    assert versions_before("shop", tmp_path) == ["a"]


def test_a_version_that_nobody_saved_is_told_with_those_that_are(tmp_path: Path) -> None:
    promote(bundle(), tmp_path)
    with pytest.raises(BundleError, match=f"no model ../etc; its models are {bundle().version}"):
        saved_bundle("shop", "../etc", tmp_path)
