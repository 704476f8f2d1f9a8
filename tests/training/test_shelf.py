from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.world import bundle
from training.errors import BundleError
from training.shelf import current_bundle, current_version, list_in_bentoml, promote


def test_the_promoted_bundle_is_the_current_one(tmp_path: Path) -> None:
    promote(bundle(), tmp_path)
    other = replace(bundle(), cold_start={"lifetime_value": 1.0})
    promote(other, tmp_path)
    assert current_version("shop", tmp_path) == other.version
    assert current_bundle("shop", tmp_path).cold_start == {"lifetime_value": 1.0}


def test_a_book_without_a_bundle_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="run `python -m training fit` on it"):
        current_bundle("shop", tmp_path)


def test_a_bundle_is_listed_once_in_the_bentoml_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BENTOML_HOME", str(tmp_path / "bentoml"))
    monkeypatch.setenv("BENTOML_DO_NOT_TRACK", "true")
    folder = promote(bundle(), tmp_path)
    assert list_in_bentoml(folder, bundle(), tmp_path) == list_in_bentoml(folder, bundle(), tmp_path)
    (stored,) = (tmp_path / "bentoml" / "models" / "tierwise_shop").glob(f"{bundle().version}*")
    assert {file.name for file in folder.iterdir()} <= {file.name for file in stored.iterdir()}
