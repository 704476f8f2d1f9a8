from dataclasses import replace
from pathlib import Path

import numpy as np
import optuna
import pytest

from training import tuning
from training.boosting import Validation
from training.sample import Sample
from training.tuning import Search, tune

SAMPLE = Sample(*(np.zeros(1),) * 3, *(np.zeros(1, np.int64),) * 2, (), ())


@pytest.fixture(autouse=True)
def a_cheap_loss(monkeypatch: pytest.MonkeyPatch) -> None:
    def loss(target: str, sample: Sample, chosen: dict[str, float], seed: int) -> Validation:
        return Validation(abs(chosen["num_leaves"] - 12) + chosen["feature_fraction"], 1, *(np.zeros(1),) * 2)

    monkeypatch.setattr(tuning, "cross_validate", loss)


def search(study: Path, trials: int, seed: int = 3) -> dict[str, float | int]:
    return tune("churn", SAMPLE, Search(trials, seed, study), lambda step: None)


def test_no_trials_take_the_defaults_and_touch_no_file(tmp_path: Path) -> None:
    assert search(tmp_path / "s.db", 0) == {}
    assert not list(tmp_path.iterdir())


def test_an_interrupted_search_finds_the_winner_of_an_uninterrupted_one(tmp_path: Path) -> None:
    whole = search(tmp_path / "whole.db", 9)
    for trials in (2, 5, 9):
        pieces = search(tmp_path / "pieces.db", trials)
    assert pieces == whole


def test_a_trial_that_was_cut_off_is_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = search(tmp_path / "whole.db", 5)
    search(tmp_path / "cut.db", 2)
    storage = f"sqlite:///{tmp_path / 'cut.db'}"
    (name,) = optuna.get_all_study_names(storage)
    optuna.load_study(study_name=name, storage=storage).ask()  # a kill leaves a trial that never ends
    assert search(tmp_path / "cut.db", 5) == whole


def test_fewer_trials_than_the_study_holds_judge_only_those(tmp_path: Path) -> None:
    first = search(tmp_path / "a.db", 3)
    search(tmp_path / "b.db", 8)
    assert search(tmp_path / "b.db", 3) == first


def test_another_question_takes_no_trial_of_the_first(tmp_path: Path) -> None:
    search(tmp_path / "s.db", 2)
    other = replace(SAMPLE, labels=np.ones(1))
    tune("churn", other, Search(2, 3, tmp_path / "s.db"), lambda step: None)
    assert len(optuna.get_all_study_names(f"sqlite:///{tmp_path / 's.db'}")) == 2


class Clock:
    """Every look at it finds it twenty seconds later."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def __call__(self) -> float:
        self.now += 20.0
        return self.now


def test_when_the_minutes_are_over_the_search_ends_with_the_trials_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning, "monotonic", Clock())
    told: list[str] = []
    found = tune("churn", SAMPLE, Search(40, 3, tmp_path / "s.db", minutes=1.5), told.append)
    assert len(told) == 4
    assert found == search(tmp_path / "whole.db", 4)
    more = tune("churn", SAMPLE, Search(7, 3, tmp_path / "s.db", minutes=60.0), told.append)
    assert more == search(tmp_path / "whole.db", 7)
    assert len(told) == 7


def test_without_any_minute_one_trial_is_made_all_the_same(tmp_path: Path) -> None:
    found = tune("churn", SAMPLE, Search(40, 3, tmp_path / "s.db", minutes=0.0), lambda step: None)
    assert found == search(tmp_path / "whole.db", 1)


def test_targets_share_the_minutes_and_not_the_trials() -> None:
    assert Search(40, minutes=9.0).shared(3) == Search(40, minutes=3.0)
    assert Search(40).shared(3) == Search(40)
