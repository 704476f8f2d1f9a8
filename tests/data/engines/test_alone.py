"""Outputs that several jobs want to write."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.engines.alone import sweep_parts, writing_alone
from data.engines.parts import Parts
from data.errors import EngineError


def test_an_output_is_for_one_job_at_a_time(tmp_path: Path) -> None:
    out = tmp_path / "scores.csv"
    with (
        writing_alone(out),
        writing_alone(tmp_path / "other.csv"),
        pytest.raises(EngineError, match=r"scores\.csv: another job is writing it; wait until that is done"),
        writing_alone(out),
    ):
        pytest.fail("the work began")
    with pytest.raises(KeyError), writing_alone(out):
        raise KeyError
    assert list(tmp_path.iterdir()) == []


def test_what_jobs_have_left_is_swept_and_that_of_living_ones_stays(tmp_path: Path) -> None:
    living, left = (Parts.of(tmp_path / name / "f.csv", name) for name in ("living", "left"))
    for folder in ("living", "left"):
        (tmp_path / folder).mkdir()
    with pytest.raises(KeyError), left.at_work():
        raise KeyError
    with living.at_work():
        sweep_parts(tmp_path)
        assert list((tmp_path / "left").iterdir()) == []
        assert living.kept.folder.is_dir()
