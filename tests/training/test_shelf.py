import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.world import bundle
from training.errors import BundleError
from training.shelf import current_bundle, current_version, later_model, promote


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
