from dataclasses import replace
from pathlib import Path

import pytest

from tests.training.world import bundle
from training import canary
from training.canary import answer, try_out
from training.errors import BundleError
from training.manifest import read_verified, write_whole

DIES = "import os, signal\nos.kill(os.getpid(), signal.SIGSEGV)\n"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle().save(tmp_path_factory.mktemp("bundles"))


def test_a_sound_bundle_is_answered_for_by_another_process(folder: Path) -> None:
    try_out(folder)


def test_golden_rows_with_other_scores_are_refused_by_their_target(tmp_path: Path) -> None:
    wrong = {**bundle().golden_scores, "churn": tuple(0.5 for _ in bundle().golden)}
    with pytest.raises(BundleError, match="other churn scores"):
        answer(replace(bundle(), golden_scores=wrong).save(tmp_path))


def test_what_the_other_process_says_of_a_refused_bundle_is_passed_on(tmp_path: Path) -> None:
    files = read_verified(bundle().save(tmp_path))
    with pytest.raises(BundleError, match="not readable"):
        try_out(write_whole({**files, "bundle.json": b"{}"}, tmp_path))


def test_a_canary_that_dies_or_dawdles_refuses(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "training"
    package.mkdir()
    (package / "__init__.py").touch()
    monkeypatch.setattr(canary, "ROOT", tmp_path)
    (package / "canary.py").write_text(DIES)
    with pytest.raises(BundleError, match="was killed by signal 11"):
        try_out(folder)
    (package / "canary.py").write_text("import time\ntime.sleep(60)\n")
    with pytest.raises(BundleError, match=r"gave no answer within 0\.5 s"):
        try_out(folder, seconds=0.5)
