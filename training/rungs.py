"""Learning the rungs between horizons."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from training.boosting import LEAST_ROUNDS, cross_validate, fit_booster
from training.calibration import start_of
from training.horizons import Climb
from training.ladder import Ladder, Rung
from training.level import share_level
from training.sample import MONEY, Sample
from training.trees.forest import Forest

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


def step_of(climb: Climb, shorter: Sample, longer: Sample) -> Step:
    """What is to be learnt of a climb, from the same rows labelled for its shorter and for its longer horizon.

    The event of churn is the purchase that its labels say did not come.
    """
    soon, late = shorter.labels, longer.labels
    if climb.model == "churn":
        soon, late = 1.0 - soon, 1.0 - late
    weights = np.ones(len(late))
    if climb.model in MONEY:
        rows, weights = late > 0, late
        share = np.divide(soon, late, out=np.zeros(len(late)), where=rows)
    elif climb.goes_up:
        rows, share = soon == 0, 1.0 - late
    else:
        rows, share = late > 0, soon
    every = -(-int(rows.sum()) // MOST_ROWS) or 1
    kept = np.flatnonzero(rows & (longer.customers % every == 0))
    scaled = weights[kept] / weights[kept].mean() if len(kept) else weights[kept]
    return Step(climb.days, climb.neighbour, longer.rows(kept, share[kept], scaled))


def fit_ladders(
    steps: Mapping[str, tuple[Step, ...]], cutoff: int, seed: int, advance: Callable[[str], None] = lambda _: None
) -> dict[str, Ladder]:
    """A ladder for every model that is asked for more than one horizon, to serve after `cutoff` (µs).

    `advance` is told of each rung.
    """
    ladders = {}
    for name, wanted in steps.items():
        rungs = []
        for step in wanted:
            advance(f"learning {name.replace('_', ' ')} at {step.days} days")
            rungs.append(_fit(step, cutoff, seed))
        ladders[name] = Ladder(tuple(rungs))
    return ladders


def _fit(step: Step, cutoff: int, seed: int) -> Rung:
    """The share that all have, and what trees add to it on customers whom they never saw."""
    sample = step.sample
    level = start_of(sample.labels, np.zeros(len(sample)), "logit", sample.weights)
    started = sample.starting_from(np.full(len(sample), level))
    if len(sample) < LEAST_ROWS or np.ptp(sample.labels) == 0.0:
        return Rung(step.days, step.neighbour, None, share_level(sample, np.zeros(len(sample)), cutoff))
    held_out = cross_validate(SHARE, started, SMALL, seed)
    booster = fit_booster(SHARE, started, SMALL, max(held_out.rounds, LEAST_ROUNDS), seed)
    trees = Forest(booster.model_to_string())
    return Rung(step.days, step.neighbour, trees, share_level(sample, held_out.link - level, cutoff))
