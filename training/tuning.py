"""A search for LightGBM's parameters that can be stopped, resumed and repeated."""

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING, Any

from training.boosting import cross_validate
from training.errors import TrainingError
from training.sample import Sample, fingerprint

if TYPE_CHECKING:
    import optuna


@dataclass(frozen=True)
class Search:
    """How long to tune, with which seed, and the SQLite file that remembers the trials.

    `minutes` bounds the tuning of all targets together; None: only `trials` does.
    """

    trials: int = 0
    seed: int = 0
    study: Path = Path("study.db")
    minutes: float | None = None

    def shared(self, targets: int) -> "Search":
        """The search of each of so many targets: they share the time."""
        return self if self.minutes is None else replace(self, minutes=self.minutes / targets)


def tune(target: str, sample: Sample, search: Search, advance: Callable[[str], None]) -> dict[str, float | int]:
    """The parameters with the smallest validation loss after `search.trials` finished trials.

    Trials are kept in the SQLite file `search.study` under the digest of the sample and the seed: a search that was
    cut off goes on where it was, and another question never takes its trials.
    Each trial has a sampler of its own, seeded by the seed and the number of finished trials, so the winner
    does not depend on how often the search was interrupted. `advance` is told of each trial. When the minutes are
    over, the search ends with the trials it has: then the winner depends on the speed of the machine.
    """
    if search.trials <= 0:
        return {}
    optuna = _optuna()
    search.study.parent.mkdir(parents=True, exist_ok=True)
    name = f"{target}-{search.seed}-{fingerprint(sample)[:32]}"
    record = optuna.create_study(study_name=name, storage=f"sqlite:///{search.study}", load_if_exists=True)
    ends = monotonic() + 60.0 * search.minutes if search.minutes is not None else math.inf
    while (done := len(_finished(record))) < search.trials and (monotonic() < ends or not done):
        record.sampler = optuna.samplers.TPESampler(seed=search.seed * 100_003 + done, n_startup_trials=4)
        advance(f"tuning {target}, trial {done + 1} of {search.trials}{_so_far(record)}")
        record.optimize(lambda trial: cross_validate(target, sample, _propose(trial), search.seed).loss, n_trials=1)
    best = min(_finished(record)[: search.trials], key=lambda trial: (trial.value, trial.number))
    return dict(best.params)


def _so_far(record: "optuna.Study") -> str:
    found = [trial.value for trial in _finished(record) if trial.value is not None]
    return f", best loss {min(found):.5g}" if found else ""


def _propose(trial: "optuna.Trial") -> dict[str, float | int]:
    return {
        "num_leaves": trial.suggest_int("num_leaves", 6, 31),
        "min_data_in_leaf": trial.suggest_int("min_data_in_leaf", 30, 300, log=True),
        "feature_fraction": trial.suggest_float("feature_fraction", 0.2, 0.8),
        "bagging_fraction": trial.suggest_float("bagging_fraction", 0.5, 0.9),
        "lambda_l2": trial.suggest_float("lambda_l2", 0.5, 100.0, log=True),
    }


def _finished(record: "optuna.Study") -> "list[optuna.trial.FrozenTrial]":
    complete = _optuna().trial.TrialState.COMPLETE
    return [trial for trial in record.get_trials(deepcopy=False) if trial.state == complete]


def _optuna() -> Any:
    try:
        import optuna
    except ModuleNotFoundError as error:
        raise TrainingError("tuning needs the extra `tune`: pip install 'tierwise[tune]', or use --trials 0") from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    return optuna
