"""Learning the rungs between horizons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.boosting import LEAST_ROUNDS, cross_validate, fit_booster
from training.calibration import start_of
from training.ladder import Ladder, Rung
from training.sample import Sample

Floats = NDArray[np.float64]

SHARE = "share"
MOST_ROWS = 12_000
LEAST_ROWS = 200
SMALL: Mapping[str, float | int] = {"learning_rate": 0.1, "num_leaves": 8, "max_depth": 4}
"""A share says little that the score has not said already; a small forest is enough."""


@dataclass(frozen=True)
class Step:
    """A rung to be learnt: its two horizons and the sample whose labels are the shares, weighted by what is shared."""

    days: int
    neighbour: int
    sample: Sample


def step_of(days: int, neighbour: int, shorter: Sample, longer: Sample, *, money: bool) -> Step:
    """The step from `neighbour` to `days`, from the same rows labelled for the shorter and the longer horizon.

    Labels are money, or whether the event came.
    """
    if money:
        rows, weights = longer.labels > 0, longer.labels
        share = np.divide(shorter.labels, longer.labels, out=np.zeros(len(longer)), where=rows)
    elif days < neighbour:
        rows, weights, share = longer.labels > 0, np.ones(len(longer)), shorter.labels
    else:
        rows, weights, share = shorter.labels == 0, np.ones(len(longer)), 1.0 - longer.labels
    every = -(-int(rows.sum()) // MOST_ROWS) or 1
    kept = np.flatnonzero(rows & (longer.customers % every == 0))
    total = weights[kept].mean() if len(kept) else 1.0
    return Step(days, neighbour, longer.rows(kept, share[kept], weights[kept] / total))


def fit_ladders(
    steps: Mapping[str, tuple[Step, ...]], seed: int, advance: Callable[[str], None] = lambda _: None
) -> dict[str, Ladder]:
    """A ladder for every model that is asked for more than one horizon; `advance` is told of each rung."""
    ladders = {}
    for name, wanted in steps.items():
        rungs = []
        for step in wanted:
            advance(f"learning {name.replace('_', ' ')} at {step.days} days")
            rungs.append(_fit(step, seed))
        ladders[name] = Ladder(tuple(rungs))
    return ladders


def _fit(step: Step, seed: int) -> Rung:
    """The share that all have, and what trees add to it on customers whom they never saw."""
    sample = step.sample
    level = start_of(sample.labels, np.zeros(len(sample)), "logit", sample.weights)
    started = sample.starting_from(np.full(len(sample), level))
    if len(sample) < LEAST_ROWS or np.ptp(sample.labels) == 0.0:
        return Rung(step.days, step.neighbour, None, level)
    held_out = cross_validate(SHARE, started, SMALL, seed)
    booster = fit_booster(SHARE, started, SMALL, max(held_out.rounds, LEAST_ROUNDS), seed)
    return Rung(
        step.days, step.neighbour, booster, start_of(sample.labels, held_out.link - level, "logit", sample.weights)
    )
